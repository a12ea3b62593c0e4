// The coarse fields as the methods read them: without the cells that have no values, and at the times around an hour.
import type { Training } from './downscaler.ts';
import type { Fields, Size } from './field.ts';

const HOUR_MS = 3_600_000;
/** As in the sample that the constants of the kernel were tuned on, in °C. */
const NEIGHBOURS_DIFFER = 0.68;

export const hourOfDay = (time: number): number => Math.floor(time / HOUR_MS) % 24;

/** Coarse fields less the mean of each cell in training, in units in which neighbouring cells differ by 0.68. */
export interface Timeline extends Size {
  readonly hours: readonly number[];
  /** Time by time, and in each cell by cell; 0 where a cell has no values. */
  readonly values: Float64Array;
}

export interface Scaling {
  readonly means: Float64Array;
  readonly scale: number;
}

export function scalingOf({ coarse, blocks }: Training): Scaling {
  const means = new Float64Array(blocks.length);
  for (let cell = 0; cell < blocks.length; cell++) {
    for (let at = cell; at < coarse.values.length; at += blocks.length) means[cell]! += coarse.values[at]!;
    means[cell]! /= coarse.hours.length;
  }
  const difference = neighbourDifference(timelineOf(coarse, { means, scale: 1 }));
  return { means, scale: difference > 0 ? NEIGHBOURS_DIFFER / difference : 1 };
}

export function timelineOf({ rows, columns, hours, values }: Fields, { means, scale }: Scaling): Timeline {
  const scaled = Float64Array.from(values, (value, at) => {
    const mean = means[at % means.length]!;
    return Number.isNaN(mean) ? 0 : (value - mean) * scale;
  });
  return { rows, columns, hours, values: scaled };
}

/** The root mean square of the differences between neighbours along a row; between times, where there is one column. */
function neighbourDifference({ columns, values, rows }: Timeline): number {
  const [step, isWithin] =
    columns > 1 ? [1, (at: number) => at % columns > 0] : [rows, (at: number) => at >= rows];
  let [sum, count] = [0, 0];
  for (let at = step; at < values.length; at++) {
    if (!isWithin(at)) continue;
    sum += (values[at]! - values[at - step]!) ** 2;
    count++;
  }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}

/** The most frequent distance between two times. */
export function stepOf(hours: readonly number[]): number {
  const counts = new Map<number, number>();
  for (let at = 1; at < hours.length; at++) {
    const step = hours[at]! - hours[at - 1]!;
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const [most] = [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  return most?.[0] ?? HOUR_MS;
}

/**
 * How much each cell changes from each time to the one `distance` later (earlier, where it is negative). The other time
 * is looked for in `timeline`, then in `before`; where neither has it, the change is 0.
 */
export function changes(timeline: Timeline, distance: number, before?: Timeline): Float64Array {
  const cells = timeline.rows * timeline.columns;
  const result = new Float64Array(timeline.values.length);
  const places = new Map(timeline.hours.map((time, at) => [time, at]));
  const placesBefore = new Map(before?.hours.map((time, at) => [time, at]));
  timeline.hours.forEach((time, at) => {
    const own = places.get(time + distance);
    const other = own ?? placesBefore.get(time + distance);
    if (other === undefined) return;
    const from = own === undefined ? before!.values : timeline.values;
    for (let cell = 0; cell < cells; cell++)
      result[at * cells + cell] = from[other * cells + cell]! - timeline.values[at * cells + cell]!;
  });
  return result;
}
