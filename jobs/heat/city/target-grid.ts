// The grid that a city's maps are on: cells of the configured size over its box, in whole multiples of that size.
import { transformation } from '../raster/projections.ts';
import { isGeographic } from '../raster/systems.ts';
import type { Grid } from '../raster/grid.ts';
import type { City } from './city.ts';

export type BoundingBox = readonly [west: number, south: number, east: number, north: number];

/** Metres of a degree of the equator. */
const METRES_PER_DEGREE = 111_319.490793;
/** The edges of a box are rounded to centimetres: a cell is not added for them. */
const TOLERANCE = 1e-3;
const EDGE_POINTS = 20;

/** North up. In degrees a cell is as wide on the ground, in the middle of the box, as it is high. */
export function targetGrid({
  grid: { crs, resolution_m: metres },
  extent,
}: Pick<City, 'grid' | 'extent'>): Grid {
  const [, south, , north] = extent.bbox_wgs84;
  const [minX, minY, maxX, maxY] = boundsIn(crs, extent.bbox_wgs84);
  const [width, height] = isGeographic(crs)
    ? degreesOf(metres, (south + north) / 2)
    : ([metres, metres] as const);
  const [left, right] = [Math.floor(minX / width + TOLERANCE), Math.ceil(maxX / width - TOLERANCE)];
  const [bottom, top] = [Math.floor(minY / height + TOLERANCE), Math.ceil(maxY / height - TOLERANCE)];
  return {
    crs,
    columns: right - left,
    rows: top - bottom,
    transform: [width, 0, left * width, 0, -height, top * height],
  };
}

function degreesOf(metres: number, latitude: number): readonly [width: number, height: number] {
  const height = metres / METRES_PER_DEGREE;
  const tidy = (value: number) => Number(value.toPrecision(9));
  return [tidy(height / Math.cos((latitude * Math.PI) / 180)), tidy(height)];
}

/** Of a box of degrees: edges may be curved in the other system, so points along them count. */
export function boundsIn(crs: string, [west, south, east, north]: BoundingBox): BoundingBox {
  const forward = transformation('EPSG:4326', crs);
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at <= EDGE_POINTS; at++) {
    const [longitude, latitude] = [
      west + ((east - west) * at) / EDGE_POINTS,
      south + ((north - south) * at) / EDGE_POINTS,
    ];
    for (const [x, y] of [
      forward(longitude, south),
      forward(longitude, north),
      forward(west, latitude),
      forward(east, latitude),
    ]) {
      [minX, maxX] = [Math.min(minX, x), Math.max(maxX, x)];
      [minY, maxY] = [Math.min(minY, y), Math.max(maxY, y)];
    }
  }
  return [minX, minY, maxX, maxY] as const;
}
