// The trace of a caller, from the headers of its call.
import { TraceFlags, type SpanContext } from '@opentelemetry/api';

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

// W3C Trace Context; and what Google's front ends wrote before it, with the span's id in decimal.
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;
const CLOUD_TRACE = /^([0-9a-f]{32})\/(\d{1,20})(?:;o=(\d))?/;

/** The caller's span; undefined if the headers name none, or none that can be parsed. */
export function callerIn(headers: Headers): SpanContext | undefined {
  const [, traceId, spanId] = TRACEPARENT.exec(one(headers['traceparent'])) ?? [];
  if (traceId !== undefined && spanId !== undefined) return spanOf(traceId, spanId);
  const [, cloudTraceId, decimal] = CLOUD_TRACE.exec(one(headers['x-cloud-trace-context'])) ?? [];
  if (cloudTraceId === undefined || decimal === undefined) return undefined;
  return spanOf(cloudTraceId, BigInt.asUintN(64, BigInt(decimal)).toString(16).padStart(16, '0'));
}

const one = (header: string | readonly string[] | undefined): string =>
  typeof header === 'string' ? header : (header?.[0] ?? '');

/** Google's front end samples few of its own spans; the mesh writes few, and keeps all. */
const spanOf = (traceId: string, spanId: string): SpanContext | undefined =>
  /^0+$/.test(traceId) || /^0+$/.test(spanId)
    ? undefined
    : { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
