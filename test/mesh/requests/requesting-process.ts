// Runs in a copy of the tree with the sample pipeline that takes requests: puts entries into the queue as accept-requests
// does, and prints how each ended, as one line of JSON.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LOCAL_PROJECT, openMesh, REGION } from '../../../cli/local-mesh.ts';
import { auditBucketOf, requestsBucketOf, RUN_REQUESTED, runsBucketOf } from '../../../shared/deployment.ts';
import type { RunRequested } from '../../../shared/events/messages.ts';
import { topicPublisher } from '../../../shared/google/pubsub.ts';
import { gcsStore } from '../../../shared/google/storage.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { newestDecision } from '../../../shared/requests/decisions.ts';
import type { EntryMetadata, QueueEntry } from '../../../shared/requests/entry.ts';
import { queueObject, queuePrefix, requestedRunOf } from '../../../shared/requests/names.ts';
import { startedObject } from '../../../shared/runs/names.ts';
import { readOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import { until } from '../../waiting.ts';
import { deliveries, interfering } from '../deliveries.ts';

const PIPELINE = 'sleeps';
const root = mkdtempSync(join(tmpdir(), 'requests-'));
const folders = { data: join(root, 'data'), drive: join(root, 'drive') };
mkdirSync(folders.drive);
// How many messages met the mode of deliveries.
let struck = 0;
const cloud = await openMesh(folders, {
  env: { SLEEPS_CALLERS: 'domain:example.org', NAPS_CALLERS: 'domain:example.org' },
  config: { 'sluice:overdueSeconds': '0' },
  interference: interfering(deliveries, undefined, () => struck++),
  onLog: ({ from, text }) => process.stderr.write(`${from}: ${text}\n`),
});
await cloud.scheduler.stop();
process.env['GCE_METADATA_HOST'] = new URL(cloud.endpoint).host;
process.env['METADATA_SERVER_DETECTION'] = 'assume-present';
const config = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
const runs = gcsStore(runsBucketOf(LOCAL_PROJECT), config);
const requests = gcsStore(requestsBucketOf(LOCAL_PROJECT), config);
const audit = gcsStore(auditBucketOf(LOCAL_PROJECT), config);
const hints = topicPublisher<RunRequested>(RUN_REQUESTED, config);

/** Accepts a request: one object. Returns the run. */
async function accept(key: string, ends: string, pipeline = PIPELINE, seconds = 0): Promise<string> {
  const requester = { issuer: 'https://accounts.google.com', subject: 'ada', email: 'ada@example.org' };
  const run = requestedRunOf(requester, pipeline, key);
  const acceptedAt = new Date().toISOString();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const bodyHash = 'a'.repeat(64);
  const entry: QueueEntry = {
    record: {
      ...{ pipeline, run, requester, acceptedAt, expiresAt, bodyHash },
      ...{ preset: null, priority: 5, maxCost: null, units: 1, approval: 'none' },
      estimate: {
        ...{ low: 0.01, expected: 0.01, high: 0.01, currency: 'USD', hash: '0'.repeat(16) },
        basis: { runs: 0, from: null, to: null, prices: '2026-11-21' },
      },
    },
    parameters: { seconds, ends, units: 1 },
  };
  const metadata: Record<keyof EntryMetadata, string> = {
    ...{ cost: '0.01', priority: '5', approval: 'none', 'body-hash': bodyHash },
    ...{ 'accepted-at': acceptedAt, 'expires-at': expiresAt },
  };
  await requests.create(queueObject(pipeline, run), toJson(entry), 'application/json', metadata);
  return run;
}

const sweep = () => cloud.scheduler.run(`projects/${LOCAL_PROJECT}/locations/${REGION}/jobs/sweep`);

const slowly = async () => {
  await sweep();
  await wait(200);
};
/** Where no event arrives, sweeps are what moves the mesh. */
const moving = deliveries === 'never' ? slowly : undefined;

const ended = (run: string, pipeline = PIPELINE, meanwhile = moving): Promise<RunOutcome> =>
  until(
    `the end of ${run}`,
    async () => {
      const outcome = await readOutcome(runs, pipeline, run);
      const entry = await requests.info(queueObject(pipeline, run));
      return outcome !== undefined && entry === undefined ? outcome : undefined;
    },
    meanwhile,
  );

const shown = ({ outcome, code, attempt, result }: RunOutcome) => ({
  ...{ outcome, code, attempt },
  ...(result === undefined
    ? {}
    : { files: [result, ...result.attachments].map(({ name }) => name.split('/').at(-1)) }),
});

const hint = (run: string, pipeline = PIPELINE) => hints.publish({ pipeline, run });

/** A command of the operator, as it is typed; its JSON. A refused one ends with 1. */
async function sluice(...words: readonly string[]): Promise<Record<string, unknown>> {
  const args = ['cli/sluice.ts', '--data', folders.data, '--pipeline', PIPELINE, '--json', ...words];
  const stdout = await promisify(execFile)(process.execPath, args).then(
    (ran) => ran.stdout,
    (error: { stdout: string }) => error.stdout,
  );
  const printed = JSON.parse(stdout) as Record<string, unknown> | readonly Record<string, unknown>[];
  return (Array.isArray(printed) ? printed[0] : printed) as Record<string, unknown>;
}

const keysOf = (printed: Record<string, unknown>) => Object.keys(printed).toSorted();

/** A run that executes is cancelled; another is held, and released. */
async function operate() {
  const cancelled = await accept('cancelled', 'succeed', PIPELINE, 600);
  await hint(cancelled);
  await until('the start', () => runs.info(startedObject(PIPELINE, cancelled, 1)), moving);
  const executing = await sluice('status');
  const cancel = await sluice('cancel', cancelled, '--reason', 'a test');
  const held = await accept('held', 'succeed');
  const hold = await sluice('hold', held, '--reason', 'a test');
  await hint(held);
  const afterHold = await ended(held);
  const release = await sluice('release', held, '--reason', 'a test');
  const run = await sluice('run', held);
  const trace = (await sluice('trace', held)) as { spans: readonly { name: string }[] } & Record<
    string,
    unknown
  >;
  const pause = await sluice('pause', '--reason', 'a test');
  return {
    ends: [shown(await ended(cancelled)), shown(afterHold)],
    results: [cancel, hold, release, pause].map(({ result, code }) => [result, code]),
    executing: (executing['executing'] as object[]).length,
    released: [run['status'], run['code']],
    spans: ['dispatch', 'publish-output', 'release', `run ${held}`].filter((name) =>
      trace.spans.some((span) => span.name === name),
    ).length,
    keys: {
      status: keysOf(executing),
      run: keysOf(run),
      runs: keysOf(await sluice('runs')),
      log: keysOf(await sluice('log', held)),
      trace: keysOf(trace),
      audit: keysOf(await sluice('audit')),
      pipelines: keysOf(await sluice('pipelines')),
    },
  };
}

try {
  const ways = ['succeed', 'fail', 'refuse', 'exit-without-output', 'die-once'];
  const asked = await Promise.all(ways.map((ends) => accept(ends, ends)));
  const hanging = await accept('hanging', 'hang', 'naps');
  for (const run of asked) await hint(run);
  await hint(hanging, 'naps');
  const hinted: Record<string, object> = {};
  for (const [index, run] of asked.entries()) hinted[ways[index] ?? ''] = shown(await ended(run));

  hinted['hang'] = shown(await ended(hanging, 'naps'));
  const operated = await operate();

  // Every message is dropped from here on.
  await until('idle messages', () => (cloud.pubsub.idle() ? true : undefined));
  await cloud.pubsub.stop();
  if (deliveries !== 'once' && struck === 0)
    throw new Error(`no message met "${deliveries}", so the test shows nothing`);
  const dropped = shown(await ended(await accept('dropped', 'succeed'), PIPELINE, slowly));
  await until(
    'free slots',
    async () => ((await newestDecision(requests, PIPELINE))?.slots.length === 0 ? true : undefined),
    slowly,
  );
  const left = (await requests.list(queuePrefix(PIPELINE), 100)).length;
  const audited = (await audit.list('_requests/', 100)).length;
  process.stdout.write(`${JSON.stringify({ hinted, operated, dropped, left, audited })}\n`);
} finally {
  await cloud.close();
  rmSync(root, { recursive: true, force: true });
}
