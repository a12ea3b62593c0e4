// The means of seven days of a year, and of the year before.
import { nearlyClosed } from './closures.ts';
import type { DailySeries } from './days.ts';

const WEEK = 7;

/** The mean of seven days in a row, at the index of the middle one. */
export interface SevenDays {
  readonly middle: number;
  /** Undefined where no day has an actual; else both are means over the same days. */
  readonly actual: number | undefined;
  readonly predicted: number;
}

/**
 * Cut at `lastActual`, an index, in both directions, so that each holds every weekday once; what is left at both
 * ends is too short to compare. Closed days do not count, nor past days without an actual.
 *
 *     ··|1234567|1234567|1234567|1234567|··
 *                lastActual ┘
 */
export function sevenDayMeans(
  predicted: readonly number[],
  actual: readonly number[],
  lastActual: number,
): readonly SevenDays[] {
  const isClosed = nearlyClosed(predicted, actual);
  const means: SevenDays[] = [];
  for (let start = (lastActual + 1) % WEEK; start + WEEK <= predicted.length; start += WEEK) {
    const open = Array.from({ length: WEEK }, (_, index) => start + index).filter((at) => !isClosed[at]);
    const known = open.filter((at) => !Number.isNaN(actual[at] ?? Number.NaN));
    const isPast = start <= lastActual;
    const days = isPast ? known : open;
    if (days.length === 0) continue;
    const mean = (values: readonly number[]) =>
      days.reduce((sum, at) => sum + (values[at] ?? 0), 0) / days.length;
    means.push({
      middle: start + (WEEK >> 1),
      actual: isPast ? mean(actual) : undefined,
      predicted: mean(predicted),
    });
  }
  return means;
}

/** Of last year's open days, over the same seven; undefined where none is known. */
export function lastYearMeans(
  lastYear: readonly number[],
  means: readonly SevenDays[],
): readonly (number | undefined)[] {
  const isClosed = nearlyClosed(lastYear, lastYear);
  return means.map(({ middle }) => {
    const start = middle - (WEEK >> 1);
    const open = lastYear
      .slice(start, start + WEEK)
      .filter((value, index) => !Number.isNaN(value) && !isClosed[start + index]);
    return open.length === 0 ? undefined : open.reduce((sum, value) => sum + value, 0) / open.length;
  });
}

/** The means of a year's days, and of the year before. */
export function meansOf({ predicted, actual, lastYear, isoDates, lastActual }: DailySeries) {
  const means = sevenDayMeans(predicted, actual, isoDates.indexOf(lastActual));
  const before = lastYearMeans(lastYear, means);
  return means.map((mean, index) => ({ ...mean, lastYear: before[index] }));
}
