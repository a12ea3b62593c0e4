// `export_metadata.json` of a city: which files were published, what they show, and what is missing and why.
import type { ExportMetadata } from '../../../models/heat/export-metadata.ts';
import type { City } from '../city/city.ts';
import type { Raster } from '../raster/grid.ts';
import { rangeOf } from '../formats/values.ts';
import type { CityLayers } from './city-inputs.ts';

export interface Exported {
  readonly layers: CityLayers;
  /** Of every file that the stage publishes, without this one; the store is one entry. */
  readonly files: readonly string[];
  readonly frozenAt: string;
}

export function exportMetadata(
  { city, period, grid }: City,
  { layers: { layers, reasons }, files, frozenAt }: Exported,
): ExportMetadata {
  return {
    city,
    period,
    grid,
    files: files.toSorted(),
    rasters: Object.fromEntries([...layers].map(([name, layer]) => [name, metadataOf(layer)])),
    definitions: {
      temperature: 'mean of all hours of the period, 2 m above ground, °C',
      ndvi: '(B08 − B04) / (B08 + B04)',
      ndbi: '(B11 − B08) / (B11 + B08)',
    },
    missing: reasons,
    created_at: frozenAt,
  };
}

/** Of a layer that has a value somewhere. */
function metadataOf({ grid, units, name, values }: Raster) {
  const { crs, transform, columns, rows } = grid;
  const { least, most, missing } = rangeOf(values);
  return {
    crs,
    transform,
    width: columns,
    height: rows,
    dtype: 'float32',
    /** NaN, which JSON has no number for. */
    nodata: null,
    units,
    bounds: boundsOf(grid),
    band_count: 1,
    band_names: [name],
    minimum: least,
    maximum: most,
    cells_without_value: missing,
  };
}

function boundsOf({ transform: [a, b, c, d, e, f], columns, rows }: Raster['grid']) {
  const corners = [
    [0, 0],
    [columns, 0],
    [0, rows],
    [columns, rows],
  ] as const;
  const xs = corners.map(([column, row]) => a * column + b * row + c);
  const ys = corners.map(([column, row]) => d * column + e * row + f);
  return { minx: Math.min(...xs), miny: Math.min(...ys), maxx: Math.max(...xs), maxy: Math.max(...ys) };
}
