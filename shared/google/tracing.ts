// Sends traces to Google's Telemetry API as OTLP: opened once for each process, flushed before each answer.
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  RandomIdGenerator,
  type IdGenerator,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Tracing } from '../functions/adapters.ts';
import type { Log } from '../logging.ts';
import { derivedIds } from '../tracing/context.ts';
import { IDLE } from '../tracing/spans.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { ownTokens } from './own-tokens.ts';

// A function waits this long for its trace (law 10); after that the trace is lost, and the work is not.
const LONGEST_EXPORT_MS = 2_000;

/** From here on everything in this process is traced. `component` is the function or the job. */
export function openTracing(component: string, config: GoogleConfig, log: Log): Tracing {
  const { access } = ownTokens(config);
  const exporter = new OTLPTraceExporter({
    url: endpointsOf(config).traces,
    headers: async () => ({ authorization: `Bearer ${await access()}` }),
    timeoutMillis: LONGEST_EXPORT_MS,
  });
  const logLoss = (why: string) => log.warn(`The trace of this call is lost: ${why}`);
  const batch = new BatchSpanProcessor(reportingLosses(exporter, logLoss));
  const provider = new BasicTracerProvider({
    // Google's Telemetry API reads the project of the trace from the resource.
    resource: resourceFromAttributes({
      'service.name': component,
      'gcp.project_id': config.GOOGLE_CLOUD_PROJECT,
    }),
    idGenerator: derivingIds(),
    spanProcessors: [leavingOutIdle(batch)],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const send = async () => {
    const late = wait(LONGEST_EXPORT_MS, 'late' as const, { ref: false });
    // A failed export is reported by the exporter.
    const answer = await Promise.race([provider.forceFlush(), late]).catch(() => 'reported');
    if (answer === 'late') logLoss(`no answer within ${LONGEST_EXPORT_MS} ms`);
  };
  return {
    async during(work) {
      try {
        return await work();
      } finally {
        await send();
      }
    },
  };
}

const LONGEST_MESSAGE = 500;

/** Spans of long work are exported meanwhile; a failure of such an export is reported only here. */
const reportingLosses = (exporter: SpanExporter, report: (why: string) => void): SpanExporter => ({
  export: (spans, done) =>
    exporter.export(spans, (result) => {
      if (result.error !== undefined) report(textOf(result.error));
      done(result);
    }),
  shutdown: () => exporter.shutdown(),
});

/** The exporter keeps the service's own message in `data`. */
function textOf(error: Error): string {
  const { data } = error as { data?: unknown };
  const text = typeof data === 'string' ? `${messageOf(error)}: ${data}` : messageOf(error);
  return text.slice(0, LONGEST_MESSAGE);
}

/** Random ids, except for the span whose ids the context holds. */
function derivingIds(): IdGenerator {
  const random = new RandomIdGenerator();
  return {
    generateTraceId: () => derivedIds.in(context.active())?.traceId ?? random.generateTraceId(),
    generateSpanId: () => derivedIds.in(context.active())?.spanId ?? random.generateSpanId(),
  };
}

/** A poll that found no change is not exported: it would cost a call. */
const leavingOutIdle = (next: SpanProcessor): SpanProcessor => ({
  onStart: (span, parent) => next.onStart(span, parent),
  onEnd: (span) => span.attributes[IDLE] === true || next.onEnd(span),
  forceFlush: () => next.forceFlush(),
  shutdown: () => next.shutdown(),
});
