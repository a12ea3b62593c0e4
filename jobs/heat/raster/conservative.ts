// Area-conservative resampling: each cell of the target is the mean of the source over its area, by exact overlaps.
import type { Grid } from './grid.ts';
import type { Layer } from './kernels.ts';
import { overlapOf, type Quad } from './overlap.ts';
import { bandsOf, type Place } from './places.ts';
import { transformation } from './projections.ts';
import { isGeographic } from './systems.ts';

const BAND_ROWS = 63;

export function conservative(
  layer: Layer,
  source: Grid,
  target: Grid,
  place: Place,
  into: Float32Array,
): void {
  const density = densities(source);
  const { columns, rows } = target;
  // Bands share their border corners, so each has one row of corners more than rows of cells.
  for (let first = 0; first < rows; first += BAND_ROWS) {
    const height = Math.min(BAND_ROWS, rows - first);
    const shifted: Place = (column, row) => place(column, row + first);
    const lattice = { origin: 0, columns: columns + 1, rows: height + 1 };
    for (const { x, y } of bandsOf(shifted, lattice))
      for (let row = 0; row < height; row++)
        for (let column = 0; column < columns; column++) {
          const quad = quadAt(x, y, row * (columns + 1) + column, columns + 1);
          into[(first + row) * columns + column] = meanOver(layer, density, quad);
        }
  }
}

const quad: { x: Float64Array; y: Float64Array } = { x: new Float64Array(4), y: new Float64Array(4) };

function quadAt(x: Float64Array, y: Float64Array, at: number, stride: number): Quad {
  const corners = [at, at + 1, at + stride + 1, at + stride];
  corners.forEach((corner, index) => {
    quad.x[index] = x[corner]!;
    quad.y[index] = y[corner]!;
  });
  return quad;
}

/** Of the valid part of the area; NaN where nothing of it is valid. */
function meanOver({ values, columns, rows }: Layer, density: Float64Array, { x, y }: Quad): number {
  const [west, east] = [Math.min(x[0]!, x[1]!, x[2]!, x[3]!), Math.max(x[0]!, x[1]!, x[2]!, x[3]!)];
  const [north, south] = [Math.min(y[0]!, y[1]!, y[2]!, y[3]!), Math.max(y[0]!, y[1]!, y[2]!, y[3]!)];
  if (!Number.isFinite(west + east + north + south)) return NaN;
  const [firstColumn, lastColumn] = [Math.max(0, Math.floor(west)), Math.min(columns, Math.ceil(east))];
  const [firstRow, lastRow] = [Math.max(0, Math.floor(north)), Math.min(rows, Math.ceil(south))];
  let [sum, total] = [0, 0];
  for (let row = firstRow; row < lastRow; row++)
    for (let column = firstColumn; column < lastColumn; column++) {
      const value = values[row * columns + column]!;
      if (value !== value) continue;
      const weight = overlapOf({ x, y }, column, row) * density[row]!;
      sum += weight * value;
      total += weight;
    }
  return total > 1e-12 ? sum / total : NaN;
}

/** True area for each area of the source's plane, by row: parallels are shorter towards the poles. */
function densities(source: Grid): Float64Array {
  const { columns, rows, transform, crs } = source;
  const [a, b, c, d, e, f] = transform;
  if (!isGeographic(crs) && crs !== 'EPSG:3857') return new Float64Array(rows).fill(1);
  const toDegrees = transformation(crs, 'EPSG:4326');
  return Float64Array.from({ length: rows }, (_, row) => {
    const [column, middle] = [columns / 2, row + 0.5];
    const [, latitude] = toDegrees(a * column + b * middle + c, d * column + e * middle + f);
    const cosine = Math.cos((latitude * Math.PI) / 180);
    return isGeographic(crs) ? cosine : cosine ** 2;
  });
}
