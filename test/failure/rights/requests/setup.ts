// The fixture on which the rights of requested runs are tried: Carmila published, a what-if forecast published from its
// input, and messages that lie still.
import assert from 'node:assert/strict';
import { API_AUDIENCE } from '../../../../shared/api/audience.ts';
import { LOAD_REQUESTED, requestsBucketOf, RUN_REQUESTED } from '../../../../shared/deployment.ts';
import { gcsStore } from '../../../../shared/google/storage.ts';
import { toJson } from '../../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../../shared/objects/store.ts';
import type { DispatchState } from '../../../../shared/requests/dispatch.ts';
import {
  contentObject,
  dispatchObject,
  dispatchPrefix,
  jobIdOf,
  numberOfDispatch,
  ownerOf,
  parseJobId,
  queueObject,
  queuePrefix,
} from '../../../../shared/requests/names.ts';
import { outcomeObject, outputFolder, startedObject } from '../../../../shared/runs/names.ts';
import { bearerOf } from '../../../mesh/invokers.ts';
import { nextId } from '../../../mesh/operator-commands.ts';
import { objectsIn, openSetup, pushOn, type Answer, type RightsSetup } from '../setup.ts';
import { isWell } from '../work.ts';

export const WHAT_IF = 'forecast-what-if';
export const WHAT_IF_JOB = `${WHAT_IF}-forecast`;
const ANA = 'ana@example.com';
const PARAMETERS = { horizon_days: 7 };
/** The published run's key: the same key again is the same job. */
export const KEY = 'published';
const LONGEST_JOB_SECONDS = 120;
const MOST = 1000;

export interface ApiAnswer extends Answer {
  readonly location: string;
}

export interface RequestsSetup extends RightsSetup {
  readonly requests: ObjectStore;
  /** The requested run that was published. */
  readonly ended: string;
  /** A call of the API as a person whom the stack lists. */
  api(name: 'accept-requests' | 'read-requests', call: string, sent?: Sent): Promise<ApiAnswer>;
  /** Requests a run over the API. */
  request(key?: string): Promise<ApiAnswer>;
  /** A run that waits in the queue. */
  accepted(): Promise<string>;
  /** A decision of the dispatch, as an earlier one. */
  decided(n: number, slots?: readonly string[]): Promise<void>;
  /** The numbers of the decisions that are kept. */
  decisions(): Promise<readonly (number | undefined)[]>;
  /** Makes the published run one that an operator holds. */
  hold(): Promise<void>;
  deliver(name: 'start-run' | 'publish-output', message: object): Promise<Answer>;
  isQueued(run: string): Promise<boolean>;
}

export interface Sent {
  readonly body?: object;
  readonly key?: string;
}

const TOPICS: Readonly<Record<'start-run' | 'publish-output', string>> = {
  'start-run': RUN_REQUESTED,
  'publish-output': LOAD_REQUESTED,
};

export async function openRequests(): Promise<RequestsSetup> {
  // The job's own work is tried too, with the system's XGBoost where there is one.
  const setup = await openSetup({ [`${WHAT_IF}:xgboostLibrary`]: '' });
  try {
    return await publishedOn(setup);
  } catch (error) {
    await setup.mesh.close();
    throw error;
  }
}

async function publishedOn(setup: RightsSetup): Promise<RequestsSetup> {
  const { mesh } = setup;
  const { cloud, runs } = mesh;
  const google = { GOOGLE_CLOUD_PROJECT: cloud.projectId, GOOGLE_API_ENDPOINT: cloud.endpoint };
  const requests = gcsStore(requestsBucketOf(cloud.projectId), google);
  const calls = callsOn(setup);
  const push = pushOn(mesh);
  const deliver: RequestsSetup['deliver'] = (name, message) => push(name, TOPICS[name], message);
  const ended = await publishOne(setup, calls, deliver);
  const { results } = mesh;
  const own = { runs: objectsIn(runs), requests: objectsIn(requests), results: objectsIn(results) };
  const outcome = await textOf(runs, outcomeObject(WHAT_IF, ended));
  const content = await textOf(requests, contentObject(WHAT_IF, ended));
  const written = await filesOf(results, ended);
  return {
    ...setup,
    ...calls,
    requests,
    ended,
    deliver,
    isQueued: async (run) => (await requests.info(queueObject(WHAT_IF, run))) !== undefined,
    decided: (n, slots = []) => own.requests.write(dispatchObject(WHAT_IF, n), toJson(decisionOf(n, slots))),
    decisions: async () =>
      (await requests.list(dispatchPrefix(WHAT_IF), MOST)).map(({ name }) => numberOfDispatch(name)),
    hold: () =>
      own.runs.write(
        outcomeObject(WHAT_IF, ended),
        toJson({ ...(JSON.parse(outcome) as object), outcome: 'held', code: 'HELD_BY_OPERATOR' }),
      ),
    async reset() {
      for (const { name, state } of cloud.jobs.executions()) if (state === 'running') cloud.jobs.cancel(name);
      for (const prefix of [queuePrefix(WHAT_IF), dispatchPrefix(WHAT_IF)])
        for (const { name } of await requests.list(prefix, MOST)) await own.requests.remove(name);
      await own.requests.write(contentObject(WHAT_IF, ended), content);
      for (const [name, text] of written)
        if ((await textOf(results, name)) !== text) await own.results.write(name, text);
      await own.runs.write(outcomeObject(WHAT_IF, ended), outcome);
      await setup.reset();
    },
  };
}

function callsOn({ mesh }: RightsSetup): Pick<RequestsSetup, 'api' | 'request' | 'accepted'> {
  const api: RequestsSetup['api'] = async (name, call, { body, key } = {}) => {
    const [method = 'GET', path = ''] = call.split(' ');
    const headers = {
      authorization: await bearerOf(mesh, ANA, API_AUDIENCE),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const url = `${mesh.cloud.functionUrl(name)}${path}`;
    const answer = await fetch(url, { method, headers, redirect: 'manual', ...sent });
    const location = answer.headers.get('location') ?? '';
    return { status: answer.status, text: await answer.text(), location };
  };
  const request = (key = nextId()) =>
    api('accept-requests', 'POST /pipeline/run', {
      body: { pipeline: WHAT_IF, parameters: PARAMETERS },
      key,
    });
  return {
    api,
    request,
    async accepted() {
      const answer = await request();
      assert.equal(answer.status, 202, answer.text);
      return runIn(answer);
    },
  };
}

const runIn = ({ text }: Answer): string =>
  parseJobId((JSON.parse(text) as { job_id: string }).job_id)?.run ?? '';

/** From the request to the outcome, as the messages would do it. */
async function publishOne(
  { mesh: { cloud, runs } }: RightsSetup,
  { request }: Pick<RequestsSetup, 'request'>,
  deliver: RequestsSetup['deliver'],
): Promise<string> {
  const answer = await request(KEY);
  assert.equal(answer.status, 202, answer.text);
  const run = runIn(answer);
  const work = async (name: keyof typeof TOPICS, message: object) => {
    const done = await deliver(name, { pipeline: WHAT_IF, run, ...message });
    assert.ok(isWell(done), done.text);
  };
  await work('start-run', {});
  const { execution } = JSON.parse(await textOf(runs, startedObject(WHAT_IF, run, 1))) as {
    execution: string;
  };
  await cloud.jobs.settled(execution, LONGEST_JOB_SECONDS);
  await work('publish-output', { attempt: 1 });
  await work('start-run', {});
  const outcome = JSON.parse(await textOf(runs, outcomeObject(WHAT_IF, run))) as Record<string, unknown>;
  assert.equal(outcome['outcome'], 'published', JSON.stringify(outcome));
  return run;
}

function decisionOf(n: number, slots: readonly string[]): DispatchState {
  const at = new Date().toISOString();
  return {
    ...{ n, token: 'setup', at, deficits: {}, cursor: null, history: [] },
    slots: slots.map((run) => ({ run, attempt: 1, owner: ownerOf(run) ?? '', cost: 0.01, since: at })),
    spending: { day: at.slice(0, 10), owners: {} },
  };
}

/** What its attempt wrote, which an erasing takes away. */
async function filesOf(results: ObjectStore, run: string): Promise<ReadonlyMap<string, string>> {
  const listed = await results.list(outputFolder(WHAT_IF, run, 1), MOST);
  const read = listed.map(async ({ name }) => [name, await textOf(results, name)] as const);
  return new Map(await Promise.all(read));
}

export const jobPathOf = (run: string, more = ''): string => `/pipeline/job/${jobIdOf(WHAT_IF, run)}${more}`;

async function textOf(store: ObjectStore, name: string): Promise<string> {
  const found = await store.readText(name, 1_000_000);
  assert.ok(found, `there is no ${name}`);
  return found.text;
}
