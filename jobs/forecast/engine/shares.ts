// How far the model is trusted beside the steady forecast: decided by what each got wrong on earlier evenings.
import type { Day } from '../series/panel.ts';

const WEEK = 7;
/** After so many weeks an evening counts half as much as the last one does. */
const HALF_WEEKS = 12;
/** A model that errs so much of what the steady forecast errs, or less, is trusted alone; the other way round, not at all. */
const TRUSTED_RATIO = 0.8;
const DISTRUSTED_RATIO = 1.2;
/** What is expected of the ratio before anything was seen counts as so many evenings. */
const PRIOR_EVENINGS = 1;
/** With two years of history a model knows each season; with less it tends to see trends that are none. */
const FULL_HISTORY_DAYS = 730;
const EXPECTED_RATIO = 0.85;
const EXPECTED_WITHOUT_HISTORY = 1.2;

/** The rival forecasts of one evening; `leaning` is the model's, moved a little towards last year. */
export type Rival = 'model' | 'leaning' | 'steady';
export const RIVALS: readonly Rival[] = ['model', 'leaning', 'steady'];

/** What the rivals got wrong after one evening, by horizon week: sums of absolute errors, and of actuals. */
export interface ScoredEvening {
  readonly asOf: Day;
  readonly absolute: Readonly<Record<Rival, Float64Array>>;
  readonly actuals: Float64Array;
}

export interface Shares {
  /** Whether the model is moved towards last year: only where that has helped. */
  readonly leans: boolean;
  /** The model's share, 0 to 1; the rest is the steady forecast's. */
  readonly model: number;
}

/** Nothing that became known after the evening of `asOf` is used. `historyDays` is the length of the history. */
export function sharesAsOf(scored: readonly ScoredEvening[], asOf: Day, historyDays: number): Shares {
  const { wape, evenings } = evidenceOf(scored, asOf);
  const leans = evenings > 0 && wape.leaning < wape.model;
  const missing = Math.max(0, 1 - historyDays / FULL_HISTORY_DAYS);
  const expected = EXPECTED_RATIO + missing * (EXPECTED_WITHOUT_HISTORY - EXPECTED_RATIO);
  const observed = wape.steady > 0 ? Math.min(wape.model, wape.leaning) / wape.steady : expected;
  const ratio = (evenings * observed + PRIOR_EVENINGS * expected) / (evenings + PRIOR_EVENINGS);
  const model = (DISTRUSTED_RATIO - ratio) / (DISTRUSTED_RATIO - TRUSTED_RATIO);
  return { leans, model: Math.min(1, Math.max(0, model)) };
}

interface Evidence {
  readonly wape: Record<Rival, number>;
  /** How many evenings that rests on; faded ones, and those of which few weeks have passed, count in part. */
  readonly evenings: number;
}

/** Only whole weeks that had passed by then. */
function evidenceOf(scored: readonly ScoredEvening[], asOf: Day): Evidence {
  const wape: Record<Rival, number> = { model: 0, leaning: 0, steady: 0 };
  let weight = 0;
  for (const evening of scored) {
    const weeks = evening.actuals.length;
    const counts = 0.5 ** ((asOf - evening.asOf) / WEEK / HALF_WEEKS) / weeks;
    for (let week = 0; week < weeks; week += 1) {
      const actuals = evening.actuals[week] ?? 0;
      if (evening.asOf + (week + 1) * WEEK > asOf || actuals === 0) continue;
      for (const rival of RIVALS) wape[rival] += (counts * (evening.absolute[rival][week] ?? 0)) / actuals;
      weight += counts;
    }
  }
  if (weight > 0) for (const rival of RIVALS) wape[rival] /= weight;
  return { wape, evenings: weight };
}
