// The first requests of the cold starts: what each function is asked most often, and what makes it load its heavy clients.
import { randomUUID } from 'node:crypto';
import { ASSERTION } from '../../shared/access/assertion.ts';
import { LOCAL_PROJECT } from '../../cli/local-mesh.ts';
import { OUTPUT_FINALIZED, RUN_REQUESTED } from '../../shared/deployment.ts';
import { SWEEP_CALL } from '../../shared/events/messages.ts';
import { commandIdOf } from '../../shared/commands/command.ts';
import { manifestObject } from '../../shared/runs/names.ts';
import type { Mesh } from '../mesh/start-mesh.ts';
import type { Request } from './start.ts';

export interface Case {
  readonly function: string;
  readonly says: string;
  readonly request: () => Request;
  /** Clears away what the request led to, so that the next one meets the same. */
  readonly after?: (body: string) => Promise<void>;
}

/** The most usual call of each function, over a mesh that has published `run` and has nothing to do. */
export function usualCases(mesh: Mesh, run: string): readonly Case[] {
  const pipeline = mesh.pipeline.name;
  const objectId = manifestObject(pipeline, run, 1);
  const finalized = { eventType: 'OBJECT_FINALIZE', bucketId: mesh.results.bucket, objectId };
  return [
    {
      function: 'detect-changes',
      says: 'a tick that finds no change',
      request: () => call({ pipeline }, /no-change/),
    },
    {
      function: 'start-run',
      says: 'a delivery that came twice',
      request: () => push(RUN_REQUESTED, { pipeline, run }),
    },
    {
      function: 'publish-output',
      says: 'an event that came twice',
      request: () => push(OUTPUT_FINALIZED, {}, finalized),
    },
    {
      function: 'sweep-runs',
      says: 'a sweep with nothing overdue',
      request: () => call(SWEEP_CALL, /"problems":\[\]/),
    },
    {
      function: 'handle-commands',
      says: 'a command that resumes a pipeline',
      request: () => call(commandOf('resume', pipeline), /"result":"(done|refused)"/),
    },
  ];
}

/** The console's first page, for a person whom the proxy has signed in. */
export const pageCase = (assertion: string): Case => ({
  function: 'console',
  says: 'the page Now',
  request: () => ({
    method: 'GET',
    path: '/',
    headers: { [ASSERTION]: assertion },
    body: {},
    isRight: (status, body) => status === 200 && body.includes('<main'),
  }),
});

/** The first use of Pub/Sub's client, and of Cloud Run's: a run is requested, and then started. */
export function firstUses(mesh: Mesh): readonly Case[] {
  const pipeline = mesh.pipeline.name;
  let run = '';
  return [
    {
      function: 'detect-changes',
      says: 'a change: a run is requested',
      request: () => call({ pipeline, nonce: randomUUID() }, /"kind":"requested"/),
      after: async (body) => void (run = (JSON.parse(body) as { run: string }).run),
    },
    {
      function: 'start-run',
      says: 'the run is frozen and started',
      request: () => push(RUN_REQUESTED, { pipeline, run }),
      after: () => freeLease(mesh),
    },
  ];
}

async function freeLease({ runs, pipeline }: Mesh): Promise<void> {
  const lease = await runs.info(`${pipeline.name}/lease.json`);
  if (lease === undefined) throw new Error('the run was not started: no run holds the lease');
  await runs.remove(lease.name, lease.generation);
}

const commandOf = (verb: string, pipeline: string) => ({
  verb,
  pipeline,
  reason: 'measuring',
  id: commandIdOf(Date.now(), randomUUID().slice(0, 8)),
});

/** The only one who may ask detect-changes for a run. */
const COMMAND_HANDLER = `sluice-handle-commands@${LOCAL_PROJECT}.iam.gserviceaccount.com`;

/** A call with the token that Cloud Run would have checked, and passed on without its signature. */
const call = (body: object, right: RegExp): Request => ({
  path: '/',
  headers: {
    authorization: `Bearer e30.${Buffer.from(JSON.stringify({ email: COMMAND_HANDLER })).toString('base64url')}.`,
  },
  body,
  isRight: (status, text) => status === 200 && right.test(text),
});

/** A message as Pub/Sub pushes it. */
const push = (topic: string, body: object, attributes: Readonly<Record<string, string>> = {}): Request => ({
  // The framework reads the topic's name off it.
  path: `/projects/p/topics/${topic}`,
  headers: {},
  body: {
    message: { data: Buffer.from(JSON.stringify(body)).toString('base64'), messageId: '1', attributes },
    subscription: 'projects/p/subscriptions/s',
  },
  isRight: (status) => status === 204,
});
