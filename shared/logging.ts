// Structured logs, one JSON object a line, in the form that Cloud Logging and Error Reporting read.
import { context, trace } from '@opentelemetry/api';
import { pino, type Logger } from 'pino';
import { currentRun } from './tracing/context.ts';
import { traceIdOf, type RunKey } from './tracing/ids.ts';

export type Log = Logger;

const SEVERITY: Record<string, string> = { warn: 'WARNING', fatal: 'CRITICAL' };
const ERROR_LEVEL = 50;
const REPORTED = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';

type Fields = Readonly<Record<string, unknown>>;

/** `component` is the function or the job that speaks, in `project`. */
export const createLog = (component: string, project: string): Log =>
  pino(
    {
      base: { component },
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ severity: SEVERITY[label] ?? label.toUpperCase() }) },
      mixin: (fields, level, logger) => ({
        ...whereOf(project, fields as Fields, logger.bindings()),
        ...(level >= ERROR_LEVEL ? reportOf(component, fields as Fields) : {}),
      }),
    },
    // A line is out before the call goes on: after its answer an instance gets no processor to write it with.
    pino.destination({ fd: process.stdout.fd, sync: true }),
  );

/**
 * Of which run a line speaks: as it says itself, or as the work says that it stands in. The trace is derived
 * from that (law 1), so that Cloud Logging shows all lines of a run together, whoever printed them.
 */
function whereOf(project: string, fields: Fields, bindings: Fields): Fields {
  const around = currentRun.in(context.active());
  const message = { ...around, ...bindings, ...fields };
  const here = trace.getSpanContext(context.active());
  const traceId = isRunKey(message) ? traceIdOf(message) : here?.traceId;
  if (traceId === undefined) return {};
  const unsaid = Object.entries(around ?? {}).filter(([name]) => !(name in bindings));
  return {
    ...Object.fromEntries(unsaid),
    'logging.googleapis.com/trace': `projects/${project}/traces/${traceId}`,
    // Unsaid, Cloud Logging takes it that there is no trace to look at.
    'logging.googleapis.com/trace_sampled': true,
    ...(here?.traceId === traceId ? { 'logging.googleapis.com/spanId': here.spanId } : {}),
  };
}

const isRunKey = (message: Partial<Record<keyof RunKey, unknown>>): message is RunKey =>
  typeof message.pipeline === 'string' && typeof message.run === 'string';

/** Error Reporting takes the line for an error by its type, and groups it by its stack. */
const reportOf = (service: string, { err }: Fields): Fields => ({
  '@type': REPORTED,
  serviceContext: { service },
  ...(err instanceof Error ? { stack_trace: err.stack } : {}),
});
