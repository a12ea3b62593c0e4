// The stations of a city: those of the list that lie in its box and have a series, with the days of the period.
import type { City } from '../../city/city.ts';
import { readStationSeries, type StationSeries } from '../../formats/stations/read-series.ts';
import { readStations, type Station } from '../../formats/stations/read-stations.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import type { RawFile } from '../../input/raw-files.ts';
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
  const notes =
    problems.length === 0
      ? []
      : [`${list.name}: ${problems.length} lines are left out (the first is ${problems[0]!.place})`];
  const places = new Map(stations.filter(isIn(city)).map((station) => [station.id, station]));
  const read = new Map<number, StationDays>();
  for (const file of raw.filter(({ name }) => SERIES.test(name))) {
    const series = readStationSeries(file);
    const station = places.get(series.station);
    if (station === undefined) {
      notes.push(
        `${file.name}: the station ${series.station} is not in the list, or not in the box, and is left out`,
      );
      continue;
    }
    read.set(station.id, withDays(read.get(station.id) ?? withoutDays(station), series, city.period));
    if (series.suspect > 0) notes.push(`${file.name}: ${series.suspect} suspect values count as missing`);
  }
  const found = [...read.values()].filter(({ days }) => Object.keys(days).length > 0);
  if (found.length === 0) notes.push('no station of the box has a value in the period');
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
