// Which scores a band must reach, by horizon week, from the scores known on a day.
import type { Day } from '../series/panel.ts';
import type { ScoredOrigin } from './scores.ts';

const WEEK = 7;
/** A band leaves one in ten below it and one in ten above. */
const TAIL = 0.1;
/** The model's own errors speak alone once so many of its forecasts can be judged; until then those of the
 *  naive forecast from before the year are counted with them, which makes the band too wide, not too narrow. */
const LEAST_OWN_ORIGINS = 4;
const LEAST_SCORES = 20;
/** More than so many scores say no more; every n-th is taken. */
const MOST_SCORES = 50_000;

export interface Reach {
  /** Mostly below 0. */
  readonly low: number;
  readonly high: number;
}

/** With nothing to learn from, everything from nobody to twice as many is possible. */
const UNKNOWN: Reach = { low: -1, high: 1 };

/** One reach for each horizon week up to `weeks`; a week that nothing is known of is like the one before it. */
export function reachesAsOf(
  own: readonly ScoredOrigin[],
  borrowed: readonly ScoredOrigin[],
  asOf: Day,
  weeks: number,
): readonly Reach[] {
  const reaches: Reach[] = [];
  for (let week = 0; week < weeks; week += 1) {
    const before = reaches.at(-1) ?? UNKNOWN;
    reaches.push(reachOf(scoresAsOf(own, borrowed, asOf, week)) ?? before);
  }
  return reaches;
}

function scoresAsOf(
  own: readonly ScoredOrigin[],
  borrowed: readonly ScoredOrigin[],
  asOf: Day,
  week: number,
): Float64Array {
  const known = (origins: readonly ScoredOrigin[]) =>
    origins.filter((origin) => origin.asOf + week * WEEK < asOf && origin.weeks[week]?.scores.length !== 0);
  const ours = known(own);
  const used = ours.length >= LEAST_OWN_ORIGINS ? ours : [...known(borrowed), ...ours];
  const total = used.reduce((sum, origin) => sum + (origin.weeks[week]?.scores.length ?? 0), 0);
  const step = Math.max(1, Math.ceil(total / MOST_SCORES));
  const scores: number[] = [];
  let index = 0;
  for (const origin of used) {
    const { days, scores: all } = origin.weeks[week] ?? { days: [], scores: [] };
    for (let at = 0; at < all.length; at += 1) {
      if ((days[at] ?? Infinity) > asOf) continue;
      if (index % step === 0) scores.push(all[at] ?? 0);
      index += 1;
    }
  }
  return Float64Array.from(scores);
}

/** The empirical quantiles with the correction for few values that conformal prediction makes. */
function reachOf(scores: Float64Array): Reach | undefined {
  if (scores.length < LEAST_SCORES) return undefined;
  const sorted = scores.sort();
  const rank = Math.min(sorted.length, Math.ceil((1 - TAIL) * (sorted.length + 1)));
  return { low: sorted[sorted.length - rank] ?? 0, high: sorted[rank - 1] ?? 0 };
}
