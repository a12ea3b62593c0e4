// Composes detect-changes: makes its ports from its configuration, and answers each call.
import { z } from 'zod';
import { PermanentError } from '../../shared/errors.ts';
import { answerOf, type HttpAnswer, type HttpCall } from '../../shared/events/answer.ts';
import { callerOf } from '../../shared/events/caller.ts';
import { deliveryIn, type RunRequested } from '../../shared/events/messages.ts';
import type { AdaptersOf, ConfigOf } from '../../shared/functions/declaration.ts';
import { watchesOf } from '../../shared/pipelines/pipeline.ts';
import { watchNamed, type Pipelines } from '../../shared/pipelines/registry.ts';
import { sourceSettings } from '../../shared/pipelines/source-settings.ts';
import { isNonce } from '../../shared/runs/names.ts';
import { describe, IDLE, inOwnTrace } from '../../shared/tracing/spans.ts';
import type { Answer } from './decide.ts';
import { detectChanges, type Tick } from './detect-changes.ts';
import type declaration from './function.ts';
import type { WatchedBucket } from './hint.ts';
import { receiveHint } from './receive-hint.ts';

type Declaration = typeof declaration;

const tickBody = z.strictObject({
  pipeline: z.string(),
  /** Of an operator's command: requests a run even if the source is unchanged. */
  nonce: z.string().refine(isNonce, 'expected letters, digits and dashes').optional(),
  reason: z.string().max(1000).optional(),
  /** The operator for whom handle-commands calls; no other caller may name one. */
  by: z.string().max(320).optional(),
});

export function composeDetectChanges(config: ConfigOf<Declaration>, adapters: AdaptersOf<Declaration>) {
  const { pipelines, now, newId } = adapters;
  const log = adapters.createLog('detect-changes', config.GOOGLE_CLOUD_PROJECT);
  const tracing = adapters.openTracing('detect-changes', config, log);
  const runs = adapters.objects(config.RUNS_BUCKET, config);
  const sources = adapters.sources(config, runs);
  const ports = {
    runs,
    runRequested: adapters.topic<RunRequested>(config.RUN_REQUESTED_TOPIC, config),
    now,
    newId,
    log,
  };
  const poll = async (tick: Tick): Promise<Answer> => {
    const source = sources[tick.pipeline.trigger.source.kind];
    const answer = await detectChanges(tick, { ...ports, source });
    describe({ 'sluice.pipeline': tick.pipeline.name });
    if (answer.kind === 'poll') {
      describe({ 'sluice.outcome': answer.outcome, [IDLE]: answer.outcome === 'no-change' });
    }
    return answer;
  };
  const watched = watchedBuckets(pipelines, config);
  return (call: HttpCall): Promise<HttpAnswer> => {
    const delivery = deliveryIn(call.body);
    const answer = () =>
      delivery === undefined
        ? answerOf(log, async () => poll(tickOf(call, pipelines, config)))
        : receiveHint(delivery, { ...ports, watched, poll: (each) => poll(tickOn(each, call)) });
    return tracing.during(() => inOwnTrace('poll', call.headers, answer));
  };
}

const watchedBuckets = (pipelines: Pipelines, config: ConfigOf<Declaration>): readonly WatchedBucket[] =>
  watchesOf(pipelines.values()).flatMap((pipeline) =>
    pipeline.trigger.source.kind === 'bucket' ? [{ pipeline, ...sourceSettings(pipeline, config) }] : [],
  );

const tickOn = (watched: WatchedBucket, { headers }: HttpCall): Tick => ({
  ...watched,
  nonce: null,
  cause: { kind: 'event', by: callerOf(headers), reason: null },
});

function tickOf(call: HttpCall, pipelines: Pipelines, config: ConfigOf<Declaration>): Tick {
  const body = tickBody.safeParse(call.body);
  if (!body.success)
    throw new PermanentError(
      `the call is invalid: ${z.prettifyError(body.error)}; expected {"pipeline": "name"}`,
      {
        code: 'CALL_INVALID',
      },
    );
  const { nonce, reason } = body.data;
  const caller = callerOf(call.headers);
  const isCommand = nonce !== undefined || body.data.by !== undefined;
  // An operator may start a poll; a command is recorded, so only handle-commands may pass one on.
  if (isCommand && caller !== config.COMMAND_HANDLER)
    throw new PermanentError(
      `${caller} may not request a run on behalf of an operator; only ${config.COMMAND_HANDLER} may`,
      { code: 'CALLER_NOT_ALLOWED' },
    );
  const by = body.data.by ?? caller;
  const pipeline = watchNamed(pipelines, body.data.pipeline);
  return {
    pipeline,
    ...sourceSettings(pipeline, config),
    nonce: nonce ?? null,
    cause: { kind: nonce === undefined ? 'schedule' : 'person', by, reason: reason ?? null },
  };
}
