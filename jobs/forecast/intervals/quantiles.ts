// Which scores a band must reach, by horizon week, from the scores known on a day.
import type { Day } from '../series/panel.ts';
import type { ScoredOrigin } from './scores.ts';
import { scarcity, sharedPart, type EveningScores } from './shared-part.ts';

const WEEK = 7;
/** A band leaves one in ten below it and one in ten above. */
export const TAIL = 0.1;
/** However few evenings there are, the farthest one in a hundred is left out: it may be an outlier. */
const LEAST_TAIL = 0.01;
const LEAST_SCORES = 20;
/** After so many weeks an error counts half as much as the last one does: spring is not winter. */
const HALF_WEEKS = 8;
/** Later weeks have been judged on fewer evenings; the week before stands for so many of them where it is wider. */
const EVENINGS_LENT = 8;
/** More than so many scores say no more; every n-th is taken. */
const MOST_SCORES = 20_000;

export interface Reach {
  /** Mostly below 0. */
  readonly low: number;
  readonly high: number;
}

/** With nothing to learn from, the band reaches from 0 to twice the prediction. */
const UNKNOWN: Reach = { low: -1, high: 1 };

/** A forecast of the past, and what its scores are multiplied by. */
export interface Lesson {
  readonly origin: ScoredOrigin;
  readonly factor: number;
}

/** One reach for each horizon week up to `weeks`; a week that nothing is known of is like the one before it. */
export function reachesAsOf(lessons: readonly Lesson[], asOf: Day, weeks: number): readonly Reach[] {
  const reaches: Reach[] = [];
  for (let week = 0; week < weeks; week += 1)
    reaches.push(reachAfter(reaches.at(-1), scoresAsOf(lessons, asOf, week)));
  return reaches;
}

interface Known extends EveningScores {
  /** What each of the scores counts. */
  readonly weight: number;
}

function scoresAsOf(lessons: readonly Lesson[], asOf: Day, week: number): readonly Known[] {
  const used = lessons.filter(
    ({ origin }) => origin.asOf + week * WEEK < asOf && origin.weeks[week]?.scores.length !== 0,
  );
  const total = used.reduce((sum, { origin }) => sum + (origin.weeks[week]?.scores.length ?? 0), 0);
  const step = Math.max(1, Math.ceil(total / MOST_SCORES));
  let index = 0;
  const known = used.map(({ origin, factor }): Known => {
    const { days, scores } = origin.weeks[week] ?? { days: [], scores: [] };
    const weight = 0.5 ** ((asOf - origin.asOf) / WEEK / HALF_WEEKS);
    const taken: number[] = [];
    for (let at = 0; at < scores.length; at += 1) {
      if ((days[at] ?? Infinity) > asOf) continue;
      if (index % step === 0) taken.push((scores[at] ?? 0) * factor);
      index += 1;
    }
    return { weight, scores: taken };
  });
  return known.filter(({ scores }) => scores.length > 0);
}

interface WeighedScore {
  readonly score: number;
  readonly weight: number;
}

/**
 * The weighted quantiles, with the correction for few values that conformal prediction makes: a value that is
 * not known yet may lie farther out than all that are.
 */
function reachAfter(before: Reach | undefined, known: readonly Known[]): Reach {
  const scores = known.flatMap(({ weight, scores }) =>
    scores.map((score): WeighedScore => ({ score, weight })),
  );
  if (scores.length < LEAST_SCORES) return before ?? UNKNOWN;
  scores.sort((one, other) => one.score - other.score);
  const missing =
    (1 - TAIL) * scarcity(known, sharedPart(known, scoreOf(scores, 0.02), scoreOf(scores, 0.98)));
  const tail = Math.max(LEAST_TAIL, TAIL - missing) * scores.reduce((sum, { weight }) => sum + weight, 0);
  const own = { low: scoreAt(scores, tail), high: scoreAt(scores.toReversed(), tail) };
  if (before === undefined) return own;
  const lean = (mine: number, wider: number) =>
    (known.length * mine + EVENINGS_LENT * wider) / (known.length + EVENINGS_LENT);
  return {
    low: lean(own.low, Math.min(own.low, before.low)),
    high: lean(own.high, Math.max(own.high, before.high)),
  };
}

const scoreOf = (sorted: readonly WeighedScore[], share: number): number =>
  sorted[Math.floor(share * (sorted.length - 1))]?.score ?? 0;

/** The first score up to which more than `tail` of the weight lies. */
function scoreAt(scores: readonly WeighedScore[], tail: number): number {
  let passed = 0;
  for (const { score, weight } of scores) {
    passed += weight;
    if (passed > tail) return score;
  }
  return 0;
}
