// Registers detect-changes, the HTTP function that Cloud Scheduler calls; reads its environment, once.
import { http, type Request } from '@google-cloud/functions-framework';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { email, readConfig } from '../../shared/config.ts';
import { meshVariables } from '../../shared/deployment.ts';
import { PermanentError } from '../../shared/errors.ts';
import { answerOf } from '../../shared/events/answer.ts';
import { callerOf } from '../../shared/events/caller.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { googleSources } from '../../shared/google/sources.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { openTracing } from '../../shared/google/tracing.ts';
import { createLog } from '../../shared/logging.ts';
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { sourceSettings, sourceVariables } from '../../shared/pipelines/source-settings.ts';
import { isNonce } from '../../shared/runs/names.ts';
import { describe, IDLE, inOwnTrace } from '../../shared/tracing/spans.ts';
import { detectChanges, type Answer, type Tick } from './detect-changes.ts';

const pipelines = loadPipelines();
const config = readConfig(process.env, {
  ...sourceVariables(pipelines.values()),
  ...meshVariables,
  ORDER_TAKER: email(),
});
const log = createLog('detect-changes', config.GOOGLE_CLOUD_PROJECT);
const tracing = openTracing('detect-changes', config, log);
const runs = gcsStore(config.RUNS_BUCKET, config);
const sources = googleSources(config, runs);
const mesh = {
  runs,
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
  const { status, body } = await tracing.during(() =>
    inOwnTrace('look', request.headers, () => answerOf(log, () => look(request))),
  );
  response.status(status).json(body);
});

async function look(request: Request): Promise<Answer> {
  const body = tickBody.safeParse(request.body);
  if (!body.success)
    throw new PermanentError(`expected {"pipeline": "name"}: ${z.prettifyError(body.error)}`);
  const { nonce, reason } = body.data;
  const caller = callerOf(request.headers);
  const isOrder = nonce !== undefined || body.data.by !== undefined;
  // An operator may have the folder looked at; what an order asks for is recorded as one.
  if (isOrder && caller !== config.ORDER_TAKER)
    throw new PermanentError(
      `${caller} asks for a run; only ${config.ORDER_TAKER} may, for whoever ordered it`,
    );
  const by = body.data.by ?? caller;
  const pipeline = pipelineNamed(pipelines, body.data.pipeline);
  const tick: Tick = {
    pipeline,
    ...sourceSettings(pipeline, config),
    nonce: nonce ?? null,
    cause: { kind: nonce === undefined ? 'schedule' : 'person', by, reason: reason ?? null },
  };
  const answer = await detectChanges(tick, { ...mesh, source: sources[pipeline.trigger.source.kind] });
  describe({ 'sluice.pipeline': pipeline.name });
  if (answer.kind === 'look') {
    describe({ 'sluice.outcome': answer.outcome, [IDLE]: answer.outcome === 'no-change' });
  }
  return answer;
}
