// How far forecasts were from what came, on the days of the current year whose actuals are known.
import { dayCount, type Panel } from '../series/panel.ts';
import type { ForecastRequest } from './engine.ts';

export interface Measures {
  /** The sum of absolute errors over the sum of actuals; null when nobody came. */
  readonly wape: number | null;
  /** Visitors a site-day. */
  readonly mae: number | null;
  /** The sum of errors over the sum of actuals: above 0, the forecast is too high. */
  readonly bias: number | null;
  readonly days: number;
}

/** `predictions` is laid out as the request's forecast. */
export function measure(request: ForecastRequest, predictions: Int32Array): Measures {
  const { panel, from, to } = request;
  const width = to - from + 1;
  let absolute = 0;
  let signed = 0;
  let actuals = 0;
  let days = 0;
  for (let site = 0; site < panel.sites.length; site += 1) {
    for (let day = from; day <= panel.lastDay; day += 1) {
      const actual = actualOn(panel, site, day);
      if (Number.isNaN(actual)) continue;
      const error = (predictions[site * width + (day - from)] ?? 0) - actual;
      absolute += Math.abs(error);
      signed += error;
      actuals += actual;
      days += 1;
    }
  }
  return {
    wape: actuals === 0 ? null : rounded(absolute / actuals),
    mae: days === 0 ? null : rounded(absolute / days),
    bias: actuals === 0 ? null : rounded(signed / actuals),
    days,
  };
}

const actualOn = (panel: Panel, site: number, day: number): number =>
  day < panel.firstDay
    ? Number.NaN
    : (panel.visits[site * dayCount(panel) + (day - panel.firstDay)] ?? Number.NaN);

const rounded = (value: number): number => Number(value.toFixed(6));
