// The rolling origins: the last months of the data, each predicted from what lies before it.
import { deadRows } from '../../../models/bikes/dead-runs.ts';
import type { Learnt } from '../../../models/bikes/learnt.ts';
import type { Hour, Observations } from '../../../models/bikes/observations.ts';
import { TooFewObservations } from '../trained.ts';

export interface Origin {
  /** The first hour that is predicted, and that no model of this origin may know. */
  readonly upTo: Hour;
  /** The first hour that is not predicted any more. */
  readonly end: Hour;
}

// Single months differ by weather and holidays more than candidates do.
const ORIGINS = 5;
const LONGEST_DAYS = 31;
/** A model learns from at least as long as all origins together are. */
const SHARE = 2 * ORIGINS;
const FEWEST_DAYS = 14;
/** Below this a counter has no level of its own, and whatever is predicted for it says nothing of the model. */
const FEWEST_HOURS = 7 * 24;

/** The first and the last hour of all; the observations are ordered by counter, not by hour. */
export function spanOf({ hour }: Observations): { readonly first: Hour; readonly last: Hour } {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const at of hour) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  return { first, last };
}

/** Oldest first. Throws `TooFewObservations` when the observations span less than two weeks. */
export function originsOf(observations: Observations): readonly Origin[] {
  const { first, last } = spanOf(observations);
  const days = Math.floor((last + 1 - first) / 24);
  if (!(days >= FEWEST_DAYS))
    throw new TooFewObservations(
      `counts of ${Math.max(0, days)} days`,
      `at least ${FEWEST_DAYS}, so that a model can be judged`,
    );
  const length = Math.min(LONGEST_DAYS, Math.floor(days / SHARE)) * 24;
  return Array.from({ length: ORIGINS }, (_, index) => {
    const end = last + 1 - (ORIGINS - 1 - index) * length;
    return { upTo: end - length, end };
  });
}

/** The rows that all candidates of an origin are judged on: not those of broken counters, or of new ones. */
export function judgedRows(observations: Observations, { upTo, end }: Origin, learnt: Learnt): Int32Array {
  const { counter, hour } = observations;
  const dead = deadRows(observations, Number.POSITIVE_INFINITY);
  const rows: number[] = [];
  for (let row = 0; row < hour.length; row += 1) {
    if (hour[row]! < upTo || hour[row]! >= end || dead[row] === 1) continue;
    if (learnt.counters[counter[row]!]!.hours >= FEWEST_HOURS) rows.push(row);
  }
  return Int32Array.from(rows);
}
