// Cloud Trace behind the port to recorded traces: one trace by its id.
import type { RecordedSpan, RecordedTraces } from '../tracing/recorded.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure } from './failures.ts';
import { CallRefused, callsTo } from './http-calls.ts';
import { ownTokens } from './own-tokens.ts';

interface TraceSpan {
  /** A number of 64 bits, in decimal. */
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const COMPONENT = 'service.name';
const FAILURE = '/error/message';
/** Spans beyond it are not shown; a run has some dozens. */
const MOST_SPANS = 5_000;

export function googleTraces(config: GoogleConfig): RecordedTraces {
  const { origin, isGoogle } = endpointsOf(config).recordedTraces;
  const send = callsTo(origin, isGoogle ? ownTokens(config).access : undefined);
  return {
    async spansOf(traceId) {
      try {
        const path = `/v1/projects/${config.GOOGLE_CLOUD_PROJECT}/traces/${traceId}`;
        const answer = await send({ method: 'GET', path });
        if (answer.status === 404) return [];
        if (answer.status !== 200) throw new CallRefused(answer);
        const { spans = [] } = JSON.parse(answer.body.toString('utf8')) as { spans?: readonly TraceSpan[] };
        return spans.slice(0, MOST_SPANS).flatMap((span) => spanOf(span) ?? []);
      } catch (error) {
        throw failure(`reading the trace ${traceId}`, error);
      }
    },
  };
}

/** Undefined for one without an id or times, which has no place among the others. */
function spanOf({
  spanId,
  parentSpanId,
  name,
  startTime,
  endTime,
  labels = {},
}: TraceSpan): RecordedSpan | undefined {
  const [startMs, endMs] = [Date.parse(startTime ?? ''), Date.parse(endTime ?? '')];
  if (spanId === undefined || Number.isNaN(startMs) || Number.isNaN(endMs)) return undefined;
  const { [COMPONENT]: component = '', [FAILURE]: failed, ...attributes } = labels;
  return {
    id: spanId,
    parentId: parentSpanId === undefined || parentSpanId === '0' ? undefined : parentSpanId,
    name: name ?? '',
    component,
    startMs,
    endMs,
    attributes,
    failure: failed,
  };
}
