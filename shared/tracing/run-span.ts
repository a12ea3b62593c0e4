// The span of a run, from its request to its outcome: the function that records the outcome writes it.
import { context, ROOT_CONTEXT, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';
import { messageOf } from '../errors.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import { derivedIds } from './context.ts';
import { rootSpanIdOf, traceIdOf } from './ids.ts';
import { attributesOf, describe } from './spans.ts';

const TROUBLE: readonly RunOutcome['outcome'][] = ['failed', 'quarantined', 'dead-lettered'];

/** Reads when the run was requested. */
export type ReadRequestTime = () => Promise<{ readonly requestedAt: string } | undefined>;

/**
 * Its ids are derived and its times recorded, so that two functions write the same span. Without tracing nothing is read;
 * and a span that cannot be written never fails its run.
 */
export async function traceRun(ended: RunOutcome, readRequest: ReadRequestTime): Promise<void> {
  if (trace.getSpan(context.active())?.isRecording() !== true) return;
  try {
    const request = await readRequest();
    const endedAtMs = Date.parse(ended.at);
    writeRunSpan(ended, request === undefined ? endedAtMs : Date.parse(request.requestedAt), endedAtMs);
  } catch (error) {
    describe({ 'sluice.span-error': messageOf(error) });
  }
}

function writeRunSpan(ended: RunOutcome, startTime: number, endTime: number): void {
  const ids = { traceId: traceIdOf(ended), spanId: rootSpanIdOf(ended) };
  const attributes: Attributes = {
    ...attributesOf(ended),
    'sluice.outcome': ended.outcome,
    ...(ended.code === null ? {} : { 'sluice.code': ended.code }),
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
