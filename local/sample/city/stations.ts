// Stations of the generated city, in the text format of ECA&D: maxima and minima of each day, near the truth.
import { bell } from '../chance.ts';
import type { Hourly } from './netcdf.ts';
import { cellAt } from './weather.ts';

interface Place {
  readonly id: number;
  readonly name: string;
  readonly at: readonly [longitude: number, latitude: number];
}

const PLACES: readonly Place[] = [
  { id: 1, name: 'TOUR DES ARCHIVES', at: [2.352, 48.858] },
  { id: 2, name: 'BOIS DE L OUEST', at: [2.262, 48.868] },
  { id: 3, name: 'QUAI DU PORT', at: [2.39, 48.841] },
  { id: 4, name: 'PLATEAU NORD', at: [2.43, 48.912] },
  { id: 5, name: 'FERME DU SUD', at: [2.31, 48.79] },
];
const ZERO_CELSIUS = 273.15;
const HOURS = 24;

/** The text of each file, by its name. */
export function stationFiles({ hours, values }: Hourly, seed: number): ReadonlyMap<string, string> {
  const cells = values.length / hours.length;
  const days = Math.floor(hours.length / HOURS);
  const files = new Map([['stations.txt', listOf()]]);
  for (const { id, name, at } of PLACES) {
    const cell = cellAt(...at);
    const readings = Array.from({ length: days }, (_, day) => {
      const ofDay = hours
        .slice(day * HOURS, (day + 1) * HOURS)
        .map((_hour, hour) => values[(day * HOURS + hour) * cells + cell]! - ZERO_CELSIUS);
      const date = new Date(hours[day * HOURS]! * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
      const read = (value: number, key: number) => Math.round(10 * (value + 0.2 * bell(seed, id, key, day)));
      return { date, TX: read(Math.max(...ofDay), 1), TN: read(Math.min(...ofDay), 2) };
    });
    for (const element of ['TX', 'TN'] as const)
      files.set(
        `${element}_STAID${String(id).padStart(6, '0')}.txt`,
        seriesOf(
          id,
          name,
          element,
          readings.map((reading) => [reading.date, reading[element]]),
        ),
      );
  }
  return files;
}

function seriesOf(
  id: number,
  name: string,
  element: string,
  rows: readonly (readonly [date: string, tenths: number])[],
): string {
  const header = [
    'GENERATED DATA, in the format of EUROPEAN CLIMATE ASSESSMENT & DATASET (ECA&D)',
    '',
    `This is the series of station FRANCE, ${name} (STAID: ${id}).`,
    '',
    ` STAID, SOUID,    DATE,   ${element}, Q_${element}`,
  ];
  const lines = rows.map(([date, tenths]) => `${pad(id, 6)},${pad(id, 6)},${date},${pad(tenths, 5)},    0`);
  return `${[...header, ...lines].join('\r\n')}\r\n`;
}

const pad = (value: number | string, width: number): string => String(value).padStart(width);

function listOf(): string {
  const lines = PLACES.map(
    ({ id, name, at: [longitude, latitude] }) =>
      `${pad(id, 5)},${name.padEnd(40)},FR,${angle(latitude)},${angle(longitude).replace('+', '+0')},  50`,
  );
  return `${['GENERATED DATA', '', 'STAID,STANAME                                 ,CN,      LAT,       LON,HGHT', ...lines].join('\r\n')}\r\n`;
}

/** `+48:51:24` */
function angle(degrees: number): string {
  const seconds = Math.round(Math.abs(degrees) * 3600);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${degrees < 0 ? '-' : '+'}${parts.map((part) => String(part).padStart(2, '0')).join(':')}`;
}
