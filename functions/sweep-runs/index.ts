// Registers sweep-runs, the HTTP function that Cloud Scheduler calls; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readConfig } from '../../shared/config.ts';
import { meshVariables } from '../../shared/deployment.ts';
import { messageOf } from '../../shared/errors.ts';
import type { LoadRequested, RunRequested } from '../../shared/events/messages.ts';
import { functionCaller } from '../../shared/google/functions.ts';
import { cloudRunJob } from '../../shared/google/run.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { createLog } from '../../shared/logging.ts';
import { seconds } from '../../shared/pipelines/duration.ts';
import { jobNameOf } from '../../shared/pipelines/pipeline.ts';
import { loadPipelines } from '../../shared/pipelines/registry.ts';
import { sweepRuns, type Sweep } from './sweep-runs.ts';

const config = readConfig(process.env, {
  ...meshVariables,
  OVERDUE_SECONDS: z.coerce.number().int().min(0),
  START_RUN_URL: z.url(),
  LOAD_OUTPUT_URL: z.url(),
});
const pipelines = await loadPipelines();
const log = createLog('sweep-runs');
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

http('sweep-runs', async (_request, response) => {
  // One pipeline in trouble, or one that takes its time, must not keep the sweep from the others.
  const swept = await Promise.all(
    sweeps.map(({ pipeline, jobs }) =>
      sweepRuns(pipeline, { ...mesh, jobs }).catch((error: unknown): Sweep => {
        log.error({ pipeline: pipeline.name, err: error }, messageOf(error));
        return { pipeline: pipeline.name, actions: [], problems: [messageOf(error)] };
      }),
    ),
  );
  const troubled = swept.some(({ problems }) => problems.length > 0);
  response.status(troubled ? 503 : 200).json({ swept });
});
