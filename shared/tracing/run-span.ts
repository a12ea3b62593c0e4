// The span that is a run itself, from its request to its outcome: written by whoever records the outcome.
import { context, ROOT_CONTEXT, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';
import { messageOf } from '../errors.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import type { AskForRequest } from '../runs/request.ts';
import { derivedIds } from './context.ts';
import { rootSpanIdOf, traceIdOf } from './ids.ts';
import { attributesOf, describe } from './spans.ts';

const TROUBLE: readonly RunOutcome['outcome'][] = ['failed', 'quarantined', 'dead-lettered'];

/**
 * Its ids are derived and its times recorded, so that two who write it write the same. Where nothing is traced
 * nothing is read; and a trace that cannot be told never fails the run that it tells of.
 */
export async function traceRun(ended: RunOutcome, askForRequest: AskForRequest): Promise<void> {
  if (trace.getSpan(context.active())?.isRecording() !== true) return;
  try {
    const request = await askForRequest();
    const endedAtMs = Date.parse(ended.at);
    writeRunSpan(ended, request === undefined ? endedAtMs : Date.parse(request.requestedAt), endedAtMs);
  } catch (error) {
    describe({ 'sluice.untold': messageOf(error) });
  }
}

function writeRunSpan(ended: RunOutcome, startTime: number, endTime: number): void {
  const ids = { traceId: traceIdOf(ended), spanId: rootSpanIdOf(ended) };
  const attributes: Attributes = {
    ...attributesOf(ended),
    'sluice.outcome': ended.outcome,
    'sluice.reason': ended.reason,
    'sluice.attempt': ended.attempt,
    ...(ended.rows === null ? {} : { 'sluice.rows': ended.rows }),
  };
  const tracer = trace.getTracer('sluice');
  // The ids are taken from the active context in the very call that starts the span.
  const span = context.with(derivedIds.set(ROOT_CONTEXT, ids), () =>
    tracer.startSpan(`run ${ended.run}`, { root: true, startTime, attributes }),
  );
  if (TROUBLE.includes(ended.outcome)) span.setStatus({ code: SpanStatusCode.ERROR, message: ended.reason });
  span.end(endTime);
}
