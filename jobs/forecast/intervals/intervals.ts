// Between which numbers will the visitors lie, eight times in ten? Learnt from how wrong the same forecasts
// were before: conformal prediction, scaled by each site's unsteadiness.
import type { Origin } from '../engine/engine.ts';
import type { Day, Panel } from '../series/panel.ts';
import { reachesAsOf, type Reach } from './quantiles.ts';
import { scoresOf } from './scores.ts';
import { stretchAsOf } from './stretch.ts';
import { unsteadiness } from './scale.ts';

const WEEK = 7;
/** Naive forecasts are made on so many Sundays before the year, to have errors to learn from in January. */
const BORROWED_SUNDAYS = 16;

/** Bounds laid out as the predictions that they are about; whole numbers, lower ≤ prediction ≤ upper. */
export interface Band {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
}

export interface Intervals {
  /** The band around what was forecast on the evening of `asOf`, from nothing that became known later. */
  around(forecast: Origin): Band;
}

/** The days before the first origin for which `intervalsFrom` needs a naive forecast. */
export const borrowedDays = (panel: Panel, origins: readonly Origin[]): readonly Day[] => {
  const first = origins[0]?.asOf ?? panel.lastDay;
  const days = Array.from(
    { length: BORROWED_SUNDAYS },
    (_, index) => first - (BORROWED_SUNDAYS - index) * WEEK,
  );
  return days.filter((day) => day > panel.firstDay);
};

/** `naive` are forecasts made before the first of `origins`; both in order of `asOf`. */
export function intervalsFrom(panel: Panel, origins: readonly Origin[], naive: readonly Origin[]): Intervals {
  const earlier = [...naive, ...origins];
  const scales = new Map<Day, Float64Array>();
  const scaleAsOf = (asOf: Day): Float64Array => {
    const known = scales.get(asOf) ?? unsteadiness(panel, earlier, asOf);
    scales.set(asOf, known);
    return known;
  };
  const score = (origin: Origin) => scoresOf(panel, origin, scaleAsOf(origin.asOf));
  const own = origins.map(score);
  const borrowed = naive.map(score);
  const reaches = new Map<string, readonly Reach[]>();
  const reachesOn = (asOf: Day, weeks: number): readonly Reach[] => {
    const key = `${asOf} ${weeks}`;
    const known = reaches.get(key);
    if (known !== undefined) return known;
    const made = reachesAsOf(own, borrowed, asOf, weeks).map(({ low, high }, week) => {
      const stretch = stretchAsOf(own, asOf, week, (origin) => reachesOn(origin.asOf, origin.weeks.length));
      return { low: low * stretch.low, high: high * stretch.high };
    });
    reaches.set(key, made);
    return made;
  };
  const reachesOf = ({ asOf, days }: Origin) => reachesOn(asOf, Math.ceil(days / WEEK));
  return {
    around: (forecast) => bandOf(forecast, reachesOf(forecast), scaleAsOf(forecast.asOf)),
  };
}

function bandOf({ days, predictions }: Origin, reaches: readonly Reach[], scale: Float64Array): Band {
  const lower = new Int32Array(predictions.length);
  const upper = new Int32Array(predictions.length);
  for (let at = 0; at < predictions.length; at += 1) {
    const predicted = predictions[at] ?? 0;
    const reach = reaches[Math.floor((at % days) / WEEK)] ?? { low: 0, high: 0 };
    const unsteady = scale[Math.floor(at / days)] ?? 1;
    lower[at] = Math.min(predicted, Math.max(0, Math.floor(predicted * (1 + reach.low * unsteady))));
    upper[at] = Math.max(predicted, Math.ceil(predicted * (1 + reach.high * unsteady)));
  }
  return { lower, upper };
}
