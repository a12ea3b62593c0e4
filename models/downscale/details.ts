// What the methods learn to predict: by how much each fine cell differs from the mean of its coarse cell.
import type { Training } from './downscaler.ts';
import { cellsOf } from './field.ts';

/** Of one coarse cell: for each of its fine cells the details at all times, less their mean. */
export interface Details {
  /** Fine cell by fine cell, and in each time by time. */
  readonly values: Float64Array;
  readonly means: Float64Array;
}

export function detailsOf({ fine, coarse, blocks }: Training, cell: number): Details {
  const places = blocks[cell]!;
  const [cells, times] = [cellsOf(fine), fine.hours.length];
  const values = new Float64Array(places.length * times);
  const means = new Float64Array(places.length);
  places.forEach((place, at) => {
    for (let time = 0; time < times; time++) {
      const detail = fine.values[time * cells + place]! - coarse.values[time * blocks.length + cell]!;
      values[at * times + time] = detail;
      means[at]! += detail / times;
    }
    for (let time = 0; time < times; time++) values[at * times + time]! -= means[at]!;
  });
  return { values, means };
}
