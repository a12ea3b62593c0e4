// Registers start-run, which Pub/Sub pushes run-requested messages to; reads its environment, once.
import { cloudEvent, type CloudEvent } from '@google-cloud/functions-framework';
import { randomUUID } from 'node:crypto';
import { readConfig } from '../../shared/config.ts';
import { jobVariables, meshVariables } from '../../shared/deployment.ts';
import { recordingRefusals } from '../../shared/dead-letters/refusals.ts';
import {
  deliveryIn,
  messageOfDelivery,
  refuseOtherTopics,
  runRequested,
  type RunRequested,
} from '../../shared/events/messages.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { cloudRunJob } from '../../shared/google/run.ts';
import { googleSources } from '../../shared/google/sources.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { openTracing } from '../../shared/google/tracing.ts';
import { createLog } from '../../shared/logging.ts';
import { jobNameOf } from '../../shared/pipelines/pipeline.ts';
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import { startRun } from './start-run.ts';

const config = readConfig(process.env, { ...meshVariables, ...jobVariables });
const pipelines = loadPipelines();
const log = createLog('start-run', config.GOOGLE_CLOUD_PROJECT);
const tracing = openTracing('start-run', config, log);
const runs = gcsStore(config.RUNS_BUCKET, config);
const sources = googleSources(config, runs);
const mesh = {
  runs,
  runRequested: topicPublisher<RunRequested>(config.RUN_REQUESTED_TOPIC, config),
  now: () => Date.now(),
  newId: () => randomUUID(),
  log,
};
const runners = new Map(
  [...pipelines.values()].map((pipeline) => [pipeline.name, cloudRunJob(jobNameOf(pipeline), config)]),
);

cloudEvent('start-run', (event: CloudEvent<unknown>) => {
  const delivery = deliveryIn(event);
  const body = delivery?.body;
  const start = async () => {
    if (delivery !== undefined) refuseOtherTopics(delivery, config.RUN_REQUESTED_TOPIC);
    const message = messageOfDelivery(body, runRequested);
    const jobs = pipelineNamed(runners, message.pipeline);
    const source = sources[pipelineNamed(pipelines, message.pipeline).trigger.source.kind];
    await inRun(message, 'start-run', () => startRun(message, { ...mesh, source, jobs }));
  };
  return tracing.during(() => recordingRefusals('start-run', body, mesh, start));
});
