// Registers detect-changes, the HTTP function that Cloud Scheduler calls; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { email, readConfig } from '../../shared/config.ts';
import { meshVariables } from '../../shared/deployment.ts';
import { messageOf, PermanentError } from '../../shared/errors.ts';
import { callerOf } from '../../shared/events/caller.ts';
import { driveFolder } from '../../shared/google/drive.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { createLog } from '../../shared/logging.ts';
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { sourceSettings, sourceVariables } from '../../shared/pipelines/setting.ts';
import { isNonce } from '../../shared/runs/names.ts';
import { detectChanges, type Tick } from './detect-changes.ts';

const pipelines = await loadPipelines();
const config = readConfig(process.env, {
  ...sourceVariables(pipelines.values()),
  ...meshVariables,
  ORDER_TAKER: email(),
});
const log = createLog('detect-changes');
const mesh = {
  runs: gcsStore(config.RUNS_BUCKET, config),
  source: driveFolder(config),
  runRequested: topicPublisher<{ pipeline: string; run: string }>(config.RUN_REQUESTED_TOPIC, config),
  now: () => Date.now(),
  newId: () => randomUUID(),
  log,
};

const tickBody = z.strictObject({
  pipeline: z.string(),
  /** A person's: asks for a run even of an unchanged folder. */
  nonce: z.string().refine(isNonce, 'expected letters, digits and dashes').optional(),
  reason: z.string().max(1000).optional(),
  /** The person for whom take-orders asks; nobody else may speak for another. */
  by: z.string().max(320).optional(),
});

http('detect-changes', async (request, response) => {
  try {
    const body = tickBody.safeParse(request.body);
    if (!body.success)
      throw new PermanentError(`expected {"pipeline": "name"}: ${z.prettifyError(body.error)}`);
    const { nonce, reason } = body.data;
    const caller = callerOf(request.headers.authorization);
    if (body.data.by !== undefined && caller !== config.ORDER_TAKER)
      throw new PermanentError(`${caller} asks for ${body.data.by}; only ${config.ORDER_TAKER} may`);
    const by = body.data.by ?? caller;
    const pipeline = pipelineNamed(pipelines, body.data.pipeline);
    const tick: Tick = {
      pipeline,
      ...sourceSettings(pipeline, config),
      nonce: nonce ?? null,
      cause: { kind: nonce === undefined ? 'schedule' : 'person', by, reason: reason ?? null },
    };
    response.json(await detectChanges(tick, mesh));
  } catch (error) {
    // Scheduler tries again on 5xx; what another try cannot help is a 4xx, and an error in the log either way.
    log.error({ err: error }, messageOf(error));
    response.status(error instanceof PermanentError ? 400 : 503).json({ error: messageOf(error) });
  }
});
