// How a layer comes to another grid: by means over the area where its cells are smaller, by interpolation where not.
import { transformation } from './projections.ts';
import { placeOf, type Grid } from './grid.ts';
import type { Resampling } from './warp.ts';

/** Cells of the source that are not smaller than this part of the target's are interpolated. */
const SMALLER = 0.8;

export function resamplingFor(source: Grid, target: Grid): Extract<Resampling, 'bilinear' | 'conservative'> {
  return sideOf(source, target) < SMALLER ? 'conservative' : 'bilinear';
}

/** The side of the source's cells in the middle of the target, in sides of the target's cells. */
function sideOf(source: Grid, target: Grid): number {
  const toSource = transformation(target.crs, source.crs);
  const [column, row] = [target.columns / 2, target.rows / 2];
  const corner = toSource(...placeOf(target, column, row));
  const area = (
    from: readonly [number, number],
    to: readonly [number, number],
    other: readonly [number, number],
  ) => Math.abs((to[0] - from[0]) * (other[1] - from[1]) - (to[1] - from[1]) * (other[0] - from[0]));
  const one = area(
    corner,
    toSource(...placeOf(target, column + 1, row)),
    toSource(...placeOf(target, column, row + 1)),
  );
  const [a, b, , d, e] = source.transform;
  return Math.sqrt(Math.abs(a * e - b * d) / one);
}
