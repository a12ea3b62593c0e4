// Means over windows of days, and over runs of the same weekday, in two look-ups each.
export const WEEK = 7;

/** Built once over `sites` rows of `width` values; NaN values do not count. Days outside the row do not either. */
export class WindowSums {
  readonly #width: number;
  readonly #sums: Float64Array;
  readonly #counts: Int32Array;
  readonly #weekdaySums: Float64Array;
  readonly #weekdayCounts: Int32Array;

  constructor(values: Float64Array, sites: number, width: number) {
    this.#width = width;
    this.#sums = new Float64Array(sites * (width + 1));
    this.#counts = new Int32Array(sites * (width + 1));
    this.#weekdaySums = new Float64Array(sites * width);
    this.#weekdayCounts = new Int32Array(sites * width);
    for (let site = 0; site < sites; site += 1) {
      for (let day = 0; day < width; day += 1) {
        const value = values[site * width + day]!;
        const counts = Number.isNaN(value) ? 0 : 1;
        const adds = counts === 1 ? value : 0;
        const at = site * (width + 1) + day;
        this.#sums[at + 1] = this.#sums[at]! + adds;
        this.#counts[at + 1] = this.#counts[at]! + counts;
        const here = site * width + day;
        this.#weekdaySums[here] = (day < WEEK ? 0 : this.#weekdaySums[here - WEEK]!) + adds;
        this.#weekdayCounts[here] = (day < WEEK ? 0 : this.#weekdayCounts[here - WEEK]!) + counts;
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

  /** The mean of `weeks` days of one weekday, the last of them `last`; NaN when fewer than `least` are there. */
  weekdayMean(site: number, last: number, weeks: number, least = 1): number {
    if (last < 0) return Number.NaN;
    const row = site * this.#width;
    const before = last - WEEK * weeks;
    const count = this.#weekdayCounts[row + last]! - (before < 0 ? 0 : this.#weekdayCounts[row + before]!);
    if (count < least) return Number.NaN;
    return (this.#weekdaySums[row + last]! - (before < 0 ? 0 : this.#weekdaySums[row + before]!)) / count;
  }
}
