// Structured logs, one JSON object a line, in the form that Cloud Logging and Error Reporting read.
import { context, trace } from '@opentelemetry/api';
import { pino, type Logger } from 'pino';
import { codeOf } from './errors.ts';
import { currentRun } from './tracing/context.ts';
import { traceIdOf, type RunKey } from './tracing/ids.ts';

export type Log = Logger;

const SEVERITY: Record<string, string> = { warn: 'WARNING', fatal: 'CRITICAL' };
const ERROR_LEVEL = 50;
const REPORTED = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';

type Fields = Readonly<Record<string, unknown>>;

/** `component` is the function or the job that logs, in `project`. A line with an error carries the error's code. */
export const createLog = (component: string, project: string): Log =>
  pino(
    {
      base: { component },
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ severity: SEVERITY[label] ?? label.toUpperCase() }) },
      mixin: (fields, level, logger) => ({
        ...whereOf(project, fields as Fields, logger.bindings()),
        ...('err' in fields ? { code: codeOf(fields.err) } : {}),
        ...(level >= ERROR_LEVEL ? reportOf(component, fields as Fields) : {}),
      }),
    },
    // Lines are written synchronously: after its answer an instance gets no processor time.
    pino.destination({ fd: process.stdout.fd, sync: true }),
  );

/**
 * The run that a line concerns: from its own fields, or from the work that logs it. The trace id is derived from the run
 * (law 1), so that Cloud Logging shows all lines of a run together, whichever function logged them.
 */
function whereOf(project: string, fields: Fields, bindings: Fields): Fields {
  const around = currentRun.in(context.active());
  const known = { ...around, ...bindings, ...fields };
  const here = trace.getSpanContext(context.active());
  const traceId = isRunKey(known) ? traceIdOf(known) : here?.traceId;
  if (traceId === undefined) return {};
  const inherited = Object.entries(around ?? {}).filter(([name]) => !(name in bindings));
  return {
    ...Object.fromEntries(inherited),
    'logging.googleapis.com/trace': `projects/${project}/traces/${traceId}`,
    // Without it, Cloud Logging shows no link to the trace.
    'logging.googleapis.com/trace_sampled': true,
    ...(here?.traceId === traceId ? { 'logging.googleapis.com/spanId': here.spanId } : {}),
  };
}

const isRunKey = (fields: Partial<Record<keyof RunKey, unknown>>): fields is RunKey =>
  typeof fields.pipeline === 'string' && typeof fields.run === 'string';

/** Error Reporting recognises an error by this type, and groups errors by their stack. */
const reportOf = (service: string, { err }: Fields): Fields => ({
  '@type': REPORTED,
  serviceContext: { service },
  ...(err instanceof Error ? { stack_trace: err.stack } : {}),
});
