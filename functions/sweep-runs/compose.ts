// Composes sweep-runs: makes its ports from its configuration, and handles each call and message.
import { recordingRefusals } from '../../shared/dead-letters/refusals.ts';
import { LOAD_REQUESTED, RUN_REQUESTED, topicNameOf } from '../../shared/deployment.ts';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import { answerOf, answerQuietly, type HttpAnswer, type HttpCall } from '../../shared/events/answer.ts';
import { finishedExecution } from '../../shared/events/finished-executions.ts';
import { deliveryIn, messageOfDelivery, sweepCall, type Delivery } from '../../shared/events/messages.ts';
import type { AdaptersOf, ConfigOf } from '../../shared/functions/declaration.ts';
import { seconds } from '../../shared/pipelines/duration.ts';
import { jobNameOf } from '../../shared/pipelines/pipeline.ts';
import { describe, IDLE, inOwnTrace } from '../../shared/tracing/spans.ts';
import type declaration from './function.ts';
import { sweepAll, type SweepPorts, type Occasion, type Swept } from './sweep-all.ts';

type Declaration = typeof declaration;

export function composeSweepRuns(config: ConfigOf<Declaration>, adapters: AdaptersOf<Declaration>) {
  const project = config.GOOGLE_CLOUD_PROJECT;
  const log = adapters.createLog('sweep-runs', project);
  const tracing = adapters.openTracing('sweep-runs', config, log);
  const ports: Ports = {
    runs: adapters.objects(config.RUNS_BUCKET, config),
    results: adapters.objects(config.RESULTS_BUCKET, config),
    requests: adapters.objects(config.REQUESTS_BUCKET, config),
    runRequested: adapters.deliver(config.START_RUN_URL, topicNameOf(project, RUN_REQUESTED)),
    loadRequested: adapters.deliver(config.PUBLISH_OUTPUT_URL, topicNameOf(project, LOAD_REQUESTED)),
    tidyRequested: adapters.deliver(config.PUBLISH_OUTPUT_URL, topicNameOf(project, LOAD_REQUESTED)),
    overdueMs: seconds(config.OVERDUE_SECONDS),
    now: adapters.now,
    newId: adapters.newId,
    log,
    project,
    sweeps: [...adapters.pipelines.values()].map((pipeline) => ({
      pipeline,
      jobs: adapters.jobs(jobNameOf(pipeline), config),
    })),
  };
  return (call: HttpCall): Promise<HttpAnswer> => {
    const delivery = deliveryIn(call.body);
    const answer = () =>
      delivery === undefined
        ? answerOf(log, () => onCall(call, ports))
        : answerQuietly(() => onDelivery(delivery, ports));
    return tracing.during(() => inOwnTrace('sweep', call.headers, answer));
  };
}

interface Ports extends SweepPorts {
  readonly project: string;
  /** Every pipeline with its job. */
  readonly sweeps: readonly Swept[];
}

/** A call that is neither the schedule's nor a message sweeps nothing. */
async function onCall({ method, body }: HttpCall, ports: Ports): Promise<object> {
  if (method !== 'POST' || !sweepCall.safeParse(body).success)
    throw new PermanentError(
      `the ${method} is neither the schedule's call nor a Pub/Sub message; nothing was swept`,
      { code: 'CALL_INVALID' },
    );
  return { swept: await sweep(ports.sweeps, ports, 'schedule') };
}

async function onDelivery({ body }: Delivery, ports: Ports): Promise<object> {
  await recordingRefusals('sweep-runs', body, ports, async () => {
    const { resource } = messageOfDelivery(body, finishedExecution(ports.project));
    const job = resource.labels.job_name;
    const own = ports.sweeps.filter(({ pipeline }) => jobNameOf(pipeline) === job);
    // Jobs that are not the mesh's end in this project too.
    if (own.length === 0) return ports.log.info({ job }, `Message ignored: ${job} is not a job of the mesh.`);
    await sweep(own, ports, 'execution');
  });
  return {};
}

/** What failed is repeated: by Cloud Scheduler, by the next delivery, or by the next sweep. */
async function sweep(some: readonly Swept[], ports: Ports, occasion: Occasion) {
  const swept = await sweepAll(some, ports, occasion);
  describe({ [IDLE]: swept.every(({ actions, problems }) => actions.length + problems.length === 0) });
  const problems = swept.flatMap((each) => each.problems.map((problem) => `${each.pipeline}: ${problem}`));
  if (problems.length > 0) throw new TransientError(problems.join('; '));
  return swept;
}
