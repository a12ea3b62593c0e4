// The fixture on which each right is tried: a mesh that delivers no messages, and the states that a piece of work finds.
import assert from 'node:assert/strict';
import { fromInside } from '../../../local/functions/inside.ts';
import { toJson } from '../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import {
  executionObject,
  stateObject,
  leaseObject,
  outcomeObject,
  startedObject,
} from '../../../shared/runs/names.ts';
import { readState } from '../../../shared/runs/state.ts';
import {
  EXECUTION_FINISHED,
  LOAD_REQUESTED,
  RUN_REQUESTED,
  topicNameOf,
} from '../../../shared/deployment.ts';
import { isOptional, SUBSCRIPTION_NAMES } from '../../../shared/functions/subscriptions.ts';
import { editsOf } from '../../mesh/edits.ts';
import { good } from '../../mesh/folders.ts';
import { bearerOf } from '../../mesh/invokers.ts';
import { startMesh, type RunningMesh } from '../../mesh/start-mesh.ts';

export const OPERATOR = 'night@example.org';
export const PIPELINE = 'carmila';
export const JOB = `${PIPELINE}-forecast`;

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface RightsSetup {
  readonly mesh: RunningMesh;
  /** The run that was published, and stays so. */
  readonly published: string;
  /** Its execution, which has ended. */
  readonly execution: string;
  /** Posts a body to a function with a token of that identity. */
  call(name: string, email: string, body: unknown): Promise<Answer>;
  /** As Pub/Sub's push would bring it. */
  push(name: keyof typeof TOPICS, message: object): Promise<Answer>;
  /** Everything as after the first publication: no lease, no pause, no open run, no message on its way. */
  reset(): Promise<void>;
  /** Writes an object of the runs bucket, replacing one that exists. */
  put(name: string, value: object): Promise<void>;
  /** Changes the folder, so that a poll finds a run to request. */
  edit(): void;
  /** A run that was asked for a moment ago, and no more. */
  requested(): Promise<string>;
  lease(run: string, queued: string | null): Promise<void>;
  /** A run whose attempt was submitted, as the execution of the published run. */
  submitted(): Promise<string>;
  /** What readers see, to compare with. */
  whatIsPublished(): Promise<unknown>;
  exists(name: string): Promise<boolean>;
  remove(name: string): Promise<void>;
}

/** The functions framework reads the topic off the path of a push, and a function refuses another one's. */
const TOPICS = {
  'start-run': RUN_REQUESTED,
  'publish-output': LOAD_REQUESTED,
  'sweep-runs': EXECUTION_FINISHED,
} as const;

/** Those of a mesh in which no pipeline watches a bucket. */
export const SUBSCRIPTIONS = SUBSCRIPTION_NAMES.filter((name) => !isOptional(name));

/** As much of a mesh as a call of one of its functions needs. */
export type Near = Pick<RunningMesh, 'cloud'>;

export const accountOf = ({ cloud }: Near, name: string): string =>
  `sluice-${name}@${cloud.projectId}.iam.gserviceaccount.com`;

export const subscriptionPath = ({ cloud }: Near, name: string): string =>
  `projects/${cloud.projectId}/subscriptions/${name}`;

/** Publishes one run the ordinary way, so that everything works with all rights, and then stops the messages. */
export async function openSetup(config: Readonly<Record<string, string>> = {}): Promise<RightsSetup> {
  const mesh = await startMesh({
    countsMessages: true,
    config: {
      'sluice:operators': `user:${OPERATOR}`,
      'sluice:consoleOperators': `user:${OPERATOR}`,
      'sluice:minimumBackoff': '0s',
      // The job's own work is tried too, with the system's XGBoost where there is one.
      'carmila:xgboostLibrary': '',
      ...config,
    },
  });
  mesh.put(good());
  const report = await mesh.tick();
  assert.equal(report.outcome, 'published', report.reason);
  await mesh.cloud.pubsub.stop();
  const { run: published } = await mesh.newestRun();
  return setupOn(mesh, published, await textOf(mesh, outcomeObject(PIPELINE, published)));
}

/** Objects by their names, at whichever generation they are. */
export const objectsIn = (runs: ObjectStore) => ({
  async remove(name: string) {
    const info = await runs.info(name);
    if (info !== undefined) await runs.remove(name, info.generation);
  },
  async write(name: string, text: string) {
    const info = await runs.info(name);
    if (info === undefined) await runs.create(name, text, 'application/json');
    else await runs.replace(name, info.generation, text, 'application/json');
  },
});

/** Calls a function of the mesh as an identity. */
export const callOn =
  (mesh: Near) =>
  async (
    name: string,
    email: string,
    body: unknown,
    inside: Readonly<Record<string, string>> = {},
    path = '',
  ): Promise<Answer> => {
    const url = mesh.cloud.functionUrl(name);
    const authorization = await bearerOf(mesh, email, url);
    const headers = { ...inside, 'content-type': 'application/json', authorization };
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, text: await answer.text() };
  };

/** As Pub/Sub's push would bring a message of the topic. */
export function pushOn(mesh: Near) {
  const call = callOn(mesh);
  let deliveries = 0;
  return async (
    name: string,
    topic: string,
    message: object,
    attributes: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const data = Buffer.from(JSON.stringify(message)).toString('base64');
    const body = { message: { data, messageId: String(++deliveries), attributes }, subscription: 's' };
    let answer: Answer = { status: 0, text: '' };
    await fromInside(async ({ headers }) => {
      const path = `/${topicNameOf(mesh.cloud.projectId, topic)}`;
      answer = await call(name, accountOf(mesh, 'pubsub-invoker'), body, headers, path);
      return answer.status;
    })({ headers: {} });
    return answer;
  };
}

async function setupOn(mesh: RunningMesh, published: string, outcome: string): Promise<RightsSetup> {
  const { runs, cloud } = mesh;
  const { edit } = editsOf(() => mesh);
  const started = await textOf(mesh, startedObject(PIPELINE, published, 1));
  const { execution } = JSON.parse(started) as { execution: string };
  const at = new Date().toISOString();

  const { remove, write } = objectsIn(runs);
  const put = (name: string, value: object) => write(name, toJson(value));
  const call = callOn(mesh);
  const requested = async () => {
    edit();
    assert.equal(await mesh.fire('tick-carmila'), 200);
    return (await mesh.newestRun()).run;
  };
  const lease = (run: string, queued: string | null) =>
    put(leaseObject(PIPELINE), { token: 'setup', holder: { run, attempt: 1, since: at }, queued });
  const push = pushOn(mesh);

  return {
    mesh,
    published,
    execution,
    call,
    put,
    remove,
    edit,
    requested,
    lease,
    exists: async (name) => (await runs.info(name)) !== undefined,
    push: (name, message) => push(name, TOPICS[name], message),
    whatIsPublished: async () => [await mesh.published(), await mesh.ledger()],
    async submitted() {
      const run = await requested();
      const key = { pipeline: PIPELINE, run, attempt: 1, at };
      await put(executionObject(PIPELINE, run, 1), { ...key, token: 'setup' });
      await put(startedObject(PIPELINE, run, 1), { ...key, execution });
      return run;
    },
    async reset() {
      for (const { name, state } of cloud.jobs.executions()) if (state === 'running') cloud.jobs.cancel(name);
      await remove(leaseObject(PIPELINE));
      await write(outcomeObject(PIPELINE, published), outcome);
      const state = (await readState(runs, PIPELINE))?.value;
      if (state?.paused) await put(stateObject(PIPELINE), { ...state, paused: null });
      const newest = state?.request?.run ?? published;
      const ended = { pipeline: PIPELINE, run: newest, outcome: 'superseded', reason: 'set aside.', at };
      if (newest !== published)
        await runs.create(
          outcomeObject(PIPELINE, newest),
          toJson({ ...ended, attempt: 0, rows: null }),
          'application/json',
        );
      forgetMessages(mesh);
    },
  };
}

export function forgetMessages(mesh: Near, subscriptions: readonly string[] = SUBSCRIPTIONS): void {
  for (const name of subscriptions) mesh.cloud.pubsub.seek(subscriptionPath(mesh, name), Date.now() + 1000);
}

async function textOf({ runs }: RunningMesh, name: string): Promise<string> {
  const found = await runs.readText(name, 1_000_000);
  assert.ok(found, `there is no ${name}`);
  return found.text;
}
