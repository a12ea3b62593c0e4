// How far predictions are from the truth: the numbers of `metrics.json`. A number that cannot be computed is null, and
// `reasons` says why.
import type { Coded } from '../../../models/heat/documents.ts';
import { coded } from '../texts/coded.ts';

export interface Scores {
  /** Pairs in which both have a value. */
  readonly count: number;
  /** √(mean of (p − t)²) */
  readonly rmse: number | null;
  /** mean of |p − t| */
  readonly mae: number | null;
  /** mean of p − t */
  readonly bias: number | null;
  /** 1 − Σ(p − t)² / Σ(t − mean t)²: 1 at best, below 0 where the mean of the truth predicts better. */
  readonly r2: number | null;
  /** Pearson's: −1 to 1. */
  readonly correlation: number | null;
  readonly reasons: Readonly<Record<string, Coded>>;
}

/** Sums pairs one by one; means and squares are updated in place, so that no large sums cancel each other. */
export class ErrorSums {
  #count = 0;
  #squares = 0;
  #absolute = 0;
  #errors = 0;
  #meanTruth = 0;
  #meanPredicted = 0;
  #spreadTruth = 0;
  #spreadPredicted = 0;
  #together = 0;

  /** A pair of which one has no value is left out. */
  add(predicted: number, truth: number): void {
    const error = predicted - truth;
    if (Number.isNaN(error)) return;
    this.#count++;
    this.#squares += error * error;
    this.#absolute += Math.abs(error);
    this.#errors += error;
    const [fromTruth, fromPredicted] = [truth - this.#meanTruth, predicted - this.#meanPredicted];
    this.#meanTruth += fromTruth / this.#count;
    this.#meanPredicted += fromPredicted / this.#count;
    this.#spreadTruth += fromTruth * (truth - this.#meanTruth);
    this.#spreadPredicted += fromPredicted * (predicted - this.#meanPredicted);
    this.#together += fromTruth * (predicted - this.#meanPredicted);
  }

  scores(): Scores {
    const count = this.#count;
    if (count === 0) return noScores(coded('no-pairs'));
    const reasons: Record<string, Coded> = {};
    if (this.#spreadTruth === 0) reasons['r2'] = coded('same-truth');
    const spread = Math.sqrt(this.#spreadTruth) * Math.sqrt(this.#spreadPredicted);
    if (spread === 0) reasons['correlation'] = coded('same-truth-or-prediction');
    return {
      count,
      rmse: Math.sqrt(this.#squares / count),
      mae: this.#absolute / count,
      bias: this.#errors / count,
      r2: this.#spreadTruth === 0 ? null : 1 - this.#squares / this.#spreadTruth,
      correlation: spread === 0 ? null : Math.min(1, Math.max(-1, this.#together / spread)),
      reasons,
    };
  }
}

/** All numbers null, for one reason. */
export const noScores = (reason: Coded): Scores => ({
  count: 0,
  rmse: null,
  mae: null,
  bias: null,
  r2: null,
  correlation: null,
  reasons: Object.fromEntries(['rmse', 'mae', 'bias', 'r2', 'correlation'].map((name) => [name, reason])),
});

export function scoresOf(predicted: ArrayLike<number>, truth: ArrayLike<number>): Scores {
  const sums = new ErrorSums();
  for (let at = 0; at < truth.length; at++) sums.add(predicted[at]!, truth[at]!);
  return sums.scores();
}

/** By how many percent an error is smaller than that of a baseline; negative where it is larger. */
export const improvementPercent = (rmse: number | null, baseline: number | null): number | null =>
  rmse === null || baseline === null || baseline === 0 ? null : 100 * (1 - rmse / baseline);
