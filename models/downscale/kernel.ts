// How alike two times are for one coarse cell: alike in the field around it, in the hour of the day, and near in time.
import { dot } from './cholesky.ts';
import { neighbourhood, type Reach } from './neighbourhood.ts';
import type { Layers } from './window.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Tuned on blocks of the shared sample that were held out; `test/unit/downscale` and `bench/heat` measure them. The
 * units are those of `Timeline`. Each is the share of one part in the sum.
 */
const WIDE: Reach = { cells: 0.94, changes: [0.17, 0.17, 0.125, 0.125], level: 0.008 };
const NEAR: Reach = { ...WIDE, cells: 0.62 };
const OWN: Reach = { ...WIDE, cells: 0.075 };
/** The changes that count: to the times one and two steps before and after. */
export const CHANGE_STEPS = [-1, 1, -2, 2];
export const NOISE = 0.83;
const [NEAR_SHARE, NEAR_DAILY_SHARE, NEAR_WIDTH] = [3.2, 0.09, 1640];
const [OWN_SHARE, OWN_WIDTH] = [0.8, 14.6];
const [DAILY_SHARE, DAILY_LENGTH] = [0.23, 3];
const [RECENT_DAILY_SHARE, RECENT_WIDE_SHARE, RECENT_MS] = [0.11, 0.055, 27 * HOUR_MS];

/** What is the same for all cells: how alike two times are by the clock alone. Row by row, one row for each `rows`. */
export interface Clock {
  readonly daily: Float64Array;
  readonly recent: Float64Array;
}

export function clockOf(rows: readonly number[], columns: readonly number[]): Clock {
  const daily = new Float64Array(rows.length * columns.length);
  const recent = new Float64Array(daily.length);
  rows.forEach((one, row) =>
    columns.forEach((other, column) => {
      const apart = Math.abs(one - other);
      daily[row * columns.length + column] = Math.exp(
        (-2 * Math.sin((Math.PI * (apart % DAY_MS)) / DAY_MS) ** 2) / DAILY_LENGTH ** 2,
      );
      recent[row * columns.length + column] = Math.exp(-apart / RECENT_MS);
    }),
  );
  return { daily, recent };
}

/** The features of one cell at some times, ready for the kernel. */
export interface Places {
  readonly times: number;
  readonly wide: Part;
  readonly near: Part;
  readonly own: Part;
}

interface Part {
  readonly count: number;
  readonly values: Float64Array;
  /** Of each time the product with itself. */
  readonly squares: Float64Array;
}

export function placesOf(layers: Layers, cell: number, has: Uint8Array): Places {
  const times = layers.timeline.hours.length;
  const part = (reach: Reach): Part => {
    const { count, values } = neighbourhood(layers, cell, reach, has);
    const squares = Float64Array.from({ length: times }, (_, time) =>
      dot(values, time * count, values, time * count, count),
    );
    return { count, values, squares };
  };
  return { times, wide: part(WIDE), near: part(NEAR), own: part(OWN) };
}

/** Replaces the start of `into` by the products of one time with the first `end` times of the other. */
function products(one: Part, row: number, other: Part, end: number, into: Float64Array): void {
  const { count } = one;
  for (let column = 0; column < end; column++)
    into[column] = dot(one.values, row * count, other.values, column * count, count);
}

/** The same by the squares of their distances. */
function distances(one: Part, row: number, other: Part, end: number, into: Float64Array): void {
  products(one, row, other, end, into);
  for (let column = 0; column < end; column++)
    into[column] = Math.max(0, one.squares[row]! + other.squares[column]! - 2 * into[column]!);
}

/** The mean squared distance of two times of the training. */
export const spreadOf = ({ own, times }: Places): number =>
  times === 0 ? 1 : (2 * own.squares.reduce((sum, value) => sum + value, 0)) / times || 1;

/** How alike the times of `one` and `other` are, row by row; `isLower` leaves out what mirrors the lower half. */
export function kernelOf(
  one: Places,
  other: Places,
  { daily, recent }: Clock,
  spread: number,
  isLower = false,
): Float64Array {
  const result = new Float64Array(one.times * other.times);
  // A row at a time: a number that a function returns for each pair would be an object each.
  const fromNear = new Float64Array(other.times);
  const fromOwn = new Float64Array(other.times);
  const wide = new Float64Array(other.times);
  for (let row = 0; row < one.times; row++) {
    const end = isLower ? row + 1 : other.times;
    distances(one.near, row, other.near, end, fromNear);
    distances(one.own, row, other.own, end, fromOwn);
    products(one.wide, row, other.wide, end, wide);
    for (let column = 0; column < end; column++) {
      const at = row * other.times + column;
      const near = 1 / (1 + fromNear[column]! / NEAR_WIDTH);
      const own = 1 / (1 + fromOwn[column]! / (OWN_WIDTH * spread));
      result[at] =
        wide[column]! * (1 + RECENT_WIDE_SHARE * recent[at]!) +
        near * (NEAR_SHARE + NEAR_DAILY_SHARE * daily[at]!) +
        OWN_SHARE * own +
        daily[at]! * (DAILY_SHARE + RECENT_DAILY_SHARE * recent[at]!);
    }
  }
  return result;
}
