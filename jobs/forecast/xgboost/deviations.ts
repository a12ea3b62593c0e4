// How each past day differed from what was usual around it, at a site and across the company.
import type { Past } from './past.ts';
import { WEEK } from './windows.ts';

/**
 * All of these look up to four weeks past the day they speak of, so on the evening of day `o` they may be
 * asked only about days at least that much before `o`: the features ask about a year ago.
 */
export interface Deviations {
  /** From the mean of the eight weeks around, by site and day; as exact as a feature is. */
  readonly fromLevel: Float32Array;
  /** From the same weekday in the nine weeks around. */
  readonly fromWeekday: Float32Array;
  /** The same, held against regular days only. */
  readonly fromRegular: Float32Array;
  /** By day: the mean of `fromRegular` over the sites for which it is a regular day. */
  readonly companyDays: Float64Array;
  /** By site and week: the mean of `fromRegular` over the week's regular days. */
  readonly siteWeeks: Float64Array;
  /** By week: the mean of `companyDays`. */
  readonly companyWeeks: Float64Array;
  readonly weeks: number;
}

const AROUND_DAYS = 28;
const LEVEL_LEAST = 10;
const REGULAR_LEAST = 3;
const COMPANY_LEAST = 3;
const WEEK_LEAST = 2;
const FARTHEST = 1;

export function deviationsOf(past: Past): Deviations {
  const { sites, width, cut, logs, regular, windows, weekdays, regularWeekdays } = past;
  const unknown = () => new Float32Array(sites * width).fill(Number.NaN);
  const [fromLevel, fromWeekday, fromRegular] = [unknown(), unknown(), unknown()];
  const weeks = weekOf(past, width - 1) + 1;
  const siteWeeks = new Float64Array(sites * weeks);
  const company = new DayMeans(width);
  const ownRegular = new Float64Array(width);
  for (let site = 0; site < sites; site += 1) {
    ownRegular.fill(Number.NaN);
    for (let day = 0; day <= cut; day += 1) {
      const at = site * width + day;
      const value = logs[at]!;
      if (Number.isNaN(value)) continue;
      const last = lastSameWeekday(day + AROUND_DAYS, cut);
      const around = Math.floor((last - (day - AROUND_DAYS)) / WEEK) + 1;
      fromLevel[at] =
        value - windows.mean(site, day - AROUND_DAYS, Math.min(cut, day + AROUND_DAYS - 1), LEVEL_LEAST);
      fromWeekday[at] = value - weekdays.mean(site, last, around);
      const deviation = value - regularWeekdays.mean(site, last, around, REGULAR_LEAST);
      fromRegular[at] = deviation;
      if (regular[at] === 1) ownRegular[day] = deviation;
    }
    company.add(ownRegular);
    siteWeeks.set(weekMeans(ownRegular, past, weeks), site * weeks);
  }
  const companyDays = company.means(Math.min(COMPANY_LEAST, sites));
  const companyWeeks = weekMeans(companyDays, past, weeks);
  return { fromLevel, fromWeekday, fromRegular, companyDays, siteWeeks, companyWeeks, weeks };
}

/** The ISO week that holds a day, counted from the week of the first day. */
export const weekOf = (past: Past, day: number): number => Math.floor((day + past.weekday(0)) / WEEK);

/** No single site's odd day may move the company. */
export const bounded = (value: number): number => Math.max(-FARTHEST, Math.min(FARTHEST, value));

const lastSameWeekday = (day: number, cut: number): number =>
  day <= cut ? day : day - Math.ceil((day - cut) / WEEK) * WEEK;

/** The mean of each day over the sites that are added, one after the other. */
class DayMeans {
  readonly #sums: Float64Array;
  readonly #counts: Int32Array;

  constructor(width: number) {
    this.#sums = new Float64Array(width);
    this.#counts = new Int32Array(width);
  }

  add(values: Float64Array): void {
    values.forEach((value, day) => {
      if (Number.isNaN(value)) return;
      this.#sums[day]! += bounded(value);
      this.#counts[day]! += 1;
    });
  }

  /** NaN for a day that fewer than `least` sites know. */
  means(least: number): Float64Array {
    return this.#sums.map((sum, day) => (this.#counts[day]! < least ? Number.NaN : sum / this.#counts[day]!));
  }
}

function weekMeans(values: Float64Array, past: Past, weeks: number): Float64Array {
  const sums = new Float64Array(weeks);
  const counts = new Int32Array(weeks);
  values.forEach((value, day) => {
    if (Number.isNaN(value)) return;
    const week = weekOf(past, day);
    sums[week]! += bounded(value);
    counts[week]! += 1;
  });
  return sums.map((sum, week) => (counts[week]! < WEEK_LEAST ? Number.NaN : sum / counts[week]!));
}
