// The stations of a city: those of the list that lie in its box and have a series, with the days of the period.
import type { Coded } from '../../../../models/heat/documents.ts';
import type { City } from '../../city/city.ts';
import { readStationSeries, type StationSeries } from '../../formats/stations/read-series.ts';
import { readStations, type Station } from '../../formats/stations/read-stations.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import type { RawFile } from '../../input/raw-files.ts';
import { coded } from '../../texts/coded.ts';
import { jsonStageFile } from '../files.ts';
import { boundsOfPeriod } from './hours.ts';
import { boxAround, type Ingested } from './weather.ts';

/** `stations.json` between stages. */
export interface StationDays {
  readonly id: number;
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly height_m: number | null;
  /** By day, `2025-06-21`; °C, null where the series has no valid value. */
  readonly days: Readonly<
    Record<string, { readonly tx?: number | null; readonly tn?: number | null; readonly tg?: number | null }>
  >;
}

const LIST = /(^|\/)[^/]*stations[^/]*\.txt$/i;
const SERIES = /(^|\/)(TX|TN|TG)_STAID\d+\.txt$/i;

/** No file where the configuration names no stations. */
export function stationFile(city: City, raw: readonly RawFile[]): Ingested {
  if (raw.length === 0) return { files: [], notes: [] };
  const list = raw.find(({ name }) => LIST.test(name));
  if (list === undefined)
    throw new UnusableFile({
      file: raw[0]!.name,
      found: 'no stations.txt beside it',
      expected: 'the list of stations',
    });
  const { stations, problems } = readStations(list);
  const notes: Coded[] =
    problems.length === 0
      ? []
      : [
          coded('lines-left-out', {
            file: list.name,
            count: problems.length,
            line: Number(/\d+/.exec(problems[0]!.place ?? '')?.[0] ?? 0),
          }),
        ];
  const places = new Map(stations.filter(isIn(city)).map((station) => [station.id, station]));
  const read = new Map<number, StationDays>();
  for (const file of raw.filter(({ name }) => SERIES.test(name))) {
    const series = readStationSeries(file);
    const station = places.get(series.station);
    if (station === undefined) {
      notes.push(coded('station-left-out', { file: file.name, station: series.station }));
      continue;
    }
    read.set(station.id, withDays(read.get(station.id) ?? withoutDays(station), series, city.period));
    if (series.suspect > 0) notes.push(coded('suspect-values', { file: file.name, count: series.suspect }));
  }
  const found = [...read.values()].filter(({ days }) => Object.keys(days).length > 0);
  if (found.length === 0) notes.push(coded('no-station-value'));
  const sorted = found.toSorted((one, other) => one.id - other.id);
  return { files: [jsonStageFile('stations.json', { stations: sorted })], notes };
}

const isIn = (city: City) => {
  const { west, south, east, north } = boxAround(city, 0);
  return ({ longitude, latitude }: Station): boolean =>
    longitude >= west && longitude <= east && latitude >= south && latitude <= north;
};

const withoutDays = ({ id, name, latitude, longitude, heightMetres }: Station): StationDays => ({
  ...{ id, name, latitude, longitude },
  height_m: heightMetres ?? null,
  days: {},
});

function withDays(
  station: StationDays,
  { element, days, values }: StationSeries,
  period: City['period'],
): StationDays {
  const [from, before] = boundsOfPeriod(period);
  const known = { ...station.days };
  const key = element.toLowerCase();
  days.forEach((time, at) => {
    if (time < from || time >= before) return;
    const day = new Date(time).toISOString().slice(0, 10);
    const value = values[at]!;
    known[day] = { ...known[day], [key]: Number.isNaN(value) ? null : value };
  });
  return { ...station, days: known };
}
