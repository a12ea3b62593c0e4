// The area that a convex polygon of four corners has in common with one cell of a grid.

/** Corners in order around the polygon, in columns and rows. */
export interface Quad {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

const MOST_CORNERS = 12;
// Two buffers, each the input of one cut and the output of the other.
const buffers = [0, 1].map(() => ({ x: new Float64Array(MOST_CORNERS), y: new Float64Array(MOST_CORNERS) }));

const UPRIGHT = 1e-7;

/** The cell reaches from (column, row) to (column + 1, row + 1). */
export function overlapOf({ x, y }: Quad, column: number, row: number): number {
  const isUpright =
    Math.abs(x[0]! - x[3]!) < UPRIGHT &&
    Math.abs(x[1]! - x[2]!) < UPRIGHT &&
    Math.abs(y[0]! - y[1]!) < UPRIGHT &&
    Math.abs(y[2]! - y[3]!) < UPRIGHT;
  if (isUpright) return common(x[0]!, x[1]!, column) * common(y[0]!, y[2]!, row);
  const [one, other] = buffers as [Quad, Quad];
  one.x.set(x);
  one.y.set(y);
  let count = cut(one.x, one.y, 4, other.x, other.y, column, 1);
  count = cut(other.x, other.y, count, one.x, one.y, column + 1, -1);
  count = cut(one.y, one.x, count, other.y, other.x, row, 1);
  count = cut(other.y, other.x, count, one.y, one.x, row + 1, -1);
  return Math.abs(areaOf(one.x, one.y, count));
}

const common = (from: number, to: number, cell: number): number =>
  Math.max(0, Math.min(Math.max(from, to), cell + 1) - Math.max(Math.min(from, to), cell));

/** Keeps the part where `side` · (p - at) is not negative; `q` goes along. Returns the number of corners. */
function cut(
  p: Float64Array,
  q: Float64Array,
  count: number,
  intoP: Float64Array,
  intoQ: Float64Array,
  at: number,
  side: 1 | -1,
): number {
  let next = 0;
  for (let corner = 0; corner < count; corner++) {
    const after = corner + 1 === count ? 0 : corner + 1;
    const [here, there] = [side * (p[corner]! - at), side * (p[after]! - at)];
    if (here >= 0) {
      intoP[next] = p[corner]!;
      intoQ[next++] = q[corner]!;
    }
    if (here >= 0 === there >= 0) continue;
    intoP[next] = at;
    intoQ[next++] = q[corner]! + ((q[after]! - q[corner]!) * here) / (here - there);
  }
  return next;
}

function areaOf(x: Float64Array, y: Float64Array, count: number): number {
  let twice = 0;
  for (let corner = 0; corner < count; corner++) {
    const after = corner + 1 === count ? 0 : corner + 1;
    twice += x[corner]! * y[after]! - x[after]! * y[corner]!;
  }
  return twice / 2;
}
