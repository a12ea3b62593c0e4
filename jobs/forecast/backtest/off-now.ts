// Which sites are off now: their last days lie outside the band, or they open on other days than forecast.
import type { Band } from '../intervals/intervals.ts';
import { isoDateOf, visitsOn, type Day, type Panel } from '../series/panel.ts';

/** A site that reported nothing for longer than this is silent, and named as such. */
const LAST_DAYS = 14;
/** A closed day now and then is normal; after so many in a row, all forecast, what was before them is over. */
const CLOSED_AS_FORECAST_DAYS = 7;
/** So many last open days outside the band on one side are no chance: each is one in ten. */
const DAYS_OUTSIDE = 3;
/** One day is enough when it lies farther from the band than the band is wide. */
const WIDTHS_OUTSIDE = 1;

export type Deviation = 'below' | 'above' | 'closed' | 'open';

/** A site whose newest days are not what was expected, with the last of them in numbers. */
export interface OffSite {
  readonly code: string;
  readonly mall: string;
  /** `below` or `above` the band; `closed` though forecast open; `open` though forecast closed. */
  readonly deviation: Deviation;
  /** The first and the last of the days in a row of which this is true. */
  readonly since: string;
  readonly date: string;
  /** How many open days that is, or days on which the site should have been open. */
  readonly days: number;
  readonly actual: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
}

/** Predictions and band lie as the table's: one row per site, one column per day from `from` on. */
export interface Expected {
  readonly from: Day;
  readonly predictions: Int32Array;
  readonly band: Band;
}

interface ReportedDay {
  readonly day: Day;
  readonly actual: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
}

/** The farthest from its band first. `panel` holds the days as they were reported, with outliers. */
export function offNowOf(panel: Panel, expected: Expected): readonly OffSite[] {
  const found = panel.sites.flatMap(({ code, mall }, site) => {
    const row = lastRow(lastDays(panel, expected, site));
    return row === undefined ? [] : [{ ...row, site: { code, mall, ...row.site }, order: site }];
  });
  return found
    .toSorted((one, other) => other.widths - one.widths || one.order - other.order)
    .map(({ site }) => site);
}

/** The reported days on which the site was open or should have been, the newest first; none after a week closed as forecast. */
function lastDays(panel: Panel, { from, predictions, band }: Expected, site: number): readonly ReportedDay[] {
  const width = predictions.length / panel.sites.length;
  const first = Math.max(from, panel.lastDay - LAST_DAYS + 1);
  const days: ReportedDay[] = [];
  let closed = 0;
  for (let day = panel.lastDay; day >= first; day -= 1) {
    const at = site * width + day - from;
    const actual = visitsOn(panel, site, day);
    const [predicted = 0, lower = 0, upper = 0] = [predictions[at], band.lower[at], band.upper[at]];
    if (Number.isNaN(actual)) continue;
    if (actual === 0 && predicted === 0) {
      closed += 1;
      if (days.length === 0 && closed === CLOSED_AS_FORECAST_DAYS) return [];
      continue;
    }
    days.push({ day, actual, expected: predicted, lower, upper });
  }
  return days;
}

/** The days in a row, back from the newest, that deviate as it does; undefined when they are too few. */
function lastRow(days: readonly ReportedDay[]) {
  const [newest] = days;
  if (newest === undefined) return undefined;
  const deviation = deviationOf(newest);
  if (deviation === undefined) return undefined;
  const end = days.findIndex((day) => deviationOf(day) !== deviation);
  const row = end === -1 ? days : days.slice(0, end);
  const widths = Math.max(...row.map(widthsOutside));
  const isChance = row.length < DAYS_OUTSIDE && widths <= WIDTHS_OUTSIDE;
  if (isChance && (deviation === 'below' || deviation === 'above')) return undefined;
  const { day, ...numbers } = newest;
  const since = isoDateOf(row.at(-1)?.day ?? day);
  return { widths, site: { deviation, since, date: isoDateOf(day), days: row.length, ...numbers } };
}

function deviationOf({ actual, expected, lower, upper }: ReportedDay): Deviation | undefined {
  if (expected === 0) return 'open';
  if (actual === 0) return 'closed';
  if (actual < lower) return 'below';
  return actual > upper ? 'above' : undefined;
}

/** How far from the band, in widths of it; a day forecast as closed has no width. */
function widthsOutside({ actual, lower, upper }: ReportedDay): number {
  const outside = Math.max(lower - actual, actual - upper, 0);
  return outside / Math.max(1, upper - lower);
}
