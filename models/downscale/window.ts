// The coarse cells around a cell, as the features of linear methods.
import { changes, type Timeline } from './timeline.ts';

const REACH = 2;
const WIDTH = 2 * REACH + 1;

/** Features of all times, time by time. */
export interface Features {
  readonly count: number;
  readonly values: Float64Array;
}

/** The cells of the 5 × 5 window, row by row. Beyond the edges the cell on the edge is taken. */
export function windowOf(cell: number, { rows, columns }: Timeline): number[] {
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  return Array.from({ length: WIDTH * WIDTH }, (_, at) => {
    const y = Math.min(Math.max(row + Math.floor(at / WIDTH) - REACH, 0), rows - 1);
    const x = Math.min(Math.max(column + (at % WIDTH) - REACH, 0), columns - 1);
    return y * columns + x;
  });
}

/** Fields whose window is taken: of the timeline itself, and of its changes to other times. */
export interface Layers {
  readonly timeline: Timeline;
  readonly changes: readonly Float64Array[];
}

export const layersOf = (timeline: Timeline, distances: readonly number[], before?: Timeline): Layers => ({
  timeline,
  changes: distances.map((distance) => changes(timeline, distance, before)),
});

/** The differences from the cell in its window, and the changes of the window. Missing cells count as the cell itself. */
export function windowFeatures(
  { timeline, changes: layers }: Layers,
  cell: number,
  has: Uint8Array,
): Features {
  const window = windowOf(cell, timeline).map((other) => (has[other] === 1 ? other : cell));
  const count = window.length * (1 + layers.length);
  const values = new Float64Array(timeline.hours.length * count);
  const cells = timeline.rows * timeline.columns;
  const size = window.length;
  for (let time = 0; time < timeline.hours.length; time++) {
    const [start, to] = [time * cells, time * count];
    const own = timeline.values[start + cell]!;
    for (let at = 0; at < size; at++) values[to + at] = timeline.values[start + window[at]!]! - own;
    for (let number = 0; number < layers.length; number++)
      copy(layers[number]!, start, window, values, to + (1 + number) * size);
  }
  return { count, values };
}

function copy(
  layer: Float64Array,
  start: number,
  window: readonly number[],
  values: Float64Array,
  to: number,
): void {
  for (let at = 0; at < window.length; at++) values[to + at] = layer[start + window[at]!]!;
}
