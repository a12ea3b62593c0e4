// Whether the fine temperatures can be learned: from a reference whose cells the coarse cells cover in whole blocks.
import { blocksOf } from '../../../models/downscale/blocks.ts';
import { coverOf, covered, fineSize, type Cover } from '../../../models/downscale/cover.ts';
import { cellsOf, presentCells, type Fields } from '../../../models/downscale/field.ts';
import type { Coded } from '../../../models/heat/documents.ts';
import { newestHours } from '../../../models/downscale/newest-hours.ts';
import { cellCount, type Grid, type Series } from '../raster/grid.ts';
import { coded } from '../texts/coded.ts';
import { fieldsOf, fineGrid, placed } from '../downscaling/downscale-series.ts';

export type Learnable =
  | {
      readonly kind: 'learn';
      readonly cover: Cover;
      readonly fine: Fields;
      /** Only the cells that lie in the reference. */
      readonly coarse: Fields;
      /** Of the fine cells that the coarse ones cover. */
      readonly grid: Grid;
    }
  | { readonly kind: 'interpolate'; readonly reason: Coded };

export function learnable(coarse: Series, reference: Series | undefined): Learnable {
  if (reference === undefined) return interpolate(coded('no-reference'));
  const within = cutTo(coarse, reference.grid);
  if (within === undefined) return interpolate(coded('weather-outside'));
  const covering = coverOf(placed(reference.grid), placed(within.grid));
  if (covering.kind === 'wrong')
    return interpolate(coded('grids-differ', { found: covering.found, expected: covering.expected }));
  const { cover } = covering;
  const [fine, input] = [fieldsOf(reference), fieldsOf(within)];
  const blocks = blocksOf(cover, presentCells(covered(fine, cover)));
  if (blocks.every((places) => places.length === 0)) return interpolate(coded('no-whole-cell'));
  const isMissing = input.values.some((value, at) => {
    return Number.isNaN(value) && blocks[at % blocks.length]!.length > 0;
  });
  if (isMissing) return interpolate(coded('weather-incomplete'));
  const tooLarge = tooLargeToLearn(fine, cover);
  if (tooLarge !== undefined) return interpolate(tooLarge);
  return { kind: 'learn', cover, fine, coarse: input, grid: fineGrid(reference.grid, cover) };
}

function tooLargeToLearn(fine: Fields, cover: Cover): Coded | undefined {
  try {
    newestHours(fine, cover);
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return coded('too-large-to-learn', { coarse: cellsOf(cover.coarse), fine: cellsOf(fineSize(cover)) });
  }
}

const interpolate = (reason: Coded): Learnable => ({ kind: 'interpolate', reason });

/** Edges may lie so much of a coarse cell beyond those of the reference: coordinates are rounded. */
const APART = 0.01;

/** The coarse cells that lie within the other grid; undefined where none does, or where the grids cannot be compared. */
function cutTo(series: Series, other: Grid): Series | undefined {
  const { grid, hours, values } = series;
  const [a, b, c, d, e, f] = grid.transform;
  const [x, , west, , y, north] = other.transform;
  if (grid.crs !== other.crs || b !== 0 || d !== 0) return series;
  const columns = inside(grid.columns, (west - c) / a, (west + x * other.columns - c) / a);
  const rows = inside(grid.rows, (north - f) / e, (north + y * other.rows - f) / e);
  if (columns.count <= 0 || rows.count <= 0) return undefined;
  if (columns.count === grid.columns && rows.count === grid.rows) return series;
  const cut = new Float32Array(hours.length * rows.count * columns.count);
  let to = 0;
  for (let hour = 0; hour < hours.length; hour++)
    for (let row = rows.first; row < rows.first + rows.count; row++) {
      const start = hour * cellCount(grid) + row * grid.columns + columns.first;
      cut.set(values.subarray(start, start + columns.count), to);
      to += columns.count;
    }
  return {
    ...series,
    grid: {
      crs: grid.crs,
      columns: columns.count,
      rows: rows.count,
      transform: [a, b, c + a * columns.first, d, e, f + e * rows.first],
    },
    values: cut,
  };
}

/** The whole cells between two places of an axis, which are counted in cells. */
function inside(count: number, start: number, end: number) {
  const first = Math.max(0, Math.ceil(start - APART));
  return { first, count: Math.min(count, Math.floor(end + APART)) - first };
}
