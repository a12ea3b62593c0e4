// Registers sweep-runs, the HTTP function that Cloud Scheduler calls; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { randomUUID } from 'node:crypto';
import { address, count, readConfig } from '../../shared/config.ts';
import { meshVariables } from '../../shared/deployment.ts';
import type { LoadRequested, RunRequested } from '../../shared/events/messages.ts';
import { functionCaller } from '../../shared/google/functions.ts';
import { cloudRunJob } from '../../shared/google/run.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { openTracing } from '../../shared/google/tracing.ts';
import { createLog } from '../../shared/logging.ts';
import { seconds } from '../../shared/pipelines/duration.ts';
import { jobNameOf } from '../../shared/pipelines/pipeline.ts';
import { loadPipelines } from '../../shared/pipelines/registry.ts';
import { describe, IDLE, inOwnTrace } from '../../shared/tracing/spans.ts';
import { sweepAll } from './sweep-all.ts';

const config = readConfig(process.env, {
  ...meshVariables,
  OVERDUE_SECONDS: count(),
  START_RUN_URL: address(),
  LOAD_OUTPUT_URL: address(),
});
const pipelines = await loadPipelines();
const log = createLog('sweep-runs', config.GOOGLE_CLOUD_PROJECT);
const tracing = openTracing('sweep-runs', config, log);
const mesh = {
  runs: gcsStore(config.RUNS_BUCKET, config),
  results: gcsStore(config.RESULTS_BUCKET, config),
  // No topic in between: the sweep is there for the day on which messages do not arrive (law 7).
  runRequested: functionCaller<RunRequested>(config.START_RUN_URL),
  loadRequested: functionCaller<LoadRequested>(config.LOAD_OUTPUT_URL),
  overdueMs: seconds(config.OVERDUE_SECONDS),
  now: () => Date.now(),
  newId: () => randomUUID(),
  log,
};
const sweeps = [...pipelines.values()].map((pipeline) => ({
  pipeline,
  jobs: cloudRunJob(jobNameOf(pipeline), config),
}));

http('sweep-runs', async (request, response) => {
  const swept = await tracing.during(() => inOwnTrace('sweep', request.headers, sweep));
  const troubled = swept.some(({ problems }) => problems.length > 0);
  response.status(troubled ? 503 : 200).json({ swept });
});

async function sweep() {
  const swept = await sweepAll(sweeps, mesh);
  describe({ [IDLE]: swept.every(({ actions, problems }) => actions.length + problems.length === 0) });
  return swept;
}
