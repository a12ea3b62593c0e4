// The cells around a coarse cell, each weighted by its distance, as the features of the kernel.
import type { Timeline } from './timeline.ts';
import type { Features, Layers } from './window.ts';

/** A cell with less weight than this is left out. */
const LEAST_WEIGHT = 1e-3;

export interface Reach {
  /** In coarse cells: the standard deviation of the weight over the distance. */
  readonly cells: number;
  /** How much a change counts beside a difference, one for each layer of changes. */
  readonly changes: readonly number[];
  /** How much the cell's own value counts. */
  readonly level: number;
}

interface Weighted {
  readonly cells: readonly number[];
  readonly weights: readonly number[];
}

function around(cell: number, { rows, columns }: Timeline, reach: number, has: Uint8Array): Weighted {
  const [cells, weights]: [number[], number[]] = [[], []];
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  for (let other = 0; other < rows * columns; other++) {
    const squared = (Math.floor(other / columns) - row) ** 2 + ((other % columns) - column) ** 2;
    const weight = Math.exp(-squared / (2 * reach ** 2));
    if (!(weight >= LEAST_WEIGHT && has[other] === 1)) continue;
    cells.push(other);
    weights.push(Math.sqrt(weight));
  }
  return { cells, weights };
}

/** The differences from the cell, its own value, and the changes; all times, time by time. */
export function neighbourhood(
  { timeline, changes }: Layers,
  cell: number,
  reach: Reach,
  has: Uint8Array,
): Features {
  const { cells: others, weights } = around(cell, timeline, reach.cells, has);
  const cells = timeline.rows * timeline.columns;
  const size = others.length;
  const count = size * (1 + changes.length) + 1;
  const values = new Float64Array(timeline.hours.length * count);
  const level = Math.sqrt(reach.level);
  for (let time = 0; time < timeline.hours.length; time++) {
    const [start, to] = [time * cells, time * count];
    const own = timeline.values[start + cell]!;
    values[to] = level * own;
    for (let at = 0; at < size; at++)
      values[to + 1 + at] = weights[at]! * (timeline.values[start + others[at]!]! - own);
  }
  for (const [number, layer] of changes.entries()) {
    const factors = weights.map((weight) => weight * Math.sqrt(reach.changes[number]!));
    for (let time = 0; time < timeline.hours.length; time++)
      for (let at = 0; at < size; at++)
        values[time * count + 1 + (1 + number) * size + at] =
          factors[at]! * layer[time * cells + others[at]!]!;
  }
  return { count, values };
}
