// Registers load-output, which finalize events and load-requested messages reach; reads its environment, once.
import { cloudEvent, type CloudEvent } from '@google-cloud/functions-framework';
import { createHash, randomUUID } from 'node:crypto';
import { readConfig } from '../../shared/config.ts';
import { meshVariables } from '../../shared/deployment.ts';
import { PermanentError } from '../../shared/errors.ts';
import {
  FINALIZED_EVENT,
  finalizedObject,
  loadRequested,
  messageOfDelivery,
  PUBSUB_EVENT,
  type RunRequested,
} from '../../shared/events/messages.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { createLog } from '../../shared/logging.ts';
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { parseManifestObject } from '../../shared/runs/names.ts';
import { loadOutput } from './load-output.ts';
import { replayOutput } from './replay.ts';

const config = readConfig(process.env, meshVariables);
const pipelines = await loadPipelines();
const mesh = {
  runs: gcsStore(config.RUNS_BUCKET, config),
  results: gcsStore(config.RESULTS_BUCKET, config),
  warehouse: bigqueryWarehouse(config),
  runRequested: topicPublisher<RunRequested>(config.RUN_REQUESTED_TOPIC, config),
  now: () => Date.now(),
  newId: () => randomUUID(),
  log: createLog('load-output'),
};

cloudEvent('load-output', async (event: CloudEvent<unknown>) => {
  switch (event.type) {
    case FINALIZED_EVENT:
      return onFinalized(event.data);
    case PUBSUB_EVENT:
      return onRequested(event.id, event.data);
    default:
      throw new PermanentError(
        `load-output got an event of type ${event.type}; expected a finalize or a message`,
      );
  }
});

/** Every object of the results bucket comes by; only manifests are news. */
async function onFinalized(data: unknown): Promise<void> {
  const { bucket, name } = finalizedObject.parse(data);
  const manifest = bucket === config.RESULTS_BUCKET ? parseManifestObject(name) : undefined;
  if (manifest === undefined) return;
  const pipeline = pipelines.get(manifest.pipeline);
  // Another delivery cannot help, and there is no run of ours to record it with.
  if (pipeline === undefined)
    return mesh.log.error({ name }, `${name} is of a pipeline that is not deployed here`);
  await loadOutput({ ...manifest, pipeline }, mesh);
}

async function onRequested(messageId: string, data: unknown): Promise<void> {
  const message = messageOfDelivery(data, loadRequested);
  const pipeline = pipelineNamed(pipelines, message.pipeline);
  const { run, attempt, replay, overNewer } = message;
  if (attempt !== undefined) return loadOutput({ pipeline, run, attempt }, mesh);
  await replayOutput(
    { pipeline, run, nonce: replay ?? nonceFrom(messageId), overNewer: overNewer ?? false },
    mesh,
  );
}

/** An event's id may hold anything, and a nonce becomes part of object names, job ids and table names. */
const nonceFrom = (messageId: string): string =>
  createHash('sha256').update(messageId).digest('hex').slice(0, 16);
