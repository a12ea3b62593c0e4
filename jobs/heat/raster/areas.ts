// The true area of each cell of a grid in km², on the WGS 84 ellipsoid, whatever the projection does to areas.
import { placeOf, type Grid } from './grid.ts';
import { transformation } from './projections.ts';

const SEMI_MAJOR_KM = 6378.137;
const FLATTENING = 1 / 298.257223563;
const ECCENTRICITY = Math.sqrt(FLATTENING * (2 - FLATTENING));
const RADIANS = Math.PI / 180;

/** Row by row. Each cell is the polygon of its corners in the equal-area projection of the ellipsoid's cylinder. */
export function cellAreasKm2(grid: Grid): Float64Array {
  const { columns, rows } = grid;
  const areas = new Float64Array(columns * rows);
  let above = cornersOf(grid, 0);
  for (let row = 0; row < rows; row++) {
    const below = cornersOf(grid, row + 1);
    for (let column = 0; column < columns; column++)
      areas[row * columns + column] = Math.abs(quadArea(above, below, column));
    above = below;
  }
  return areas;
}

interface Corners {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function cornersOf(grid: Grid, row: number): Corners {
  const toDegrees = transformation(grid.crs, 'EPSG:4326');
  const [x, y] = [new Float64Array(grid.columns + 1), new Float64Array(grid.columns + 1)];
  for (let column = 0; column <= grid.columns; column++) {
    const [longitude, latitude] = toDegrees(...placeOf(grid, column, row));
    x[column] = SEMI_MAJOR_KM * longitude * RADIANS;
    y[column] = (SEMI_MAJOR_KM / 2) * zone(latitude * RADIANS);
  }
  return { x, y };
}

/** In proportion to the area of the ellipsoid from the equator to a latitude. */
function zone(latitude: number): number {
  const [sine, e] = [Math.sin(latitude), ECCENTRICITY];
  const logarithm = Math.log((1 - e * sine) / (1 + e * sine)) / (2 * e);
  return (1 - e * e) * (sine / (1 - (e * sine) ** 2) - logarithm);
}

/** Half the cross product of the diagonals. */
const quadArea = (above: Corners, below: Corners, column: number): number =>
  ((below.x[column + 1]! - above.x[column]!) * (below.y[column]! - above.y[column + 1]!) -
    (below.y[column + 1]! - above.y[column]!) * (below.x[column]! - above.x[column + 1]!)) /
  2;
