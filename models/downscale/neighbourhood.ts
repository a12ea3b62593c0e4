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
  readonly cell: number;
  readonly weight: number;
}

function around(cell: number, { rows, columns }: Timeline, reach: number, has: Uint8Array): Weighted[] {
  const found: Weighted[] = [];
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  for (let other = 0; other < rows * columns; other++) {
    const squared = (Math.floor(other / columns) - row) ** 2 + ((other % columns) - column) ** 2;
    const weight = Math.exp(-squared / (2 * reach ** 2));
    if (weight >= LEAST_WEIGHT && has[other] === 1) found.push({ cell: other, weight: Math.sqrt(weight) });
  }
  return found;
}

/** The differences from the cell, its own value, and the changes; all times, time by time. */
export function neighbourhood(
  { timeline, changes }: Layers,
  cell: number,
  reach: Reach,
  has: Uint8Array,
): Features {
  const others = around(cell, timeline, reach.cells, has);
  const cells = timeline.rows * timeline.columns;
  const count = others.length * (1 + changes.length) + 1;
  const values = new Float64Array(timeline.hours.length * count);
  const level = Math.sqrt(reach.level);
  const factors = reach.changes.map(Math.sqrt);
  let to = 0;
  for (let time = 0; time < timeline.hours.length; time++) {
    const start = time * cells;
    const own = timeline.values[start + cell]!;
    values[to++] = level * own;
    for (const other of others) values[to++] = other.weight * (timeline.values[start + other.cell]! - own);
    changes.forEach((layer, at) => {
      for (const other of others) values[to++] = other.weight * factors[at]! * layer[start + other.cell]!;
    });
  }
  return { count, values };
}
