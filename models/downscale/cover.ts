// Which fine cells each coarse cell covers, found from the coordinates of the two grids.
import { cellsOf, type Fields, type Size } from './field.ts';

/** The part of a grid that placing needs; the grids of `jobs/heat` have it. North up, west to east. */
export interface PlacedGrid extends Size {
  readonly crs: string;
  readonly transform: readonly [a: number, b: number, c: number, d: number, e: number, f: number];
}

/** Coarse cell (i, j) covers `down` × `across` fine cells, from row `top + i · down` and column `left + j · across`. */
export interface Cover {
  readonly coarse: Size;
  readonly down: number;
  readonly across: number;
  readonly top: number;
  readonly left: number;
}

export type Covering =
  | { readonly kind: 'cover'; readonly cover: Cover }
  | { readonly kind: 'wrong'; readonly found: string; readonly expected: string };

/** Edges may lie so much of a fine cell apart: coordinates are stored as float32, or rounded. */
const APART = 0.05;
const MOST_FACTOR = 64;
const TURN = 360;

export function coverOf(fine: PlacedGrid, coarse: PlacedGrid): Covering {
  if (fine.crs !== coarse.crs) return wrong(`a grid in ${coarse.crs}`, fine.crs);
  const [x, b, west, d, y, north] = fine.transform;
  const [coarseX, coarseB, coarseWest, coarseD, coarseY, coarseNorth] = coarse.transform;
  if ([b, d, coarseB, coarseD].some((value) => value !== 0) || !(coarseX / x > 0) || !(coarseY / y > 0))
    return wrong('a grid that is turned', 'rows and columns along the axes of the fine grid');
  const start = fine.crs === 'EPSG:4326' ? sameTurn(coarseWest, west) : coarseWest;
  const across = alongAxis(
    'columns',
    { step: x, first: west, count: fine.columns },
    coarseX,
    start,
    coarse.columns,
  );
  const down = alongAxis(
    'rows',
    { step: y, first: north, count: fine.rows },
    coarseY,
    coarseNorth,
    coarse.rows,
  );
  if ('found' in down) return { kind: 'wrong', ...down };
  if ('found' in across) return { kind: 'wrong', ...across };
  const { rows, columns } = coarse;
  return {
    kind: 'cover',
    cover: {
      coarse: { rows, columns },
      down: down.factor,
      across: across.factor,
      top: down.offset,
      left: across.offset,
    },
  };
}

const wrong = (found: string, expected: string): Covering => ({ kind: 'wrong', found, expected });

/** A longitude of the turn that is nearest to another longitude. */
const sameTurn = (longitude: number, other: number): number =>
  longitude - TURN * Math.round((longitude - other) / TURN);

interface Axis {
  readonly step: number;
  readonly first: number;
  readonly count: number;
}

type Placed =
  | { readonly factor: number; readonly offset: number }
  | { readonly found: string; readonly expected: string };

function alongAxis(name: string, fine: Axis, step: number, first: number, count: number): Placed {
  const factor = Math.round(step / fine.step);
  if (factor < 1 || factor > MOST_FACTOR || Math.abs(step / fine.step - factor) * count > APART)
    return {
      found: `${name} of ${shown(Math.abs(step))}`,
      expected: `1 to ${MOST_FACTOR} times the ${shown(Math.abs(fine.step))} of the fine grid, a whole number`,
    };
  const place = (first - fine.first) / fine.step;
  // Never -0, which is another value in a comparison of whole covers.
  const offset = Math.round(place) + 0;
  if (Math.abs(place - offset) > APART)
    return {
      found: `${name} whose first edge is at ${shown(first)}`,
      expected: `an edge of the fine grid, such as ${shown(fine.first + offset * fine.step)}`,
    };
  if (offset >= 0 && offset + count * factor <= fine.count) return { factor, offset };
  return {
    found: `${name} from ${shown(first)} to ${shown(first + count * step)}`,
    expected: `within ${shown(fine.first)} to ${shown(fine.first + fine.count * fine.step)}, what the fine grid covers`,
  };
}

const shown = (value: number): string => String(Number(value.toFixed(6)));

/** The fine grid that a cover fills. */
export const fineSize = ({ coarse, down, across }: Cover): Size => ({
  rows: coarse.rows * down,
  columns: coarse.columns * across,
});

/** Keeps of fine fields the cells that a coarse one covers. */
export function covered(fine: Fields, cover: Cover): Fields {
  const size = fineSize(cover);
  const values = new Float32Array(fine.hours.length * cellsOf(size));
  let to = 0;
  for (let hour = 0; hour < fine.hours.length; hour++)
    for (let row = 0; row < size.rows; row++) {
      const from = (hour * fine.rows + cover.top + row) * fine.columns + cover.left;
      values.set(fine.values.subarray(from, from + size.columns), to);
      to += size.columns;
    }
  return { ...size, hours: fine.hours, values };
}
