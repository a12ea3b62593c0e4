// Structured logs, one JSON object a line, in the form that Cloud Logging reads.
import { pino, type Logger } from 'pino';

export type Log = Logger;

const SEVERITY: Record<string, string> = { warn: 'WARNING', fatal: 'CRITICAL' };

/** `component` is the function or the job that speaks. */
export const createLog = (component: string): Log =>
  pino({
    base: { component },
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ severity: SEVERITY[label] ?? label.toUpperCase() }) },
  });
