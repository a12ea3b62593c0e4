// Spans around the work of the mesh: one line for each step, and no effect where tracing is off.
import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { messageOf } from '../errors.ts';
import { beginning, belowRun } from './context.ts';
import { callerIn, type Headers } from './headers.ts';
import type { RunKey } from './ids.ts';

/** Marks a span that is not exported: a poll without a change, a sweep without anything overdue. */
export const IDLE = 'sluice.idle';

const tracer = trace.getTracer('sluice');

/** A step of the current work. */
export const step = <T>(name: string, work: () => Promise<T>, attributes: Attributes = {}): Promise<T> =>
  within(context.active(), name, attributes, work);

/**
 * Work on a run, in the run's trace. If a call led to it (a poll, a sweep, a command), the call is shown there as well,
 * from its beginning, and the two traces are linked.
 */
export function inRun<T>(
  run: RunKey,
  name: string,
  work: () => Promise<T>,
  attributes: Attributes = {},
): Promise<T> {
  const here = context.active();
  const about = { ...attributesOf(run), ...attributes };
  const began = beginning.in(here);
  const there = beginning.set(belowRun(here, run), undefined);
  if (began === undefined) return within(there, name, about, work, SpanKind.CONSUMER);

  const own = trace.getSpan(here);
  const links = own === undefined ? [] : [{ context: own.spanContext() }];
  const options = { attributes: attributesOf(run), startTime: began.startedAtMs, links };
  const shown = tracer.startSpan(began.name, options, there);
  own?.addLink({ context: shown.spanContext() });
  return ending(shown, () => within(trace.setSpan(there, shown), name, about, work));
}

/** A call with a trace of its own, or in its caller's trace, until its run is known. */
export function inOwnTrace<T>(name: string, headers: Headers, work: () => Promise<T>): Promise<T> {
  const caller = callerIn(headers);
  const here = caller === undefined ? context.active() : trace.setSpanContext(context.active(), caller);
  const began = beginning.set(here, { name, startedAtMs: Date.now() });
  return within(began, name, {}, work, SpanKind.SERVER);
}

/** Adds attributes to the current step. */
export const describe = (attributes: Attributes): void =>
  void trace.getSpan(context.active())?.setAttributes(attributes);

/** Marks the current step as failed, without throwing. */
export function failed(error: unknown): void {
  const span = trace.getSpan(context.active());
  if (span !== undefined) markFailed(span, error);
}

export const attributesOf = ({ pipeline, run }: RunKey): Attributes => ({
  'sluice.pipeline': pipeline,
  'sluice.run': run,
});

function within<T>(
  parent: Context,
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  kind = SpanKind.INTERNAL,
): Promise<T> {
  const span = tracer.startSpan(name, { attributes, kind }, parent);
  return ending(span, () => context.with(trace.setSpan(parent, span), work));
}

async function ending<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    markFailed(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function markFailed(span: Span, error: unknown): void {
  span.recordException(error instanceof Error ? error : messageOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
}
