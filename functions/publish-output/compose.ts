// Composes publish-output: makes its ports from its configuration, and handles each event.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { originalIdIn } from '../../shared/dead-letters/dead-letters.ts';
import { recordingRefusals } from '../../shared/dead-letters/refusals.ts';
import { LOAD_REQUESTED, OUTPUT_FINALIZED } from '../../shared/deployment.ts';
import { PermanentError } from '../../shared/errors.ts';
import {
  carries,
  deliveryIn,
  FINALIZED_EVENT,
  finalizedObject,
  loadRequested,
  messageOfDelivery,
  refuseOtherTopics,
  tidyRequested,
  type Delivery,
  type RunRequested,
} from '../../shared/events/messages.ts';
import { finishedObjectIn } from '../../shared/events/notifications.ts';
import type { AdaptersOf, ConfigOf } from '../../shared/functions/declaration.ts';
import { tidyExports } from '../../shared/publications/reveal.ts';
import { isRequests } from '../../shared/pipelines/pipeline.ts';
import type { RunEnded } from '../../shared/requests/announcement.ts';
import { pipelineNamed, type Pipelines } from '../../shared/pipelines/registry.ts';
import { parseManifestObject } from '../../shared/runs/names.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import type declaration from './function.ts';
import { publishOutput, type Load, type Ports as PublishPorts } from './publish-output.ts';
import { publishResult } from './publish-result.ts';
import { releaseResult, type Ports as ReleasePorts } from './release-result.ts';
import { pinModels } from './pin.ts';
import { rollBackModel } from './roll-back-model.ts';
import { planOutput } from './plan.ts';
import { replayOutput } from './replay.ts';

type Declaration = typeof declaration;

/** An event as the functions framework passes it on. */
export interface ArrivedEvent {
  readonly type: string;
  readonly data?: unknown;
}

export function composePublishOutput(config: ConfigOf<Declaration>, adapters: AdaptersOf<Declaration>) {
  const log = adapters.createLog('publish-output', config.GOOGLE_CLOUD_PROJECT);
  const tracing = adapters.openTracing('publish-output', config, log);
  const ports = {
    pipelines: adapters.pipelines,
    runs: adapters.objects(config.RUNS_BUCKET, config),
    results: adapters.objects(config.RESULTS_BUCKET, config),
    requests: adapters.objects(config.REQUESTS_BUCKET, config),
    exports: adapters.objects(config.EXPORTS_BUCKET, config),
    warehouse: adapters.warehouse(config),
    runRequested: adapters.topic<RunRequested>(config.RUN_REQUESTED_TOPIC, config),
    runEnded: adapters.topic<RunEnded>(config.RUN_ENDED_TOPIC, config),
    now: adapters.now,
    log,
  };
  return (event: ArrivedEvent): Promise<void> => {
    const delivery = deliveryIn(event);
    const work = () => (delivery === undefined ? onEvent(event, ports) : onDelivery(delivery, ports));
    return tracing.during(() => recordingRefusals('publish-output', delivery?.body, ports, work));
  };
}

interface Ports extends PublishPorts, ReleasePorts {
  readonly pipelines: Pipelines;
}

async function onEvent({ type, data }: ArrivedEvent, ports: Ports): Promise<void> {
  if (type !== FINALIZED_EVENT)
    throw new PermanentError(
      `publish-output received an event of type ${type}; expected a finalize event or a message`,
      { code: 'POISON_MESSAGE' },
    );
  const object = finalizedObject.safeParse(data);
  // Another delivery would be the same; if there is an output, the sweep finds it (law 7).
  if (!object.success)
    return ports.log.error(
      { code: 'POISON_MESSAGE' },
      `Event ignored: it names no finished object: ${z.prettifyError(object.error)}`,
    );
  await onFinalized(object.data, ports);
}

async function onDelivery(delivery: Delivery, ports: Ports): Promise<void> {
  refuseOtherTopics(delivery, LOAD_REQUESTED, OUTPUT_FINALIZED);
  const finished = finishedObjectIn(delivery.body);
  await (finished === undefined ? onRequested(delivery, ports) : onFinalized(finished, ports));
}

/** Every finished object of the results bucket is announced; only manifests matter. */
async function onFinalized({ bucket, name }: { bucket: string; name: string }, ports: Ports): Promise<void> {
  const { log, results, pipelines } = ports;
  if (bucket !== results.bucket)
    return log.warn(
      { bucket, name, code: 'POISON_MESSAGE' },
      `Event ignored: it concerns the bucket ${bucket}; expected ${results.bucket}.`,
    );
  const manifest = parseManifestObject(name);
  if (manifest === undefined) return;
  const pipeline = pipelines.get(manifest.pipeline);
  // Another delivery cannot help, and no run of this deployment can record it.
  if (pipeline === undefined)
    return log.error(
      { name, code: 'PIPELINE_UNKNOWN' },
      `Event ignored: ${name} belongs to a pipeline that is not deployed here.`,
    );
  await load({ ...manifest, pipeline }, ports);
}

async function onRequested(delivery: Delivery, ports: Ports): Promise<void> {
  if (carries(delivery.body, tidyRequested)) {
    const { pipeline } = messageOfDelivery(delivery.body, tidyRequested);
    return tidyExports(pipelineNamed(ports.pipelines, pipeline), ports);
  }
  const message = messageOfDelivery(delivery.body, loadRequested);
  const pipeline = pipelineNamed(ports.pipelines, message.pipeline);
  const { run, attempt, replay, allowOlder = false, plan = false, pin, modelRollback, ...claims } = message;
  if (attempt !== undefined) return load({ pipeline, run, attempt }, ports);
  const nonce = replay ?? nonceFrom(originalIdIn(delivery.body) ?? delivery.id);
  if (isRequests(pipeline)) {
    // A result is published once: there is nothing to plan, to pin or to roll back.
    if (plan || pin !== undefined || claims.apply !== undefined || claims.rollback === true)
      throw new PermanentError(`${pipeline.name} has no publications: its runs are requested over HTTP`, {
        code: 'CALL_INVALID',
      });
    const { by, reason } = claims;
    const release = async () => void (await releaseResult({ pipeline, run, nonce, by, reason }, ports));
    return inRun({ pipeline: pipeline.name, run }, 'release', release, { 'sluice.replay': nonce });
  }
  const kind = claims.rollback === true || modelRollback !== undefined ? 'rollback' : 'replay';
  const again = async () => {
    const asked = { ...claims, pipeline, run, nonce };
    if (pin !== undefined) await pinModels({ ...asked, pinned: pin }, ports);
    else if (modelRollback !== undefined) await rollBackModel({ ...asked, ...modelRollback }, ports);
    else if (plan) await planOutput({ pipeline, run, nonce, kind }, ports);
    else await replayOutput({ ...asked, allowOlder }, ports);
  };
  await inRun({ pipeline: pipeline.name, run }, plan ? 'plan' : kind, again, { 'sluice.replay': nonce });
}

const load = ({ pipeline, run, attempt }: Load, ports: Ports): Promise<void> =>
  inRun(
    { pipeline: pipeline.name, run },
    'publish-output',
    () =>
      isRequests(pipeline)
        ? publishResult({ pipeline, run, attempt }, ports)
        : publishOutput({ pipeline, run, attempt }, ports),
    {
      'sluice.attempt': attempt,
    },
  );

/** A message's id may hold anything, and a nonce becomes part of object names, job ids and table names. */
function nonceFrom(messageId: string | undefined): string {
  if (messageId !== undefined) return createHash('sha256').update(messageId).digest('hex').slice(0, 16);
  throw new PermanentError(
    'the message has no id, so a repeated delivery would act twice; set the field "replay" to a name of its own',
    { code: 'POISON_MESSAGE' },
  );
}
