// Composes start-run: makes its ports from its configuration, and handles each event.
import { recordingRefusals } from '../../shared/dead-letters/refusals.ts';
import {
  deliveryIn,
  messageOfDelivery,
  refuseOtherTopics,
  runRequested,
  type RunRequested,
} from '../../shared/events/messages.ts';
import type { AdaptersOf, ConfigOf } from '../../shared/functions/declaration.ts';
import type { JobRunner } from '../../shared/executions/runner.ts';
import { isRequests, jobNameOf, type RequestsPipeline } from '../../shared/pipelines/pipeline.ts';
import { readChampions } from '../../shared/publications/pointer.ts';
import { pipelineNamed, watchNamed } from '../../shared/pipelines/registry.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import type { RunEnded } from '../../shared/requests/announcement.ts';
import { dispatch } from './dispatch/dispatch.ts';
import { newRecall } from './dispatch/ports.ts';
import type startRunDeclaration from './function.ts';
import { startRun } from './start-run.ts';

type Declaration = typeof startRunDeclaration;

export function composeStartRun(config: ConfigOf<Declaration>, adapters: AdaptersOf<Declaration>) {
  const { pipelines, now, newId } = adapters;
  const log = adapters.createLog('start-run', config.GOOGLE_CLOUD_PROJECT);
  const tracing = adapters.openTracing('start-run', config, log);
  const runs = adapters.objects(config.RUNS_BUCKET, config);
  const sources = adapters.sources(config, runs);
  const exports = adapters.objects(config.EXPORTS_BUCKET, config);
  const ports = {
    runs,
    runRequested: adapters.topic<RunRequested>(config.RUN_REQUESTED_TOPIC, config),
    now,
    newId,
    log,
  };
  const runners = new Map(
    [...pipelines.values()].map((pipeline) => [pipeline.name, adapters.jobs(jobNameOf(pipeline), config)]),
  );
  const requested = {
    requests: adapters.objects(config.REQUESTS_BUCKET, config),
    audit: adapters.objects(config.AUDIT_BUCKET, config),
    results: adapters.objects(config.RESULTS_BUCKET, config),
    runEnded: adapters.topic<RunEnded>(config.RUN_ENDED_TOPIC, config),
    recall: newRecall(),
  };
  const dispatchOf = (pipeline: RequestsPipeline, run: string, jobs: JobRunner) =>
    dispatch(pipeline, run, { ...ports, ...requested, jobs });

  return (event: unknown): Promise<void> => {
    const delivery = deliveryIn(event);
    const body = delivery?.body;
    const start = async () => {
      if (delivery !== undefined) refuseOtherTopics(delivery, config.RUN_REQUESTED_TOPIC);
      const message = messageOfDelivery(body, runRequested);
      const jobs = pipelineNamed(runners, message.pipeline);
      const found = pipelineNamed(pipelines, message.pipeline);
      if (isRequests(found)) return inRun(message, 'dispatch', () => dispatchOf(found, message.run, jobs));
      const pipeline = watchNamed(pipelines, message.pipeline);
      const source = sources[pipeline.trigger.source.kind];
      const champions = () => readChampions(exports, pipeline);
      await inRun(message, 'start-run', () => startRun(message, { ...ports, source, champions, jobs }));
    };
    return tracing.during(() => recordingRefusals('start-run', body, ports, start));
  };
}
