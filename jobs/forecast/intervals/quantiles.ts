// Which scores a band must reach, by horizon week, from the scores known on a day.
import type { Day } from '../series/panel.ts';
import type { ScoredOrigin } from './scores.ts';

const WEEK = 7;
/** A band leaves one in ten below it and one in ten above. */
export const TAIL = 0.1;
/** The model's own errors speak alone once so many of its forecasts can be judged; until then those of the
 *  naive forecast from before the year are counted with them, which makes the band too wide, not too narrow. */
const LEAST_OWN_ORIGINS = 4;
const LEAST_SCORES = 20;
/** After so many weeks an error counts half as much as the last one does: spring is not winter. */
const HALF_WEEKS = 6;
/** More than so many scores say no more; every n-th is taken. */
const MOST_SCORES = 50_000;

export interface Reach {
  /** Mostly below 0. */
  readonly low: number;
  readonly high: number;
}

/** With nothing to learn from, the band reaches from 0 to twice the prediction. */
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

interface WeighedScore {
  readonly score: number;
  readonly weight: number;
}

function scoresAsOf(
  own: readonly ScoredOrigin[],
  borrowed: readonly ScoredOrigin[],
  asOf: Day,
  week: number,
): WeighedScore[] {
  const known = (origins: readonly ScoredOrigin[]) =>
    origins.filter((origin) => origin.asOf + week * WEEK < asOf && origin.weeks[week]?.scores.length !== 0);
  const ours = known(own);
  const used = ours.length >= LEAST_OWN_ORIGINS ? ours : [...known(borrowed), ...ours];
  const total = used.reduce((sum, origin) => sum + (origin.weeks[week]?.scores.length ?? 0), 0);
  const step = Math.max(1, Math.ceil(total / MOST_SCORES));
  const weighed: WeighedScore[] = [];
  let index = 0;
  for (const origin of used) {
    const { days, scores } = origin.weeks[week] ?? { days: [], scores: [] };
    const weight = 0.5 ** ((asOf - origin.asOf) / WEEK / HALF_WEEKS);
    for (let at = 0; at < scores.length; at += 1) {
      if ((days[at] ?? Infinity) > asOf) continue;
      if (index % step === 0) weighed.push({ score: scores[at] ?? 0, weight });
      index += 1;
    }
  }
  return weighed;
}

/** The weighted quantiles, with the correction for few values that conformal prediction makes. */
function reachOf(scores: WeighedScore[]): Reach | undefined {
  if (scores.length < LEAST_SCORES) return undefined;
  scores.sort((one, other) => one.score - other.score);
  const total = scores.reduce((sum, { weight }) => sum + weight, 0);
  const squares = scores.reduce((sum, { weight }) => sum + weight * weight, 0);
  const tail = (TAIL - ((1 - TAIL) * squares) / (total * total)) * total;
  return { low: scoreAt(scores, tail), high: scoreAt(scores.toReversed(), tail) };
}

/** The first score up to which more than `tail` of the weight lies. */
function scoreAt(scores: readonly WeighedScore[], tail: number): number {
  let passed = 0;
  for (const { score, weight } of scores) {
    passed += weight;
    if (passed > tail) return score;
  }
  return 0;
}
