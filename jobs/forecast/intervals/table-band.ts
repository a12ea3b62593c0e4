// The bands of the whole table: of each week gone by as of its Sunday before, of the days to come as of now.
import type { Forecast, Origin } from '../engine/engine.ts';
import type { Day, Panel } from '../series/panel.ts';
import type { Band, Intervals } from './intervals.ts';

const WEEK = 7;

/** What is laid out as a table: one row per site, one column per day from `from` to `to`. */
export interface Span {
  readonly panel: Panel;
  readonly from: Day;
  /** Inclusive. */
  readonly to: Day;
}

/** The forecast of the days past the last actual, as an origin of its own. */
export function forecastToCome({ panel, from, to }: Span, predictions: Int32Array): Origin {
  const width = to - from + 1;
  const days = to - panel.lastDay;
  const ahead = new Int32Array(panel.sites.length * days);
  for (let site = 0; site < panel.sites.length; site += 1) {
    ahead.set(predictions.subarray((site + 1) * width - days, (site + 1) * width), site * days);
  }
  return { asOf: panel.lastDay, days, predictions: ahead };
}

/** Laid out as the forecast's predictions; 0 where no forecast of the walk reaches. */
export function bandOfTable(span: Span, forecast: Forecast, intervals: Intervals): Band {
  const { panel, from, to } = span;
  const width = to - from + 1;
  const cells = panel.sites.length * width;
  const table: Band = { lower: new Int32Array(cells), upper: new Int32Array(cells) };
  const lay = (origin: Origin, first: Day, last: Day): void => {
    const band = intervals.around(origin);
    for (let site = 0; site < panel.sites.length; site += 1) {
      const start = site * origin.days - origin.asOf - 1;
      const at = site * width + first - from;
      table.lower.set(band.lower.subarray(start + first, start + last + 1), at);
      table.upper.set(band.upper.subarray(start + first, start + last + 1), at);
    }
  };
  for (const origin of forecast.origins) {
    const first = Math.max(origin.asOf + 1, from);
    const last = Math.min(origin.asOf + WEEK, panel.lastDay);
    if (first <= last) lay(origin, first, last);
  }
  lay(forecastToCome(span, forecast.predictions), panel.lastDay + 1, to);
  return table;
}
