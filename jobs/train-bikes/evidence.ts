// What the winner predicted out of time, beside what was counted: what the report draws.
import type { Hour } from '../../models/bikes/observations.ts';

/** Parallel columns, one entry for each counter and hour of the rolling origins. */
export interface Evidence {
  /** Index into the counters of the observations. */
  readonly counter: Uint16Array;
  readonly hour: Int32Array;
  /** Bicycles; of a class 1 where the hour was `forte` and 0 where it was `faible`. */
  readonly actual: Float32Array;
  /** Bicycles; of a class the probability of `forte`. */
  readonly predicted: Float32Array;
}

/** Sums over the rows of a group. */
export interface Group {
  readonly rows: number;
  readonly actual: number;
  readonly predicted: number;
  /** Of the absolute errors. */
  readonly errors: number;
  /** Of the squared differences of log(1 + count). */
  readonly logSquares: number;
}

type Place = (counter: number, hour: Hour) => number;

/** The rows grouped by a number from 0 to `groups` − 1; a row without a group is left out. */
export function grouped(evidence: Evidence, groups: number, groupOf: Place): readonly Group[] {
  const sums = Array.from({ length: groups }, () => ({
    rows: 0,
    actual: 0,
    predicted: 0,
    errors: 0,
    logSquares: 0,
  }));
  const { counter, hour, actual, predicted } = evidence;
  for (let row = 0; row < hour.length; row += 1) {
    const sum = sums[groupOf(counter[row]!, hour[row]!)];
    if (sum === undefined) continue;
    const [was, said] = [actual[row]!, predicted[row]!];
    sum.rows += 1;
    sum.actual += was;
    sum.predicted += said;
    sum.errors += Math.abs(said - was);
    sum.logSquares += (Math.log1p(said) - Math.log1p(was)) ** 2;
  }
  return sums;
}

export const meanActual = ({ rows, actual }: Group): number | null => (rows === 0 ? null : actual / rows);
export const meanPredicted = ({ rows, predicted }: Group): number | null =>
  rows === 0 ? null : predicted / rows;
export const meanError = ({ rows, errors }: Group): number | null => (rows === 0 ? null : errors / rows);
export const logRmseOf = ({ rows, logSquares }: Group): number | null =>
  rows === 0 ? null : Math.sqrt(logSquares / rows);
