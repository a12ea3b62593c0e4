// How much of a long training is learned: the work grows with the cells and with the third power of the hours.
import type { Cover } from './cover.ts';
import { between, cellsOf, type Fields } from './field.ts';

/** Cells × hours³, which the time grows with: about a minute of one core. */
const MOST_WORK = 4e10;
const MOST_HOURS = 1_000;
const LEAST_HOURS = 24;

/** The newest hours, as many as can be learned from in time. Throws `RangeError` where the coarse grid is too large for a day. */
export function newestHours(fine: Fields, cover: Cover): Fields {
  const cells = cellsOf(cover.coarse);
  const most = Math.min(MOST_HOURS, Math.floor(Math.cbrt(MOST_WORK / cells)));
  if (most < LEAST_HOURS)
    throw new RangeError(
      `the coarse grid has ${cells} cells; expected at most ${Math.floor(MOST_WORK / LEAST_HOURS ** 3)}`,
    );
  return between(fine, Math.max(0, fine.hours.length - most), fine.hours.length);
}
