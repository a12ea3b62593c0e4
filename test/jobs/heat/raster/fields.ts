// Smooth fields of 10 °C between their lowest and highest values, with or without missing cells, for the tests of the warp.
import { placeOf, type Grid, type Raster } from '../../../../jobs/heat/raster/grid.ts';

/** Three waves over the grid, and finer ones on top. */
export function waves(grid: Grid, missing: (column: number, row: number) => boolean = () => false): Raster {
  const { columns, rows } = grid;
  const values = Float32Array.from({ length: columns * rows }, (_, at) => {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    const [u, v] = [(column / columns) * 6 * Math.PI, (row / rows) * 4 * Math.PI];
    const wave = 2 * Math.sin(u) + 2 * Math.cos(v) + Math.sin(5 * u + 3 * v);
    return missing(column, row) ? NaN : 20 + wave;
  });
  return { grid, values, units: '°C', name: 'waves' };
}

/** A value that is its own longitude or northing, to see where a cell of a result comes from. */
export function eastings(grid: Grid): Raster {
  const { columns, rows } = grid;
  const values = Float32Array.from(
    { length: columns * rows },
    (_, at) => placeOf(grid, (at % columns) + 0.5, Math.floor(at / columns) + 0.5)[0],
  );
  return { grid, values, units: 'm', name: 'eastings' };
}

export const utm = (columns: number, rows: number, size: number): Grid => ({
  crs: 'EPSG:32631',
  columns,
  rows,
  transform: [size, 0, 443_000, 0, -size, 5_416_000],
});
