// Traces, sent to Google's Telemetry API as OTLP: opened once a process, told before each answer.
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
import { GoogleAuth } from 'google-auth-library';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Tracing } from '../functions/adapters.ts';
import type { Log } from '../logging.ts';
import { derivedIds } from '../tracing/context.ts';
import { IDLE } from '../tracing/spans.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';

// A trace is worth a moment and no more (law 10); what cannot be sent by then is lost, and the work is not.
const LONGEST_EXPORT_MS = 2_000;
const SCOPE = 'https://www.googleapis.com/auth/trace.append';

/** From here on everything in this process is traced. `component` is the function or the job that speaks. */
export function openTracing(component: string, config: GoogleConfig, log: Log): Tracing {
  const auth = new GoogleAuth({ scopes: [SCOPE] });
  const exporter = new OTLPTraceExporter({
    url: endpointsOf(config).traces,
    // Names the quota project where the credentials do, as a person's; a service account has its own.
    headers: async () => Object.fromEntries((await auth.getRequestHeaders()).entries()),
    timeoutMillis: LONGEST_EXPORT_MS,
  });
  const logLoss = (why: string) => log.warn(`the trace of this call is lost: ${why}`);
  const batch = new BatchSpanProcessor(tellingLosses(exporter, logLoss));
  const provider = new BasicTracerProvider({
    // Google's Telemetry API reads off the resource whose trace it is.
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
    // Why an export failed is told where it did.
    const answer = await Promise.race([provider.forceFlush(), late]).catch(() => 'told');
    if (answer === 'late') logLoss(`no answer within ${LONGEST_EXPORT_MS} ms`);
  };
  return { during: (work) => work().finally(send) };
}

const LONGEST_MESSAGE = 500;

/** Long work is told of while it goes on, and of what fails then nobody else would hear. */
const tellingLosses = (exporter: SpanExporter, report: (why: string) => void): SpanExporter => ({
  export: (spans, done) =>
    exporter.export(spans, (result) => {
      if (result.error !== undefined) report(textOf(result.error));
      done(result);
    }),
  shutdown: () => exporter.shutdown(),
});

/** The exporter keeps what the service said beside the message. */
function textOf(error: Error): string {
  const { data } = error as { data?: unknown };
  const words = typeof data === 'string' ? `${messageOf(error)}: ${data}` : messageOf(error);
  return words.slice(0, LONGEST_MESSAGE);
}

/** Random ids, but for the one span whose ids the context holds. */
function derivingIds(): IdGenerator {
  const random = new RandomIdGenerator();
  return {
    generateTraceId: () => derivedIds.in(context.active())?.traceId ?? random.generateTraceId(),
    generateSpanId: () => derivedIds.in(context.active())?.spanId ?? random.generateSpanId(),
  };
}

/** A look that saw nothing new is not worth a call: an unchanged tick stays as cheap as it is. */
const leavingOutIdle = (next: SpanProcessor): SpanProcessor => ({
  onStart: (span, parent) => next.onStart(span, parent),
  onEnd: (span) => span.attributes[IDLE] === true || next.onEnd(span),
  forceFlush: () => next.forceFlush(),
  shutdown: () => next.shutdown(),
});
