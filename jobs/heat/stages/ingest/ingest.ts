// Stage 1: the raw files of a city, read and checked, in the forms of the later stages.
import type { City } from '../../city/city.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import type { VariableName } from '../../formats/variables.ts';
import type { RawFile } from '../../input/raw-files.ts';
import { jsonStageFile, seriesFile } from '../files.ts';
import type { Stage, StageFile } from '../stage.ts';
import { coarsened } from './coarsen.ts';
import { groundFiles } from './ground.ts';
import { readMerged } from './merge-series.ts';
import { rawOf, type SourceFiles } from './raw-of.ts';

/** Degrees around the box: cells beyond its edges help to interpolate within them. */
const MARGIN_DEGREES = 1;

export const ingest = (raw: readonly RawFile[]): Stage => ({
  name: 'ingest',
  version: 1,
  reads: [],
  settings: (city) => {
    const { sources, variables, extent, period } = city;
    const files = Object.entries(rawOf(city, raw)).map(([source, own]) => [
      source,
      (own as readonly RawFile[]).map(({ name, sha256 }) => [name, sha256]),
    ]);
    return { sources, variables, extent: extent.bbox_wgs84, period, files };
  },
  run: async ({ city, progress }) => {
    const files = rawOf(city, raw);
    progress(0, 'ingest: the weather');
    const weather = await weatherFiles(city, files);
    progress(0.7, 'ingest: the ground');
    const ground = await groundFiles(city, files);
    const used = Object.values(files).flatMap((own: readonly RawFile[]) => own.map(({ name }) => name));
    return [...weather, ...ground.files, jsonStageFile('notes.json', { files: used, notes: ground.notes })];
  },
});

async function weatherFiles(city: City, files: SourceFiles): Promise<readonly StageFile[]> {
  const { coarsen, path } = city.sources.era5;
  const file = files.era5[0]?.name ?? `${path ?? `${city.city}/`}…`;
  if (files.era5.length === 0)
    throw new UnusableFile({
      file,
      found: 'no such file',
      expected: `a GRIB or NetCDF file of ${city.city}`,
    });
  const within = coarsen === undefined ? around(city) : undefined;
  const made: StageFile[] = [];
  for (const variable of city.variables) {
    const series = await readMerged(files.era5, variable as VariableName, within);
    requirePeriod(file, city, series.hours);
    if (coarsen === undefined) {
      made.push(seriesFile(`${variable}.series`, series));
      continue;
    }
    const { coarse, fine } = coarsened(file, series, coarsen);
    made.push(seriesFile(`${variable}.series`, coarse));
    if (variable === 't2m') made.push(seriesFile('reference.series', fine));
  }
  if (files.reference.length > 0)
    made.push(seriesFile('reference.series', await readMerged(files.reference, 't2m', around(city))));
  return made;
}

function around({ extent }: City) {
  const [west, south, east, north] = extent.bbox_wgs84;
  return {
    west: west - MARGIN_DEGREES,
    south: south - MARGIN_DEGREES,
    east: east + MARGIN_DEGREES,
    north: north + MARGIN_DEGREES,
  };
}

const DAY_MS = 86_400_000;

function requirePeriod(file: string, { period }: City, hours: readonly number[]): void {
  const [from, to] = [Date.parse(period.start), Date.parse(period.end) + DAY_MS];
  if (hours.some((time) => time >= from && time < to)) return;
  const shown = (time: number) => new Date(time).toISOString();
  throw new UnusableFile({
    file,
    place: 'times',
    found: `hours from ${shown(hours[0]!)} to ${shown(hours.at(-1)!)}`,
    expected: `hours from ${period.start} to ${period.end}`,
  });
}
