// The ids of a run's trace: derived from the run, never random (law 1), so that whoever works on it joins it.
import { createHash } from 'node:crypto';
import type { RunId } from '../runs/names.ts';

/** Which run a span or a log line speaks of. */
export interface RunKey {
  readonly pipeline: string;
  readonly run: RunId;
}

/**
 * 32 hex digits, as OpenTelemetry and Cloud Trace write them. Nothing has to carry it: a redelivery, a sweep
 * after every event was lost, and the job all come to the same trace.
 */
export const traceIdOf = ({ pipeline, run }: RunKey): string => digest(`trace ${pipeline} ${run}`, 32);

/** The id of the span that is the run itself, which whoever records the outcome writes. */
export const rootSpanIdOf = ({ pipeline, run }: RunKey): string => digest(`run ${pipeline} ${run}`, 16);

const digest = (text: string, digits: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, digits);
