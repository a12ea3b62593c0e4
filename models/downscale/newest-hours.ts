// How much of a long training is learned: the work grows with the third power of the hours, the memory with their number.
import { fineSize, type Cover } from './cover.ts';
import { between, cellsOf, type Fields } from './field.ts';

/** Multiplications of the Gaussian processes, in its unit: about a minute of one core. */
const MOST_WORK = 4e10;
/** Numbers that they keep: a gigabyte. */
const MOST_NUMBERS = 2 ** 27;
const MOST_HOURS = 1_000;
const LEAST_HOURS = 24;

/** The newest hours, as many as can be learned from. Throws `RangeError` where not even a day of these grids can. */
export function newestHours(fine: Fields, cover: Cover): Fields {
  const most = mostHours(cover);
  if (most === 0) {
    const found = `${cellsOf(cover.coarse)} coarse and ${cellsOf(fineSize(cover))} fine cells`;
    throw new RangeError(`${found} are too many to learn from ${LEAST_HOURS} hours of them`);
  }
  return between(fine, Math.max(0, fine.hours.length - most), fine.hours.length);
}

/** How many hours of these grids can be learned; 0 where not even a day. */
function mostHours(cover: Cover): number {
  const [coarse, fine] = [cellsOf(cover.coarse), cellsOf(fineSize(cover))];
  // Each coarse cell factorises a matrix of all hours, and solves it for each of its fine cells.
  const isAffordable = (hours: number): boolean =>
    coarse * hours ** 3 + 2 * fine * hours ** 2 <= MOST_WORK && fine * hours <= MOST_NUMBERS;
  let hours = MOST_HOURS;
  while (hours >= LEAST_HOURS && !isAffordable(hours)) hours--;
  return hours < LEAST_HOURS ? 0 : hours;
}
