// What a column of the model is, and the few things that most of them need.
import type { Past } from '../past.ts';

/** Gives the value, or NaN when it is not known. `level` is the site's on the evening of `origin`. */
export type Feature = (site: number, origin: number, day: number, level: number) => number;

/** By name, in the order of the model's columns. */
export type Columns = Readonly<Record<string, Feature>>;

/** The same weekday a year ago. */
export const YEAR = 364;

/** The last day up to `origin` that lies whole periods before `day`. */
export const sameDayBefore = (origin: number, day: number, period: number): number =>
  day - Math.ceil((day - origin) / period) * period;

export const logAt = (past: Past, site: number, day: number): number =>
  day < 0 ? Number.NaN : past.logs[site * past.width + day]!;

/** The mean of what is known of the first `count` values; NaN when nothing is. */
export function average(count: number, valueAt: (index: number) => number): number {
  let sum = 0;
  let found = 0;
  for (let index = 0; index < count; index += 1) {
    const value = valueAt(index);
    if (Number.isNaN(value)) continue;
    sum += value;
    found += 1;
  }
  return found === 0 ? Number.NaN : sum / found;
}
