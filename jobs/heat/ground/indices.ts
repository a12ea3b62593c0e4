// The indices of vegetation and of built ground: normalized differences of two bands.
import type { Raster } from '../raster/grid.ts';

export interface IndexLayer {
  readonly raster: Raster;
  /** Cells that have both bands, and no index: their sum is not positive, or the index would be beyond -1 to 1. */
  readonly outOfRange: number;
}

/** (more - less) / (more + less) in each cell; both are on one grid. NDVI is of B08 and B04, NDBI of B11 and B08. */
export function normalizedDifference(name: string, more: Raster, less: Raster): IndexLayer {
  let outOfRange = 0;
  const values = more.values.map((value, at) => {
    const other = less.values[at]!;
    if (Number.isNaN(value) || Number.isNaN(other)) return NaN;
    const index = (value - other) / (value + other);
    if (value + other > 0 && index >= -1 && index <= 1) return index;
    outOfRange++;
    return NaN;
  });
  return { raster: { grid: more.grid, values, units: '1', name }, outOfRange };
}
