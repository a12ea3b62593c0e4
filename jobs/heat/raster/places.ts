// For the points of one grid, their places on another, fast: exact at few points of a block, and quadratic between them.
import { placeOf, type Grid } from './grid.ts';
import { transformation } from './projections.ts';

/** Where a point of the target lies on the source, in columns and rows. */
export type Place = (column: number, row: number) => readonly [column: number, row: number];

export function placesOn(source: Grid, target: Grid): Place {
  const transform = transformation(target.crs, source.crs);
  const [a, b, c, d, e, f] = source.transform;
  const determinant = a * e - b * d;
  if (!(Math.abs(determinant) > 0)) throw new RangeError('the cells of the source have no area');
  return (column, row) => {
    const [x, y] = transform(...placeOf(target, column, row));
    return [(e * (x - c) - b * (y - f)) / determinant, (a * (y - f) - d * (x - c)) / determinant];
  };
}

/** Points on a lattice: the centres of cells begin at 0.5, their corners at 0. */
export interface Lattice {
  readonly origin: number;
  readonly columns: number;
  readonly rows: number;
}

/** The places of some rows of a lattice. */
export interface Band {
  readonly firstRow: number;
  readonly rows: number;
  /** Columns and rows of the source, row by row. Used again for the next band. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

const BLOCK = 64;
/** Blocks of this side or less are computed point by point. */
const SMALLEST = 4;
/** In cells of the source: a field that changes by 10 °C from one cell to the next is off by 0.0001 °C. */
const TOLERANCE = 1e-5;

export function* bandsOf(place: Place, { origin, columns, rows }: Lattice): Generator<Band, void, undefined> {
  const x = new Float64Array(columns * Math.min(BLOCK, rows));
  const y = new Float64Array(x.length);
  for (let firstRow = 0; firstRow < rows; firstRow += BLOCK) {
    const height = Math.min(BLOCK, rows - firstRow);
    const shifted: Place = (column, row) => place(column + origin, row + firstRow + origin);
    for (let column = 0; column < columns; column += BLOCK)
      fill({ place: shifted, x, y, stride: columns }, column, 0, Math.min(BLOCK, columns - column), height);
    yield { firstRow, rows: height, x, y };
  }
}

interface Filling {
  readonly place: Place;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly stride: number;
}

/** Splits the block where the quadratic is not exact enough, which also finds places that are not finite. */
function fill(filling: Filling, column: number, row: number, width: number, height: number): void {
  if (width <= SMALLEST || height <= SMALLEST) return fillExactly(filling, column, row, width, height);
  const surface = surfaceOf(filling.place, column, row, width - 1, height - 1);
  if (surface.isExact) return fillBySurface(filling, surface, column, row, width, height);
  const [left, top] = [width >> 1, height >> 1];
  fill(filling, column, row, left, top);
  fill(filling, column + left, row, width - left, top);
  fill(filling, column, row + top, left, height - top);
  fill(filling, column + left, row + top, width - left, height - top);
}

function fillExactly(
  { place, x, y, stride }: Filling,
  column: number,
  row: number,
  width: number,
  height: number,
) {
  for (let j = row; j < row + height; j++)
    for (let i = column; i < column + width; i++) {
      const [px, py] = place(i, j);
      x[j * stride + i] = px;
      y[j * stride + i] = py;
    }
}

interface Surface {
  /** Nine values each: three rows of three points of the block. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly isExact: boolean;
}

const NODES = [0, 0.5, 1];
const CHECKED = [0.22, 0.78];

function surfaceOf(place: Place, column: number, row: number, width: number, height: number): Surface {
  const at = (u: number, v: number) => place(column + u * width, row + v * height);
  const nodes = NODES.flatMap((v) => NODES.map((u) => at(u, v)));
  const [x, y] = [nodes.map((node) => node[0]), nodes.map((node) => node[1])];
  const isExact = CHECKED.every((v) =>
    CHECKED.every((u) => {
      const [px, py] = at(u, v);
      return Math.abs(valueAt(x, u, v) - px) <= TOLERANCE && Math.abs(valueAt(y, u, v) - py) <= TOLERANCE;
    }),
  );
  return { x, y, isExact };
}

/** The polynomials that are 1 at one of the nodes and 0 at the others. */
const weights = (u: number): readonly [number, number, number] => [
  (2 * u - 1) * (u - 1),
  4 * u * (1 - u),
  u * (2 * u - 1),
];

const across = (values: readonly number[], v: number): readonly [number, number, number] => {
  const [top, middle, bottom] = weights(v);
  const column = (at: number) => top * values[at]! + middle * values[3 + at]! + bottom * values[6 + at]!;
  return [column(0), column(1), column(2)];
};

const valueAt = (values: readonly number[], u: number, v: number): number => {
  const [left, middle, right] = across(values, v);
  const [l, m, r] = weights(u);
  return left * l + middle * m + right * r;
};

function fillBySurface(
  { x, y, stride }: Filling,
  surface: Surface,
  column: number,
  row: number,
  width: number,
  height: number,
): void {
  for (let j = 0; j < height; j++) {
    const start = (row + j) * stride + column;
    fillRow(x, start, width, across(surface.x, j / (height - 1)));
    fillRow(y, start, width, across(surface.y, j / (height - 1)));
  }
}

/** The parabola through the three values at the start, the middle and the end of the row. */
function fillRow(
  into: Float64Array,
  start: number,
  width: number,
  [left, middle, right]: readonly [number, number, number],
): void {
  const slope = (-3 * left + 4 * middle - right) / (width - 1);
  const bend = (2 * left - 4 * middle + 2 * right) / (width - 1) ** 2;
  for (let i = 0; i < width; i++) into[start + i] = left + i * (slope + i * bend);
}
