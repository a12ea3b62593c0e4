// The ids of a run's trace: derived from the run, never random (law 1), so that every function writes into the same trace.
import { createHash } from 'node:crypto';
import type { RunId } from '../runs/names.ts';

/** The run of a span or a log line. */
export interface RunKey {
  readonly pipeline: string;
  readonly run: RunId;
}

/**
 * 32 hex digits, as OpenTelemetry and Cloud Trace write them. No message carries it: a redelivery, a sweep after every
 * event was lost, and the job all derive the same id.
 */
export const traceIdOf = ({ pipeline, run }: RunKey): string => digest(`trace ${pipeline} ${run}`, 32);

/** The id of the run's own span, which the function that records the outcome writes. */
export const rootSpanIdOf = ({ pipeline, run }: RunKey): string => digest(`run ${pipeline} ${run}`, 16);

const digest = (text: string, digits: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, digits);
