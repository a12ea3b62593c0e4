// What needs no model: the mean of the last four weeks, and the same hour of the last week that is known.
import type { Hour, Observations } from '../../../models/bikes/observations.ts';
import { localTimeOf } from '../../../models/bikes/paris.ts';

/** Counts for the chosen rows, from the hours before `upTo` alone. */
export type Naive = (observations: Observations, upTo: Hour, rows: Int32Array) => Float64Array;

const WEEK_HOURS = 7 * 24;
const MEAN_WEEKS = 4;

const cellOf = (counter: number, hour: Hour): number => {
  const local = localTimeOf(hour);
  return counter * WEEK_HOURS + local.weekday * 24 + local.hour;
};

/** The mean by counter, weekday and hour; of the counter where it has no such hour. */
const meanOfFourWeeks: Naive = ({ counters, counter, hour, count }, upTo, rows) => {
  const sums = new Float64Array(counters.length * WEEK_HOURS);
  const hours = new Float64Array(sums.length);
  for (let row = 0; row < hour.length; row += 1) {
    if (hour[row]! >= upTo || hour[row]! < upTo - MEAN_WEEKS * WEEK_HOURS) continue;
    const cell = cellOf(counter[row]!, hour[row]!);
    sums[cell]! += count[row]!;
    hours[cell]! += 1;
  }
  const means = counters.map((_counter, index) => {
    const cells = [index * WEEK_HOURS, (index + 1) * WEEK_HOURS] as const;
    const known = hours.subarray(...cells).reduce((sum, value) => sum + value, 0);
    return known === 0 ? 0 : sums.subarray(...cells).reduce((sum, value) => sum + value, 0) / known;
  });
  return Float64Array.from(rows, (row) => {
    const cell = cellOf(counter[row]!, hour[row]!);
    return hours[cell] === 0 ? means[counter[row]!]! : sums[cell]! / hours[cell]!;
  });
};

/** The count of the same weekday and hour in the last week before `upTo` that has it, up to four weeks back. */
const lastWeek: Naive = (observations, upTo, rows) => {
  const { counters, counter, hour, count } = observations;
  const last = new Float64Array(counters.length * WEEK_HOURS).fill(Number.NaN);
  for (let row = 0; row < hour.length; row += 1)
    // Rows of a counter are ordered by hour, so the last one stays.
    if (hour[row]! < upTo && hour[row]! >= upTo - MEAN_WEEKS * WEEK_HOURS)
      last[cellOf(counter[row]!, hour[row]!)] = count[row]!;
  const means = meanOfFourWeeks(observations, upTo, rows);
  return means.map((mean, index) => {
    const found = last[cellOf(counter[rows[index]!]!, hour[rows[index]!]!)]!;
    return Number.isNaN(found) ? mean : found;
  });
};

export const NAIVE: Readonly<Record<string, Naive>> = {
  'mean of four weeks': meanOfFourWeeks,
  'last week': lastWeek,
};
