// The distance of each cell's centre from the nearest marked cell's centre, in metres: exact, in time that is linear.
import { cellCount, placeOf, type Grid } from '../raster/grid.ts';
import { transformation } from '../raster/projections.ts';
import { isGeographic } from '../raster/systems.ts';

const METRES_PER_DEGREE = 111_319.490793;

/** The sides of a cell on the ground, in the middle of the grid. */
export function groundSides(grid: Grid): readonly [width: number, height: number] {
  const [a, , , , e] = grid.transform;
  const toDegrees = transformation(grid.crs, 'EPSG:4326');
  const [, latitude] = toDegrees(...placeOf(grid, grid.columns / 2, grid.rows / 2));
  const cosine = Math.cos((latitude * Math.PI) / 180);
  if (isGeographic(grid.crs)) return [a * METRES_PER_DEGREE * cosine, -e * METRES_PER_DEGREE];
  // Web Mercator is stretched; UTM and Lambert-93 are true within a thousandth.
  return grid.crs === 'EPSG:3857' ? [a * cosine, -e * cosine] : [a, -e];
}

/** NaN everywhere where no cell is marked. */
export function distances(marked: Uint8Array, grid: Grid): Float32Array {
  const { columns, rows } = grid;
  if (!marked.includes(1)) return new Float32Array(cellCount(grid)).fill(NaN);
  const [width, height] = groundSides(grid);
  const squares = Float64Array.from(marked, (mark) => (mark === 1 ? 0 : Infinity));
  for (let column = 0; column < columns; column++) transform(squares, column, columns, rows, height);
  for (let row = 0; row < rows; row++) transform(squares, row * columns, 1, columns, width);
  return Float32Array.from(squares, Math.sqrt);
}

/** Felzenszwalb and Huttenlocher, 2012: the lower envelope of the parabolas that stand on the cells of one line. */
function transform(squares: Float64Array, start: number, stride: number, count: number, side: number): void {
  const line = Float64Array.from({ length: count }, (_, at) => squares[start + at * stride]!);
  const apex = new Int32Array(count);
  const border = new Float64Array(count + 1);
  let last = -1;
  for (let at = 0; at < count; at++) {
    if (line[at] === Infinity) continue;
    let meeting = -Infinity;
    while (last >= 0) {
      const other = apex[last]!;
      meeting =
        (line[at]! - line[other]! + side ** 2 * (at ** 2 - other ** 2)) / (2 * side ** 2 * (at - other));
      if (meeting > border[last]!) break;
      last--;
    }
    if (last < 0) meeting = -Infinity;
    last++;
    apex[last] = at;
    border[last] = meeting;
  }
  if (last < 0) return;
  let parabola = 0;
  for (let at = 0; at < count; at++) {
    while (parabola < last && border[parabola + 1]! < at) parabola++;
    const from = apex[parabola]!;
    squares[start + at * stride] = (side * (at - from)) ** 2 + line[from]!;
  }
}
