// Registers sweep-runs, which Cloud Scheduler calls, and Pub/Sub when an execution has finished; reads its environment, once.
import { http, type Request } from '@google-cloud/functions-framework';
import { randomUUID } from 'node:crypto';
import { address, count, readConfig } from '../../shared/config.ts';
import { recordingRefusals } from '../../shared/dead-letters/refusals.ts';
import {
  jobVariables,
  LOAD_REQUESTED,
  meshVariables,
  RUN_REQUESTED,
  topicNameOf,
} from '../../shared/deployment.ts';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import { answerOf, answerQuietly } from '../../shared/events/answer.ts';
import { finishedExecution } from '../../shared/events/finished-executions.ts';
import {
  deliveryIn,
  messageOfDelivery,
  sweepCall,
  type Delivery,
  type LoadRequested,
  type RunRequested,
} from '../../shared/events/messages.ts';
import { functionCaller } from '../../shared/google/functions.ts';
import { cloudRunJob } from '../../shared/google/run.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { openTracing } from '../../shared/google/tracing.ts';
import { createLog } from '../../shared/logging.ts';
import { seconds } from '../../shared/pipelines/duration.ts';
import { jobNameOf } from '../../shared/pipelines/pipeline.ts';
import { loadPipelines } from '../../shared/pipelines/registry.ts';
import { describe, IDLE, inOwnTrace } from '../../shared/tracing/spans.ts';
import { sweepAll, type Occasion } from './sweep-all.ts';

const config = readConfig(process.env, {
  ...meshVariables,
  ...jobVariables,
  OVERDUE_SECONDS: count(),
  START_RUN_URL: address(),
  LOAD_OUTPUT_URL: address(),
});
const pipelines = loadPipelines();
const log = createLog('sweep-runs', config.GOOGLE_CLOUD_PROJECT);
const tracing = openTracing('sweep-runs', config, log);
const topicNamed = (topic: string) => topicNameOf(config.GOOGLE_CLOUD_PROJECT, topic);
const mesh = {
  runs: gcsStore(config.RUNS_BUCKET, config),
  results: gcsStore(config.RESULTS_BUCKET, config),
  // No topic in between: the sweep is there for the day on which messages do not arrive (law 7).
  runRequested: functionCaller<RunRequested>(config.START_RUN_URL, topicNamed(RUN_REQUESTED)),
  loadRequested: functionCaller<LoadRequested>(config.LOAD_OUTPUT_URL, topicNamed(LOAD_REQUESTED)),
  overdueMs: seconds(config.OVERDUE_SECONDS),
  now: () => Date.now(),
  newId: () => randomUUID(),
  log,
};
const sweeps = [...pipelines.values()].map((pipeline) => ({
  pipeline,
  jobs: cloudRunJob(jobNameOf(pipeline), config),
}));

const finished = finishedExecution(config.GOOGLE_CLOUD_PROJECT);

http('sweep-runs', async (request, response) => {
  const delivery = deliveryIn(request.body);
  const answer = () =>
    delivery === undefined ? answerOf(log, () => onCall(request)) : answerQuietly(() => onDelivery(delivery));
  const { status, body } = await tracing.during(() => inOwnTrace('sweep', request.headers, answer));
  response.status(status).json(body);
});

/** Whatever reaches this address and is neither the schedule's call nor a message sweeps nothing. */
async function onCall({ method, body }: Request): Promise<object> {
  if (method !== 'POST' || !sweepCall.safeParse(body).success)
    throw new PermanentError(
      `refused a ${method} that is neither the schedule's call nor a Pub/Sub message; nothing was swept`,
    );
  return { swept: await sweep(sweeps, 'schedule') };
}

async function onDelivery({ body }: Delivery): Promise<object> {
  await recordingRefusals('sweep-runs', body, mesh, async () => {
    const { resource } = messageOfDelivery(body, finished);
    const job = resource.labels.job_name;
    const own = sweeps.filter(({ pipeline }) => jobNameOf(pipeline) === job);
    // The jobs of others end in this project too.
    if (own.length === 0) return log.info({ job }, 'ignored: the execution is of no job of the mesh');
    await sweep(own, 'execution');
  });
  return {};
}

/** What could not be done is asked for again: by Scheduler, by the next delivery, or by the next sweep. */
async function sweep(some: typeof sweeps, occasion: Occasion) {
  const swept = await sweepAll(some, mesh, occasion);
  describe({ [IDLE]: swept.every(({ actions, problems }) => actions.length + problems.length === 0) });
  const problems = swept.flatMap((each) => each.problems.map((problem) => `${each.pipeline}: ${problem}`));
  if (problems.length > 0) throw new TransientError(problems.join('; '));
  return swept;
}
