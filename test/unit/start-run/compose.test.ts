// The composition of start-run: a message of a pipeline with the trigger requests dispatches its queue.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { composeStartRun } from '../../../functions/start-run/compose.ts';
import { PIPELINE, DispatchPlace } from './dispatch-place.ts';

const CONFIG = {
  GOOGLE_CLOUD_PROJECT: 'test',
  RUNS_BUCKET: 'runs',
  REQUESTS_BUCKET: 'requests',
  RESULTS_BUCKET: 'results',
  EXPORTS_BUCKET: 'exports',
  AUDIT_BUCKET: 'audit',
  RUN_REQUESTED_TOPIC: 'run-requested',
  RUN_ENDED_TOPIC: 'run-ended',
  JOB_REGION: 'europe-west1',
};

test('a hint dispatches the pipeline, and the second delivery changes nothing', async () => {
  const place = new DispatchPlace();
  const ports = place.ports();
  const opened = [ports.runs, ports.requests, ports.results, ports.audit];
  const stores = new Map(opened.map((store) => [store.bucket, store]));
  const startRun = composeStartRun(CONFIG, {
    pipelines: new Map([[PIPELINE, place.pipeline]]),
    objects: (bucket: string) => stores.get(bucket),
    topic: () => ({ publish: async () => undefined }),
    jobs: () => place.jobs,
    sources: () => ({}),
    createLog: () => pino({ level: 'silent' }),
    openTracing: () => ({ during: (work: () => Promise<unknown>) => work() }),
    now: ports.now,
    newId: ports.newId,
  } as never);
  const run = await place.ask();
  const data = Buffer.from(JSON.stringify({ pipeline: PIPELINE, run })).toString('base64');
  const event = {
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    data: { message: { data, messageId: '1' } },
  };
  await startRun(event);
  await startRun(event);
  assert.deepEqual(
    place.jobs.executions.map(({ key }) => key),
    [{ pipeline: PIPELINE, run, attempt: 1 }],
  );
});
