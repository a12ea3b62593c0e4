// The bands of the whole table: of each past week as of its Sunday before, of the days to come as of now.
import type { Origin } from '../engine/engine.ts';
import { copyDays, takenFrom } from '../engine/lay-out.ts';
import type { Day, Panel } from '../series/panel.ts';
import type { Band, Intervals } from './intervals.ts';

/** What is laid out as a table: one row per site, one column per day from `from` to `to`. */
export interface Span {
  readonly panel: Panel;
  readonly from: Day;
  /** Inclusive. */
  readonly to: Day;
}

/** Laid out as the table's predictions; 0 where no forecast of the walk reaches. */
export function bandOfTable({ panel, from, to }: Span, walk: readonly Origin[], intervals: Intervals): Band {
  const width = to - from + 1;
  const cells = panel.sites.length * width;
  const table: Band = { lower: new Int32Array(cells), upper: new Int32Array(cells) };
  takenFrom(walk, panel, from, to, (origin, first, last) => {
    const band = intervals.around(origin);
    copyDays(origin, band.lower, first, last, table.lower, width, from);
    copyDays(origin, band.upper, first, last, table.upper, width, from);
  });
  return table;
}
