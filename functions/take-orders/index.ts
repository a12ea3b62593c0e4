// Registers take-orders, the HTTP function that operators call; reads its environment, once.
import { http, type Request } from '@google-cloud/functions-framework';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { address, bucket, readConfig, topic } from '../../shared/config.ts';
import { jobVariables, meshVariables } from '../../shared/deployment.ts';
import { PermanentError } from '../../shared/errors.ts';
import { answerOf } from '../../shared/events/answer.ts';
import { callerOf } from '../../shared/events/caller.ts';
import type { LoadRequested, RunRequested } from '../../shared/events/messages.ts';
import { pubsubDeadLetters } from '../../shared/google/dead-letters.ts';
import { callFunction } from '../../shared/google/functions.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { cloudRunJob } from '../../shared/google/run.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { openTracing } from '../../shared/google/tracing.ts';
import { createLog } from '../../shared/logging.ts';
import { order, type OrderResult } from '../../shared/orders/order.ts';
import { jobNameOf } from '../../shared/pipelines/pipeline.ts';
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { inOwnTrace, inRun, step } from '../../shared/tracing/spans.ts';
import type { Mesh } from './mesh.ts';
import { takeOrder } from './take-orders.ts';

const config = readConfig(process.env, {
  ...meshVariables,
  ...jobVariables,
  AUDIT_BUCKET: bucket(),
  LOAD_REQUESTED_TOPIC: topic(),
  DETECT_CHANGES_URL: address(),
});
const pipelines = loadPipelines();
const log = createLog('take-orders', config.GOOGLE_CLOUD_PROJECT);
const tracing = openTracing('take-orders', config, log);
const runners = new Map(
  [...pipelines.values()].map((pipeline) => [pipeline.name, cloudRunJob(jobNameOf(pipeline), config)]),
);
const mesh: Mesh = {
  audit: gcsStore(config.AUDIT_BUCKET, config),
  runs: gcsStore(config.RUNS_BUCKET, config),
  results: gcsStore(config.RESULTS_BUCKET, config),
  runRequested: topicPublisher<RunRequested>(config.RUN_REQUESTED_TOPIC, config),
  loadRequested: topicPublisher<LoadRequested>(config.LOAD_REQUESTED_TOPIC, config),
  look: (body) => callFunction(config.DETECT_CHANGES_URL, body),
  jobsOf: (pipeline) => pipelineNamed(runners, pipeline),
  letters: pubsubDeadLetters(config),
  now: () => Date.now(),
  newId: () => randomUUID(),
  wait: (ms) => wait(ms),
  log,
};

http('take-orders', async (request, response) => {
  const { status, body } = await tracing.during(() =>
    inOwnTrace('order', request.headers, () => answerOf(log, () => take(request))),
  );
  response.status(status).json(body);
});

async function take(request: Request): Promise<OrderResult> {
  const by = callerOf(request.headers);
  const given = order.safeParse(request.body);
  if (!given.success) throw new PermanentError(`this is no order: ${z.prettifyError(given.error)}`);
  // What is not even a pipeline of ours leaves no record.
  if ('pipeline' in given.data) pipelineNamed(pipelines, given.data.pipeline);
  const carryOut = () => takeOrder(given.data, by, mesh);
  return 'run' in given.data ? inRun(given.data, given.data.verb, carryOut) : step(given.data.verb, carryOut);
}
