// The trace context of work: its run, the call that it began in, and the derived ids of a span.
import { createContextKey, trace, TraceFlags, type Context } from '@opentelemetry/api';
import { rootSpanIdOf, traceIdOf, type RunKey } from './ids.ts';

/** The ids of the one span whose ids are derived; `shared/google/tracing.ts` takes them from here. */
export interface DerivedIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** A call that began before its run was known. */
export interface Beginning {
  readonly name: string;
  readonly startedAtMs: number;
}

/** One value of the context, under a name. */
function slot<Value>(name: string) {
  const key = createContextKey(`sluice ${name}`);
  return {
    in: (context: Context) => context.getValue(key) as Value | undefined,
    set: (context: Context, value: Value | undefined) => context.setValue(key, value),
  };
}

export const derivedIds = slot<DerivedIds>('derived ids');
export const beginning = slot<Beginning>('beginning');
export const currentRun = slot<RunKey>('run');

/** A context in the run's trace, below the run's own span, which may not be written yet. */
export function belowRun(context: Context, run: RunKey): Context {
  const root = { traceId: traceIdOf(run), spanId: rootSpanIdOf(run), traceFlags: TraceFlags.SAMPLED };
  const { pipeline, run: id } = run;
  return currentRun.set(trace.setSpanContext(context, { ...root, isRemote: true }), { pipeline, run: id });
}
