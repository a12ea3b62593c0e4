// The weather of a city: each variable as one series, in the units of the later stages.
import type { Coded } from '../../../../models/heat/documents.ts';
import type { City } from '../../city/city.ts';
import { isOtherVariable, UnusableFile } from '../../formats/unusable.ts';
import type { RawFile } from '../../input/raw-files.ts';
import type { Box } from '../../raster/axes.ts';
import type { Series } from '../../raster/grid.ts';
import { seriesFile } from '../files.ts';
import type { StageFile } from '../stage.ts';
import { coarsened } from './coarsen.ts';
import { dailyExtremes, relativeHumidity } from './derived.ts';
import { hourNotes } from './hours.ts';
import { readMerged } from './merge-series.ts';
import type { SourceFiles } from './raw-of.ts';

/** Files, and what a reader of the report should know of their sources. */
export interface Ingested {
  readonly files: readonly StageFile[];
  readonly notes: readonly Coded[];
}

type BaseVariable = City['variables'][number];

/** Degrees around the box: cells beyond its edges help to interpolate within them. */
const MARGIN_DEGREES = 1;

export async function weatherFiles(city: City, { era5, reference }: SourceFiles): Promise<Ingested> {
  const { coarsen } = city.sources.era5;
  const within = coarsen === undefined ? boxAround(city, MARGIN_DEGREES) : undefined;
  const first = era5[0]!.name;
  const files: StageFile[] = [];
  const notes: Coded[] = [];
  // Every later stage works on the temperature.
  for (const variable of new Set<BaseVariable>(['t2m', ...city.variables])) {
    const series = await readVariable(variable, era5, within);
    notes.push(...hourNotes(first, city.period, series));
    const { coarse, fine } =
      coarsen === undefined ? { coarse: series, fine: undefined } : coarsened(first, series, coarsen);
    files.push(seriesFile(`${variable}.series`, coarse));
    if (variable === 't2m' && fine !== undefined && reference.length === 0)
      files.push(seriesFile('reference.series', fine));
    if (variable === 't2m' && reference.length > 0) {
      const margin = MARGIN_DEGREES + Math.abs(coarse.grid.transform[0]);
      const truth = await readMerged(reference, 't2m', boxAround(city, margin));
      files.push(seriesFile('reference.series', truth));
    }
  }
  return { files, notes };
}

/** Relative humidity and the extremes of days follow from other variables where no file has them. */
async function readVariable(
  variable: BaseVariable,
  files: readonly RawFile[],
  within: Box | undefined,
): Promise<Series> {
  if (variable === 'rh') return humidity(files, within);
  try {
    return await readMerged(files, variable, within);
  } catch (error) {
    if (!(error instanceof UnusableFile) || !isOtherVariable(error.problem)) throw error;
    if (variable !== 'tx' && variable !== 'tn') throw error;
    return dailyExtremes(await readMerged(files, 't2m', within), variable);
  }
}

/** The dew point may be in files of its own, which need not be of the grid and the hours of the temperature. */
async function humidity(files: readonly RawFile[], within: Box | undefined): Promise<Series> {
  const [air, dew] = [await readMerged(files, 't2m', within), await readMerged(files, 'd2m', within)];
  const refuse = (found: string, expected: string): never => {
    throw new UnusableFile({ file: files[0]!.name, place: 'variable d2m, for rh', found, expected });
  };
  if (JSON.stringify(air.grid) !== JSON.stringify(dew.grid))
    refuse(`${dew.grid.rows} × ${dew.grid.columns} cells of another grid`, 'the grid of t2m');
  const found = relativeHumidity(air, dew);
  return found.hours.length > 0 ? found : refuse('no hour that t2m has', 'the hours of t2m');
}

export function boxAround({ extent }: City, margin: number): Box {
  const [west, south, east, north] = extent.bbox_wgs84;
  return { west: west - margin, south: south - margin, east: east + margin, north: north + margin };
}
