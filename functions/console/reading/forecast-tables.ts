// The forecast of a publication that is older than the files for people: what its tables and metrics hold of it.
import { LARGEST_FILE_BYTES } from '../../../models/forecast/files.ts';
import type { ForecastIndex, OffNow, StoredDays, StoredSeries } from '../../../models/forecast/published.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { ForecastSpec } from '../../../shared/pipelines/forecast.ts';
import type { DataManifest } from '../../../shared/publications/manifest-file.ts';
import type { Forecast, ReadForecast } from './forecast-shape.ts';

type Values = (number | null)[];

interface SiteDays {
  readonly mall: string;
  readonly cluster: string;
  readonly days: Record<'predicted' | 'lower' | 'upper' | 'actual', Values>;
}

/** Undefined where the tables are not kept any more. */
export async function readFromTables(
  { days: of, band }: ForecastSpec,
  manifest: DataManifest,
  results: ObjectStore,
): Promise<Forecast | undefined> {
  const file = manifest.files.find(({ name }) => name === of.file);
  if (file === undefined) return undefined;
  const { object } = file;
  if (manifest.files.some(({ sizeBytes, name }) => sizeBytes > LARGEST_FILE_BYTES && name.endsWith('.csv')))
    return { kind: 'too-large', object };
  const dates = new Set<string>();
  const sites = new Map<string, SiteDays>();
  const isStored = await eachRow(manifest, of.file, results, (row) => {
    const name = row[of.site] ?? '';
    const site = sites.get(name) ?? { mall: name, cluster: row[of.cluster] ?? '', days: noDays() };
    sites.set(name, site);
    dates.add(row[of.date] ?? '');
    site.days.actual.push(numberIn(row[of.actual]));
    site.days.predicted.push(numberIn(row[of.predicted]));
  });
  if (!isStored || sites.size === 0) return undefined;
  await eachRow(manifest, band.file, results, (row) => {
    const site = sites.get(row[of.site] ?? '');
    site?.days.lower.push(numberIn(row[band.lower]));
    site?.days.upper.push(numberIn(row[band.upper]));
  });
  const offNow = await offNowIn(manifest, results);
  return shownFrom([...sites.values()], [...dates], { manifest, object, offNow });
}

const noDays = () => ({ predicted: [], lower: [], upper: [], actual: [] });

const numberIn = (cell: string | undefined): number | null =>
  cell === undefined || cell === '' || !Number.isFinite(Number(cell)) ? null : Math.round(Number(cell));

async function eachRow(
  { files }: DataManifest,
  name: string,
  results: ObjectStore,
  take: (row: Readonly<Record<string, string>>) => void,
): Promise<boolean> {
  const object = files.find((file) => file.name === name)?.object;
  const stored = object === undefined ? undefined : await results.readText(object, LARGEST_FILE_BYTES);
  if (stored === undefined) return false;
  const { parse } = await import('csv-parse/sync');
  // Rows are taken one by one and not kept: as objects they would need several times the size of the file.
  parse(stored.text, {
    columns: true,
    bom: true,
    on_record: (row: Readonly<Record<string, string>>) => {
      take(row);
      return null;
    },
  });
  return true;
}

/** Sites are named by their mall here: the tables hold no codes. */
async function offNowIn(manifest: DataManifest, results: ObjectStore): Promise<readonly OffNow[]> {
  const object = manifest.files.find(({ name }) => name === 'metrics.json')?.object;
  const stored = object === undefined ? undefined : await results.readText(object, LARGEST_FILE_BYTES);
  if (stored === undefined) return [];
  const { offNow = [] } = JSON.parse(stored.text) as { offNow?: readonly (OffNow & { mall: string })[] };
  return offNow.map(({ mall, deviation, since, date, days, actual, expected, lower, upper }) => ({
    key: mall,
    ...{ deviation, since, date, days, actual, expected, lower, upper },
  }));
}

interface From {
  readonly manifest: DataManifest;
  readonly object: string;
  readonly offNow: readonly OffNow[];
}

function shownFrom(
  sites: readonly SiteDays[],
  dates: readonly string[],
  { manifest, object, offNow }: From,
): ReadForecast {
  const { summary = {} } = manifest;
  const number = (name: string) => (typeof summary[name] === 'number' ? summary[name] : null);
  const known = sites.map(({ days }) => days.actual.findLastIndex((value) => value !== null));
  const [firstDay = '', lastDay = ''] = [dates[0], dates.at(-1)];
  const weekStarts = dates.map(mondayOf);
  const mondays = [...new Set(weekStarts.slice(0, Math.max(...known) + 1))];
  const weeksOf = (some: readonly SiteDays[]) => weeklyErrors(some, weekStarts, mondays);
  const all = weeksOf(sites);
  const none = { bias: null, naiveMeanOfFour: null };
  const index: ForecastIndex = {
    version: 1,
    engine: String(summary['engine'] ?? ''),
    ...{ firstDay, tableFrom: firstDay, lastDay },
    lastActual: dates[Math.max(0, ...known)] ?? firstDay,
    measured: {
      wape: number('wape'),
      bias: number('bias'),
      naiveMeanOfFour: number('naiveMeanOfFour'),
      naiveLastWeek: number('naiveLastWeek'),
      wapeHorizon: number('wapeHorizon'),
      coverage: number('coverage'),
      coverageOfTotal: null,
    },
    weeks: mondays.map((monday, at) => ({
      monday,
      wape: all[at] ?? null,
      naiveLastWeek: null,
      naiveMeanOfFour: null,
    })),
    all: sumOf(sites, dates.length),
    clusters: [],
    sites: sites.map((site) => ({
      key: site.mall,
      code: '',
      mall: site.mall,
      cluster: site.cluster,
      wape:
        weeklyErrors(
          [site],
          dates.map(() => ''),
          [''],
        )[0] ?? null,
      ...none,
    })),
    sitesPerFile: Math.max(1, sites.length),
    offNow,
  };
  const series = (at: number): StoredSeries | undefined => {
    const site = sites[at];
    return site && { days: { ...site.days, lastYear: [] }, weeks: weeksOf([site]) };
  };
  return {
    kind: 'tables',
    index,
    object,
    objectOf: () => object,
    site: (at) => Promise.resolve(series(at)),
    cluster: () => Promise.resolve(undefined),
  };
}

const DAY_MS = 86_400_000;

function mondayOf(isoDate: string): string {
  const atMs = Date.parse(`${isoDate}T00:00:00Z`);
  const weekday = (new Date(atMs).getUTCDay() + 6) % 7;
  return new Date(atMs - weekday * DAY_MS).toISOString().slice(0, 10);
}

/** The WAPE of each week, by the week that each day is in; null without visitors. */
function weeklyErrors(
  sites: readonly SiteDays[],
  weekOf: readonly string[],
  weeks: readonly string[],
): readonly (number | null)[] {
  const sums = new Map(weeks.map((week) => [week, { errors: 0, visits: 0 }]));
  for (const { days } of sites) {
    for (const [at, actual] of days.actual.entries()) {
      const sum = sums.get(weekOf[at] ?? '');
      if (actual === null || sum === undefined) continue;
      sum.errors += Math.abs((days.predicted[at] ?? 0) - actual);
      sum.visits += actual;
    }
  }
  return weeks.map((week) => {
    const { errors = 0, visits = 0 } = sums.get(week) ?? {};
    return visits === 0 ? null : errors / visits;
  });
}

/** On past days the sum of the sites that reported. The band of a sum is not the sum of the bands, and no table has it. */
function sumOf(sites: readonly SiteDays[], count: number): StoredDays {
  const [actual, predicted]: [Values, Values] = [
    Array<null>(count).fill(null),
    Array<null>(count).fill(null),
  ];
  const lastKnown = Math.max(
    ...sites.map(({ days }) => days.actual.findLastIndex((value) => value !== null)),
  );
  for (const { days } of sites) {
    for (let at = 0; at < count; at += 1) {
      const visits = days.actual[at] ?? null;
      if (visits !== null) actual[at] = (actual[at] ?? 0) + visits;
      if (visits !== null || at > lastKnown) predicted[at] = (predicted[at] ?? 0) + (days.predicted[at] ?? 0);
    }
  }
  return { actual, predicted, lower: [], upper: [], lastYear: [] };
}
