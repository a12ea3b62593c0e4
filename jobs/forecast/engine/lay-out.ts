// Lays the forecasts of a walk together: of each week the forecast of the Sunday before, then what is to come.
import type { Day, Panel } from '../series/panel.ts';
import type { Origin } from './engine.ts';

const WEEK = 7;

/**
 * Calls `copy` for each forecast with the first and the last day (inclusive) that a table from `from` to `to`
 * takes from it: up to a week of one made before the last actual, all days to come of the one made on it.
 */
export function takenFrom(
  walk: readonly Origin[],
  panel: Panel,
  from: Day,
  to: Day,
  copy: (origin: Origin, first: Day, last: Day) => void,
): void {
  for (const origin of walk) {
    const isLast = origin.asOf === panel.lastDay;
    const first = Math.max(origin.asOf + 1, from);
    const last = isLast ? to : Math.min(origin.asOf + WEEK, panel.lastDay);
    if (first <= last) copy(origin, first, last);
  }
}

/** One row per site, one column per day from `from` to `to`, row-major; 0 where no forecast of the walk reaches. */
export function layOut(walk: readonly Origin[], panel: Panel, from: Day, to: Day): Int32Array {
  const width = to - from + 1;
  const table = new Int32Array(panel.sites.length * width);
  takenFrom(walk, panel, from, to, (origin, first, last) =>
    copyDays(origin, origin.predictions, first, last, table, width, from),
  );
  return table;
}

/** Copies the days of every site out of values that lie as the origin's predictions do. */
export function copyDays(
  { asOf, days }: Origin,
  values: Int32Array,
  first: Day,
  last: Day,
  table: Int32Array,
  width: number,
  from: Day,
): void {
  for (let site = 0; site < table.length / width; site += 1) {
    const start = site * days - asOf - 1;
    table.set(values.subarray(start + first, start + last + 1), site * width + first - from);
  }
}
