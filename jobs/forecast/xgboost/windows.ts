// Means over windows of days, and over runs of the same weekday, in two look-ups each.
export const WEEK = 7;

/** Counts are kept in 16 bits: a row is decades long at most. */
const WIDEST = 2 ** 15 - 1;

/** Built once over `sites` rows of `width` values; NaN values do not count. Days outside the row do not either. */
export class WindowSums {
  readonly #width: number;
  readonly #sums: Float64Array;
  readonly #counts: Int16Array;

  constructor(values: Float64Array, sites: number, width: number) {
    refuseTooWide(width);
    this.#width = width;
    this.#sums = new Float64Array(sites * (width + 1));
    this.#counts = new Int16Array(sites * (width + 1));
    for (let site = 0; site < sites; site += 1) {
      for (let day = 0; day < width; day += 1) {
        const value = values[site * width + day]!;
        const counts = Number.isNaN(value) ? 0 : 1;
        const at = site * (width + 1) + day;
        this.#sums[at + 1] = this.#sums[at]! + (counts === 1 ? value : 0);
        this.#counts[at + 1] = this.#counts[at]! + counts;
      }
    }
  }

  /** The mean from day `from` to day `to`, both counted; NaN when fewer than `least` values are there. */
  mean(site: number, from: number, to: number, least = 1): number {
    const first = Math.max(from, 0);
    const last = Math.min(to, this.#width - 1);
    if (last < first) return Number.NaN;
    const row = site * (this.#width + 1);
    const count = this.#counts[row + last + 1]! - this.#counts[row + first]!;
    return count < least ? Number.NaN : (this.#sums[row + last + 1]! - this.#sums[row + first]!) / count;
  }
}

/** As `WindowSums`, over the days of one weekday. Where `counted` is given, days with a 0 in it do not count. */
export class WeekdaySums {
  readonly #width: number;
  readonly #sums: Float64Array;
  readonly #counts: Int16Array;

  constructor(values: Float64Array, sites: number, width: number, counted?: Uint8Array) {
    refuseTooWide(width);
    this.#width = width;
    this.#sums = new Float64Array(sites * width);
    this.#counts = new Int16Array(sites * width);
    for (let site = 0; site < sites; site += 1) {
      for (let day = 0; day < width; day += 1) {
        const at = site * width + day;
        const value = values[at]!;
        const counts = Number.isNaN(value) || counted?.[at] === 0 ? 0 : 1;
        this.#sums[at] = (day < WEEK ? 0 : this.#sums[at - WEEK]!) + (counts === 1 ? value : 0);
        this.#counts[at] = (day < WEEK ? 0 : this.#counts[at - WEEK]!) + counts;
      }
    }
  }

  /** The mean of `weeks` days of one weekday, the last of them `last`; NaN when fewer than `least` are there. */
  mean(site: number, last: number, weeks: number, least = 1): number {
    if (last < 0) return Number.NaN;
    const row = site * this.#width;
    const before = last - WEEK * weeks;
    const count = this.#counts[row + last]! - (before < 0 ? 0 : this.#counts[row + before]!);
    if (count < least) return Number.NaN;
    return (this.#sums[row + last]! - (before < 0 ? 0 : this.#sums[row + before]!)) / count;
  }
}

function refuseTooWide(width: number): void {
  if (width > WIDEST) throw new RangeError(`a row has at most ${WIDEST} days, found ${width}`);
}
