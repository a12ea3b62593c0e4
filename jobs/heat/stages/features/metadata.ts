// `features_metadata.json`: of each layer its source, its range, and why it is empty where it is.
import type { Coded } from '../../../../models/heat/documents.ts';
import type { Raster } from '../../raster/grid.ts';

export interface FeatureLayer {
  readonly raster: Raster;
  /** Null: there is none, and every cell is empty. */
  readonly source: string | null;
  readonly reason?: Coded;
  readonly outOfRange?: number;
}

export const described = (layers: readonly FeatureLayer[]) => ({
  layers: Object.fromEntries(
    layers.map(({ raster, source, reason, outOfRange }) => {
      const { min, max, mean, missing } = statisticsOf(raster.values);
      const known = { source, units: raster.units, min, max, mean, missing_cells: missing };
      return [
        raster.name,
        {
          ...known,
          ...(outOfRange === undefined ? {} : { out_of_range_cells: outOfRange }),
          ...(reason === undefined ? {} : { reason }),
        },
      ];
    }),
  ),
});

/** Numbers of the cells that have a value; null where none has. */
export function statisticsOf(values: Float32Array) {
  let [min, max, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    [min, max, sum] = [Math.min(min, value), Math.max(max, value), sum + value];
    count++;
  }
  const missing = values.length - count;
  return count === 0
    ? { min: null, max: null, mean: null, missing }
    : { min, max, mean: sum / count, missing };
}
