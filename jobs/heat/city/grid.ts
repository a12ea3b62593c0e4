// The grid of a city: square cells of the configured size over its extent, on multiples of that size.
import type { Grid } from '../raster/grid.ts';
import { isGeographic, transformation } from '../raster/projections.ts';
import type { City } from './city.ts';

export type Box = readonly [west: number, south: number, east: number, north: number];

/** Metres of a degree of the equator, by which a resolution in metres becomes degrees. */
const METRES_PER_DEGREE = 111_319.49079327358;
/** Points of each side of the box: the sides are curves in another system. */
const POINTS = 21;
/** Of a cell. A box rounded to six decimals must not grow by a cell. */
const SLACK = 0.01;

/** In units of the CRS. */
export const cellSize = ({ crs, resolution_m }: City['grid']): number =>
  isGeographic(crs) ? resolution_m / METRES_PER_DEGREE : resolution_m;

/** Whole cells that cover the extent, the first row in the north. Throws `RangeError` for an unknown CRS. */
export function cityGrid({ grid, extent }: Pick<City, 'grid' | 'extent'>): Grid {
  const size = cellSize(grid);
  const [west, south, east, north] = boxIn(grid.crs, extent.bbox_wgs84).map((side) => side / size) as [
    number,
    number,
    number,
    number,
  ];
  const [left, top] = [Math.floor(west + SLACK), Math.ceil(north - SLACK)];
  return {
    crs: grid.crs,
    columns: Math.ceil(east - SLACK) - left,
    rows: top - Math.floor(south + SLACK),
    transform: [size, 0, left * size, 0, -size, top * size],
  };
}

/** The smallest box of another system around a box in degrees; not finite where a point of it has no place there. */
export function boxIn(crs: string, [west, south, east, north]: Box): Box {
  const transform = transformation('EPSG:4326', crs);
  const xs: number[] = [];
  const ys: number[] = [];
  for (let point = 0; point < POINTS; point++) {
    const share = point / (POINTS - 1);
    const [longitude, latitude] = [west + (east - west) * share, south + (north - south) * share];
    const around = [
      [longitude, south],
      [longitude, north],
      [west, latitude],
      [east, latitude],
    ] as const;
    for (const place of around) {
      const [x, y] = transform(...place);
      xs.push(x);
      ys.push(y);
    }
  }
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
