// Makes a series coarser by block means, so that it is its own known truth.
import { blockMeans, blocksOf } from '../../../../models/downscale/blocks.ts';
import { covered, type Cover } from '../../../../models/downscale/cover.ts';
import { presentCells } from '../../../../models/downscale/field.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import type { Series } from '../../raster/grid.ts';

export interface Coarsened {
  readonly coarse: Series;
  /** The cells that are in whole blocks. */
  readonly fine: Series;
}

/** Blocks of n × n cells from the first cell of the file on; a rest at the end of rows and columns is left out. */
export function coarsened(file: string, series: Series, n: number): Coarsened {
  const { grid, hours, values } = series;
  const coarse = { rows: Math.floor(grid.rows / n), columns: Math.floor(grid.columns / n) };
  if (coarse.rows < 2 || coarse.columns < 2)
    throw new UnusableFile({
      file,
      place: 'grid',
      found: `${grid.rows} × ${grid.columns} cells`,
      expected: `at least 2 × 2 blocks of ${n} × ${n} cells`,
    });
  const cover: Cover = { coarse, down: n, across: n, top: 0, left: 0 };
  const fine = covered({ rows: grid.rows, columns: grid.columns, hours, values }, cover);
  const means = blockMeans(fine, cover, blocksOf(cover, presentCells(fine)));
  const [a, b, c, d, e, f] = grid.transform;
  return {
    coarse: {
      ...series,
      grid: { crs: grid.crs, ...coarse, transform: [n * a, n * b, c, n * d, n * e, f] },
      values: means.values,
    },
    fine: { ...series, grid: { ...grid, rows: fine.rows, columns: fine.columns }, values: fine.values },
  };
}
