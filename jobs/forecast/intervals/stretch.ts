// Widens or narrows a band by how often the bands before it held: adaptive conformal prediction.
import type { Day } from '../series/panel.ts';
import { TAIL, type Reach } from './quantiles.ts';
import type { ScoredOrigin } from './scores.ts';

const WEEK = 7;
/** A tail of two in ten instead of one widens the next band on that side by 7 %; one odd week should not decide. */
const RATE = 0.7;
const SMALLEST = 0.6;
const LARGEST = 3;

/**
 * Factors for both sides of the band of one horizon week (from 0), from the earlier forecasts of which that
 * week had passed on the evening of `asOf`. `reachesOf` gives the reaches that an earlier forecast had.
 */
export function stretchAsOf(
  own: readonly ScoredOrigin[],
  asOf: Day,
  week: number,
  reachesOf: (origin: ScoredOrigin) => readonly Reach[],
): Reach {
  let [low, high] = [1, 1];
  for (const origin of own) {
    const scores = origin.weeks[week]?.scores ?? new Float64Array();
    if (origin.asOf + (week + 1) * WEEK > asOf || scores.length === 0) continue;
    const reach = reachesOf(origin)[week] ?? { low: 0, high: 0 };
    low = bounded(low * Math.exp(RATE * (shareOf(scores, (score) => score < reach.low) - TAIL)));
    high = bounded(high * Math.exp(RATE * (shareOf(scores, (score) => score > reach.high) - TAIL)));
  }
  return { low, high };
}

const bounded = (factor: number): number => Math.min(LARGEST, Math.max(SMALLEST, factor));

function shareOf(scores: Float64Array, isMissed: (score: number) => boolean): number {
  let missed = 0;
  for (const score of scores) if (isMissed(score)) missed += 1;
  return missed / scores.length;
}
