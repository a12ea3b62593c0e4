// How a run, or a look at the source, ended: one closed list, recorded once.
import { z } from 'zod';
import type { ObjectStore } from '../objects/store.ts';
import { createOnce, readJson } from '../objects/json.ts';
import { outcomeObject, type RunId } from './names.ts';

export const OUTCOMES = [
  'published',
  'no-change',
  'waiting-incomplete',
  'waiting-settling',
  'paused',
  'queued',
  'superseded',
  'held',
  'quarantined',
  'failed',
  'cancelled',
  'dead-lettered',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

export const runOutcome = z.object({
  pipeline: z.string(),
  run: z.string(),
  outcome: z.enum(OUTCOMES),
  /** One sentence for a person: what, where, what was found against what was expected, what happens next. */
  reason: z.string(),
  attempt: z.int().min(0),
  rows: z.int().min(0).nullable(),
  at: z.iso.datetime(),
});
export type RunOutcome = z.infer<typeof runOutcome>;

/** The run's recorded end, or undefined while it goes on. */
export const readOutcome = async (
  runs: ObjectStore,
  pipeline: string,
  run: RunId,
): Promise<RunOutcome | undefined> => (await readJson(runs, outcomeObject(pipeline, run), runOutcome))?.value;

/** Records how the run ended. The first outcome stands (law 2); the one that stands is returned. */
export async function recordOutcome(runs: ObjectStore, outcome: RunOutcome): Promise<RunOutcome> {
  return createOnce(runs, outcomeObject(outcome.pipeline, outcome.run), runOutcome, outcome);
}
