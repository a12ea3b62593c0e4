// The decisions of the dispatch: numbered objects, created once, each with the whole state of a pipeline's queue.
import { z } from 'zod';
import { measured } from './estimate.ts';

export const slot = z.object({
  run: z.string(),
  attempt: z.int().min(1),
  /** The owner's hash. */
  owner: z.string(),
  /** Dollars, as the entry expected them. */
  cost: z.number().min(0),
  since: z.iso.datetime(),
});
export type Slot = z.infer<typeof slot>;

export const dispatchState = z.object({
  n: z.int().min(1),
  /** Identifies the writer (law 3). */
  token: z.string(),
  at: z.iso.datetime(),
  /** The runs that execute: at most the pipeline's `concurrency`. */
  slots: z.array(slot).readonly(),
  /** Deficit round robin: what each owner that waits may still start, in dollars; and the owner whose turn is next. */
  deficits: z.record(z.string(), z.number()),
  cursor: z.string().nullable(),
  /** Dollars started today (UTC), by owner: the bound of spending. */
  spending: z.object({ day: z.iso.date(), owners: z.record(z.string(), z.number()) }),
  /** The newest finished runs, at most 50: the history of estimates. */
  history: z.array(measured).max(50).readonly(),
});
export type DispatchState = z.infer<typeof dispatchState>;
