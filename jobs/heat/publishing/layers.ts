// The layers that are published of a city: the mean temperature of its period, and what its ground looks like.
import type { LayerName } from '../../../models/heat/published-files.ts';
import type { ScaleName } from '../formats/png/colours.ts';
import { cellCount, type Raster, type Series } from '../raster/grid.ts';

export interface Shown {
  readonly scale: ScaleName;
  /** Fixed, so that the maps of two cities can be compared; the layer's own where there is none. */
  readonly range?: readonly [least: number, most: number];
}

export const SHOWN: Readonly<Record<LayerName, Shown>> = {
  temperature: { scale: 'heat' },
  ndvi: { scale: 'vegetation', range: [-0.2, 0.9] },
  ndbi: { scale: 'difference', range: [-0.5, 0.5] },
};

/**
 * The mean of each cell over the hours in which it has a value; NaN where it has none. No single hour decides what the
 * map shows, and the mean of the cells is the mean of the period.
 */
export function meanOf({ grid, hours, values, units }: Series): Raster {
  const cells = cellCount(grid);
  const [sums, counts] = [new Float64Array(cells), new Uint32Array(cells)];
  for (let hour = 0; hour < hours.length; hour++)
    for (let cell = 0; cell < cells; cell++) {
      const value = values[hour * cells + cell]!;
      if (value !== value) continue;
      sums[cell]! += value;
      counts[cell]!++;
    }
  const means = Float32Array.from(sums, (sum, cell) => sum / counts[cell]!);
  return { grid, units, name: 'mean temperature', values: means };
}
