// The errors of past forecasts on one scale for all sites: in shares of the prediction and of the site's
// unsteadiness, as it was known when the forecast was made.
import type { Origin } from '../engine/engine.ts';
import { forEachKnownDay } from '../backtest/known.ts';
import type { Day, Panel } from '../series/panel.ts';

const WEEK = 7;

/** The scores of one forecast of the past, by horizon week, in order of site and day. */
export interface ScoredOrigin {
  readonly asOf: Day;
  /** `weeks[0]` holds the first week ahead. Empty where nothing is known. */
  readonly weeks: readonly ScoredWeek[];
}

export interface ScoredWeek {
  readonly days: Int32Array;
  readonly scores: Float64Array;
}

/** The actual over the prediction, less 1. NaN where a closed day was forecast: nothing spreads around 0. */
export const relativeError = (actual: number, predicted: number): number =>
  predicted > 0 ? (actual - predicted) / predicted : Number.NaN;

/** `scale` holds one number per site, known at the origin's `asOf`. */
export function scoresOf(panel: Panel, origin: Origin, scale: Float64Array): ScoredOrigin {
  const days: number[][] = [];
  const scores: number[][] = [];
  forEachKnownDay(panel, [origin], panel.firstDay, ({ site, day, horizonWeek, at, actual }) => {
    const error = relativeError(actual, origin.predictions[at] ?? 0);
    if (Number.isNaN(error)) return;
    (days[horizonWeek - 1] ??= []).push(day);
    (scores[horizonWeek - 1] ??= []).push(error / (scale[site] ?? 1));
  });
  const weeks = Array.from({ length: Math.ceil(origin.days / WEEK) }, (_, week) => ({
    days: Int32Array.from(days[week] ?? []),
    scores: Float64Array.from(scores[week] ?? []),
  }));
  return { asOf: origin.asOf, weeks };
}
