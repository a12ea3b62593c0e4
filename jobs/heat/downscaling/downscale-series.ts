// Downscales one series by another: brings both to one unit, finds what each coarse cell covers, and checks that the
// input has every value that is needed.
import { blocksOf } from '../../../models/downscale/blocks.ts';
import { coverOf, covered, fineSize, type Cover, type PlacedGrid } from '../../../models/downscale/cover.ts';
import { downscale, type DownscaleReport } from '../../../models/downscale/downscale.ts';
import type { Downscaler } from '../../../models/downscale/downscaler.ts';
import { presentCells, type Fields } from '../../../models/downscale/field.ts';
import { UnusableFile } from '../formats/unusable.ts';
import { ZERO_CELSIUS } from '../formats/values.ts';
import type { Grid, Series } from '../raster/grid.ts';

export interface NamedSeries {
  /** What errors call the file. */
  readonly file: string;
  readonly series: Series;
}

export interface Downscaled {
  /** On the fine cells that the input covers, at its hours and in its unit. */
  readonly series: Series;
  readonly report: DownscaleReport;
}

/** `further` methods may be in the mix. Throws `UnusableFile`. */
export function downscaleSeries(
  train: NamedSeries,
  input: NamedSeries,
  progress: (text: string) => void = () => {},
  further: readonly Downscaler[] = [],
): Downscaled {
  const cover = checkedCover(train, input);
  const fine = inUnitOf(train, input);
  const coarse = fieldsOf(input.series);
  requireValues(input, coarse, fine, cover);
  const result = downscale({ fine, cover, coarse, further, progress });
  const grid = fineGrid(train.series.grid, cover);
  return { series: { ...input.series, grid, values: result.fine.values }, report: result.report };
}

export const fieldsOf = ({ grid: { rows, columns }, hours, values }: Series): Fields => ({
  rows,
  columns,
  hours,
  values,
});

export const placed = ({ crs, rows, columns, transform }: Grid): PlacedGrid => ({
  crs,
  rows,
  columns,
  transform,
});

function checkedCover(train: NamedSeries, input: NamedSeries): Cover {
  const covering = coverOf(placed(train.series.grid), placed(input.series.grid));
  if (covering.kind === 'cover') return covering.cover;
  const { found, expected } = covering;
  throw new UnusableFile({ file: input.file, place: 'grid', found, expected: `${expected} (${train.file})` });
}

const FROM_KELVIN: ReadonlyMap<string, number> = new Map([
  ['K', 0],
  ['°C', -ZERO_CELSIUS],
]);

/** The training's fields in the input's unit: K and °C are converted, any other unit must be the same. */
function inUnitOf({ file, series }: NamedSeries, input: NamedSeries): Fields {
  const fields = fieldsOf(series);
  const [own, wanted] = [series.units, input.series.units];
  if (own === wanted) return fields;
  const [from, to] = [FROM_KELVIN.get(own), FROM_KELVIN.get(wanted)];
  if (from === undefined || to === undefined)
    throw new UnusableFile({
      file,
      place: `variable ${series.name}`,
      found: `the unit "${own}"`,
      expected: `"${wanted}", as in ${input.file}`,
    });
  return { ...fields, values: fields.values.map((value) => value - from + to) };
}

/** Every coarse cell that covers present fine cells needs a value at every hour. */
function requireValues({ file, series }: NamedSeries, coarse: Fields, fine: Fields, cover: Cover): void {
  const blocks = blocksOf(cover, presentCells(covered(fine, cover)));
  if (blocks.every((places) => places.length === 0))
    throw new UnusableFile({
      file,
      place: 'grid',
      found: 'only cells that the training has no values for',
      expected: 'at least one fine cell with a value at every hour of the training',
    });
  const at = coarse.values.findIndex(
    (value, place) => Number.isNaN(value) && blocks[place % blocks.length]!.length > 0,
  );
  if (at === -1) return;
  const [hour, cell] = [Math.floor(at / blocks.length), at % blocks.length];
  const time = new Date(coarse.hours[hour]!).toISOString();
  const place = `${series.name} at ${time}, row ${Math.floor(cell / coarse.columns) + 1}, column ${(cell % coarse.columns) + 1}`;
  throw new UnusableFile({ file, place, found: 'no value', expected: 'a value in every cell and hour' });
}

/** Of the fine cells that a cover is of. */
export function fineGrid({ crs, transform: [a, b, c, d, e, f] }: Grid, cover: Cover): Grid {
  const tidy = (value: number) => Number(value.toFixed(9));
  const corner = [tidy(c + a * cover.left), tidy(f + e * cover.top)] as const;
  return { crs, ...fineSize(cover), transform: [a, b, corner[0], d, e, corner[1]] };
}
