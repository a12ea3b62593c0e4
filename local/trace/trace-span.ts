// A span in the form of the Cloud Trace API, version 1.
import type { Span } from './span.ts';

/** The ids are numbers of 64 bits, and every attribute is a label, which is text. */
export const traceSpan = ({
  spanId,
  parentSpanId,
  name,
  component,
  startMs,
  endMs,
  attributes,
  failure,
}: Span) => ({
  spanId: decimal(spanId),
  ...(parentSpanId !== undefined && { parentSpanId: decimal(parentSpanId) }),
  name,
  startTime: timeOf(startMs),
  endTime: timeOf(endMs),
  labels: {
    ...Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
    'service.name': component,
    ...(failure !== undefined && { '/error/message': failure }),
  },
});

const decimal = (hex: string): string => BigInt(`0x${hex}`).toString();

/** With the fractions of a millisecond that a span has. */
function timeOf(ms: number): string {
  const whole = Math.floor(ms);
  const nanoseconds = Math.round((ms - whole) * 1e6) + (whole % 1000) * 1e6;
  return new Date(whole).toISOString().replace(/\.\d+Z$/, `.${String(nanoseconds).padStart(9, '0')}Z`);
}
