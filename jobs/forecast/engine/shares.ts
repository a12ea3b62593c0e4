// How far the model is trusted beside the steady forecast: decided by what each got wrong on earlier evenings.
import type { Day } from '../series/panel.ts';

const WEEK = 7;
/** A mix is one of these shares of the model, the rest is the steady forecast's. */
export const MIXES = Array.from({ length: 11 }, (_, index) => index / 10);
/** After so many weeks an evening counts half as much as the last one does. */
const HALF_WEEKS = 8;
/** How much evidence the prior stands for, in evenings that differ by ten points of WAPE. */
const PRIOR_STRENGTH = 0.1;
/** With two years behind it a model knows each season; with less it is trusted less, until it has shown more. */
const FULL_HISTORY_DAYS = 730;
const SMALLEST_PRIOR = 0.2;
const LARGEST_PRIOR = 0.9;

/** The errors of one earlier evening's forecast, by horizon week. */
export interface ScoredMixes {
  readonly asOf: Day;
  /** The sum of absolute errors of each mix: `absolute[week][mix]`. */
  readonly absolute: readonly Float64Array[];
  /** The sum of actuals, by week. */
  readonly actuals: Float64Array;
}

/**
 * The model's share in each horizon week of a forecast made on the evening of `asOf`. Only whole weeks that
 * had passed by then are evidence; where there is little of it, the share stays near what the length of the
 * history (in days) suggests.
 */
export function sharesAsOf(
  scored: readonly ScoredMixes[],
  asOf: Day,
  weeks: number,
  historyDays: number,
): readonly number[] {
  const prior = Math.min(LARGEST_PRIOR, Math.max(SMALLEST_PRIOR, historyDays / FULL_HISTORY_DAYS));
  return Array.from({ length: weeks }, (_, week) => bestMix(evidenceOf(scored, asOf, week), prior));
}

interface Evidence {
  /** The mean WAPE of each mix. */
  readonly wapes: Float64Array;
  /** How many evenings that rests on, faded ones counted in part. */
  readonly weight: number;
}

function evidenceOf(scored: readonly ScoredMixes[], asOf: Day, week: number): Evidence {
  const wapes = new Float64Array(MIXES.length);
  let weight = 0;
  for (const evening of scored) {
    const actuals = evening.actuals[week] ?? 0;
    if (evening.asOf + (week + 1) * WEEK > asOf || actuals === 0) continue;
    const counts = 0.5 ** ((asOf - evening.asOf) / WEEK / HALF_WEEKS);
    weight += counts;
    MIXES.forEach((_, mix) => (wapes[mix]! += (counts * (evening.absolute[week]?.[mix] ?? 0)) / actuals));
  }
  return { wapes, weight };
}

function bestMix({ wapes, weight }: Evidence, prior: number): number {
  let best = prior;
  let least = Number.POSITIVE_INFINITY;
  MIXES.forEach((share, mix) => {
    const cost = (wapes[mix] ?? 0) + PRIOR_STRENGTH * (share - prior) ** 2;
    if (cost >= least) return;
    least = cost;
    best = share;
  });
  return weight === 0 ? prior : best;
}
