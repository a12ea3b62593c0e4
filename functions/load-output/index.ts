// Registers load-output, which news of finished objects and load-requested messages reach; reads its environment, once.
import { cloudEvent, type CloudEvent } from '@google-cloud/functions-framework';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readConfig } from '../../shared/config.ts';
import { LOAD_REQUESTED, meshVariables, OUTPUT_FINALIZED } from '../../shared/deployment.ts';
import { originalIdIn } from '../../shared/dead-letters/letters.ts';
import { recordingRefusals } from '../../shared/dead-letters/refusals.ts';
import { PermanentError } from '../../shared/errors.ts';
import {
  deliveryIn,
  FINALIZED_EVENT,
  finalizedObject,
  loadRequested,
  messageOfDelivery,
  refuseOtherTopics,
  type Delivery,
  type RunRequested,
} from '../../shared/events/messages.ts';
import { finishedObjectIn } from '../../shared/events/notifications.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { openTracing } from '../../shared/google/tracing.ts';
import { createLog } from '../../shared/logging.ts';
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { parseManifestObject } from '../../shared/runs/names.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import { loadOutput, type Load } from './load-output.ts';
import { planOutput } from './plan.ts';
import { replayOutput } from './replay.ts';

const config = readConfig(process.env, meshVariables);
const pipelines = loadPipelines();
const log = createLog('load-output', config.GOOGLE_CLOUD_PROJECT);
const tracing = openTracing('load-output', config, log);
const mesh = {
  runs: gcsStore(config.RUNS_BUCKET, config),
  results: gcsStore(config.RESULTS_BUCKET, config),
  exports: gcsStore(config.EXPORTS_BUCKET, config),
  warehouse: bigqueryWarehouse(config),
  runRequested: topicPublisher<RunRequested>(config.RUN_REQUESTED_TOPIC, config),
  now: () => Date.now(),
  log,
};

cloudEvent('load-output', (event: CloudEvent<unknown>) => {
  const delivery = deliveryIn(event);
  const work = () => (delivery === undefined ? onEvent(event) : onDelivery(delivery));
  return tracing.during(() => recordingRefusals('load-output', delivery?.body, mesh, work));
});

async function onEvent({ type, data }: CloudEvent<unknown>): Promise<void> {
  if (type !== FINALIZED_EVENT)
    throw new PermanentError(`load-output got an event of type ${type}; expected a finalize or a message`);
  const object = finalizedObject.safeParse(data);
  // Another delivery would bring the same; should an output stand behind it, the sweep finds it (law 7).
  if (!object.success)
    return mesh.log.error(`ignored: a finalize event names no object: ${z.prettifyError(object.error)}`);
  await onFinalized(object.data);
}

async function onDelivery(delivery: Delivery): Promise<void> {
  refuseOtherTopics(delivery, LOAD_REQUESTED, OUTPUT_FINALIZED);
  const finished = finishedObjectIn(delivery.body);
  await (finished === undefined ? onRequested(delivery) : onFinalized(finished));
}

/** Every object of the results bucket comes by; only manifests are news. */
async function onFinalized({ bucket, name }: { bucket: string; name: string }): Promise<void> {
  if (bucket !== config.RESULTS_BUCKET) {
    return mesh.log.warn(
      { bucket, name },
      `ignored: an event of ${bucket}; expected ${config.RESULTS_BUCKET}`,
    );
  }
  const manifest = parseManifestObject(name);
  if (manifest === undefined) return;
  const pipeline = pipelines.get(manifest.pipeline);
  // Another delivery cannot help, and there is no run of ours to record it with.
  if (pipeline === undefined)
    return mesh.log.error({ name }, `${name} is of a pipeline that is not deployed here`);
  await load({ ...manifest, pipeline });
}

async function onRequested(delivery: Delivery): Promise<void> {
  const message = messageOfDelivery(delivery.body, loadRequested);
  const pipeline = pipelineNamed(pipelines, message.pipeline);
  const { run, attempt, replay, overNewer = false, plan = false, ...asked } = message;
  if (attempt !== undefined) return load({ pipeline, run, attempt });
  const nonce = replay ?? nonceFrom(originalIdIn(delivery.body) ?? delivery.id);
  const kind = asked.rollback === true ? 'rollback' : 'replay';
  const again = async () => {
    if (plan) await planOutput({ pipeline, run, nonce, kind }, mesh);
    else await replayOutput({ ...asked, pipeline, run, nonce, overNewer }, mesh);
  };
  await inRun({ pipeline: pipeline.name, run }, plan ? 'plan' : kind, again, { 'sluice.replay': nonce });
}

const load = ({ pipeline, run, attempt }: Load): Promise<void> =>
  inRun({ pipeline: pipeline.name, run }, 'load-output', () => loadOutput({ pipeline, run, attempt }, mesh), {
    'sluice.attempt': attempt,
  });

/** A message's id may hold anything, and a nonce becomes part of object names, job ids and table names. */
function nonceFrom(messageId: string | undefined): string {
  if (messageId !== undefined) return createHash('sha256').update(messageId).digest('hex').slice(0, 16);
  throw new PermanentError('the message has no id, so a repeated delivery would act twice; name the replay');
}
