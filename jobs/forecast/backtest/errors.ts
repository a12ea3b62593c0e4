// How far forecasts were from what came: four measures of the same errors.

export interface Errors {
  /** The sum of absolute errors over the sum of actuals; null without visitors. */
  readonly wape: number | null;
  /** Visitors a site-day; null when no actual is known. */
  readonly mae: number | null;
  /** The root of the mean squared error, in visitors a site-day: large errors count for more. */
  readonly rmse: number | null;
  /** The sum of errors over the sum of actuals: above 0, the forecast is too high. */
  readonly bias: number | null;
  /** How many days of sites were compared, closed ones among them. */
  readonly siteDays: number;
}

export class ErrorSums {
  #absolute = 0;
  #signed = 0;
  #squared = 0;
  #actuals = 0;
  #siteDays = 0;

  add(actual: number, predicted: number): void {
    const error = predicted - actual;
    this.#absolute += Math.abs(error);
    this.#signed += error;
    this.#squared += error * error;
    this.#actuals += actual;
    this.#siteDays += 1;
  }

  /** Rounded, so that the last digits of a sum do not matter. */
  get errors(): Errors {
    return {
      wape: ratio(this.#absolute, this.#actuals, 6),
      mae: ratio(this.#absolute, this.#siteDays, 3),
      rmse: this.#siteDays === 0 ? null : Number(Math.sqrt(this.#squared / this.#siteDays).toFixed(3)),
      bias: ratio(this.#signed, this.#actuals, 6),
      siteDays: this.#siteDays,
    };
  }
}

/** Adding 0 turns -0 into 0, which JSON would hide and a comparison would not. */
const ratio = (part: number, whole: number, digits: number): number | null =>
  whole === 0 ? null : Number((part / whole).toFixed(digits)) + 0;
