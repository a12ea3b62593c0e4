// Warps a layer to another grid and coordinate system, as exact as `gdalwarp -et 0`.
import { conservative } from './conservative.ts';
import { cellCount, hourOf, type Grid, type Raster, type Series } from './grid.ts';
import {
  bilinear,
  CATMULL_ROM,
  cubic,
  nearest,
  stretched,
  TRIANGLE,
  type Layer,
  type Sampler,
  whereValid,
} from './kernels.ts';
import { bandsOf, placesOn, type Place } from './places.ts';

/** `conservative` keeps the sum over the area: each cell is the mean of what it covers. */
export type Resampling = 'nearest' | 'bilinear' | 'cubic' | 'conservative';

/** Cells of the target outside the source, or without valid cells near, are NaN. */
export function warp(source: Raster, target: Grid, resampling: Resampling): Raster {
  const values = new Float32Array(cellCount(target));
  warpInto(source, target, resampling, values);
  return { ...source, grid: target, values };
}

export function warpSeries(source: Series, target: Grid, resampling: Resampling): Series {
  const cells = cellCount(target);
  const values = new Float32Array(cells * source.hours.length);
  source.hours.forEach((_, hour) =>
    warpInto(hourOf(source, hour), target, resampling, values.subarray(hour * cells, (hour + 1) * cells)),
  );
  return { ...source, grid: target, values };
}

function warpInto({ grid, values }: Raster, target: Grid, resampling: Resampling, into: Float32Array): void {
  const place = placesOn(grid, target);
  const layer: Layer = { values, columns: grid.columns, rows: grid.rows };
  if (resampling === 'conservative') return conservative(layer, grid, target, place, into);
  const sample =
    resampling === 'nearest'
      ? nearest(layer)
      : whereValid(layer, samplerOf(layer, resampling, place, target));
  const { columns, rows } = target;
  for (const band of bandsOf(place, { origin: 0.5, columns, rows })) {
    const [start, count] = [band.firstRow * columns, band.rows * columns];
    for (let at = 0; at < count; at++) into[start + at] = sample(band.x[at]!, band.y[at]!);
  }
}

/** From here on cells of the target are so much larger that the kernel is stretched, as GDAL does. */
const DOWNSAMPLING = 0.95;

function samplerOf(layer: Layer, resampling: 'bilinear' | 'cubic', place: Place, target: Grid): Sampler {
  const [xScale, yScale] = scalesOf(place, layer, target);
  if (xScale >= DOWNSAMPLING && yScale >= DOWNSAMPLING)
    return resampling === 'bilinear' ? bilinear(layer) : cubic(layer);
  return stretched(layer, resampling === 'bilinear' ? TRIANGLE : CATMULL_ROM, xScale, yScale);
}

const EDGE_POINTS = 20;

/** Cells of the target for each cell of the source. */
function scalesOf(place: Place, source: Layer, { columns, rows }: Grid): readonly [x: number, y: number] {
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at <= EDGE_POINTS; at++) {
    const [column, row] = [(at / EDGE_POINTS) * columns, (at / EDGE_POINTS) * rows];
    for (const [x, y] of [place(column, 0), place(column, rows), place(0, row), place(columns, row)]) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      [west, east] = [Math.min(west, x), Math.max(east, x)];
      [north, south] = [Math.min(north, y), Math.max(south, y)];
    }
  }
  return [
    rounded(columns / covered(east - west, source.columns)),
    rounded(rows / covered(south - north, source.rows)),
  ];
}

/**
 * Where the target covers nearly all of the source, or more, GDAL takes the size of the source. Far beyond it the result
 * of GDAL depends on how it cuts the target into pieces; there the scale is the true one.
 */
const covered = (span: number, size: number): number =>
  span > 0.9 * size && span < 1.5 * size ? size : span;

/** A scale near 1/2, 1/3, … is that; so GDAL has it. */
function rounded(scale: number): number {
  const inverse = 1 / scale;
  const near = Math.round(inverse);
  return scale < 1 && Math.abs(inverse - near) < 0.05 ? 1 / near : scale;
}
