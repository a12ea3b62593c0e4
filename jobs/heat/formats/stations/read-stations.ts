// Reads the list of stations of ECA&D: by commas, because its columns are not where its header says.
import type { InputFile } from '../opened-file.ts';
import { quoted, UnusableFile, type Problem } from '../unusable.ts';
import { fieldsOf, linesOf } from './lines.ts';

export interface Station {
  readonly id: number;
  readonly name: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly heightMetres: number | undefined;
}

export interface StationList {
  readonly stations: readonly Station[];
  /** Lines that were left out, each with the reason. */
  readonly problems: readonly Problem[];
}

const FIELDS = 6;
const ANGLE = /^([+-])(\d{1,3}):(\d{2}):(\d{2})$/;
const COUNTRY = /^[A-Z]{2}$/;
const UNKNOWN_HEIGHT = -9999;

/** Throws `UnusableFile` where no line is a station. */
export function readStations(input: InputFile): StationList {
  const lines = linesOf(input);
  const header = lines.findIndex((line) => fieldsOf(line).slice(0, 2).join() === 'STAID,STANAME');
  const [stations, problems]: [Station[], Problem[]] = [[], []];
  lines.forEach((line, at) => {
    if (header === -1 || at <= header || line.trim() === '') return;
    const read = stationOf(fieldsOf(line));
    if ('id' in read) stations.push(read);
    else
      problems.push({
        file: input.name,
        place: `line ${at + 1}`,
        found: quoted(line),
        expected: read.expected,
      });
  });
  if (stations.length > 0) return { stations, problems };
  const found = header === -1 ? quoted(lines[0] ?? '') : 'no station';
  throw new UnusableFile({
    file: input.name,
    found,
    expected: 'a list with the columns STAID, STANAME, CN, LAT, LON, HGHT',
  });
}

/**
 * A comma in a name makes a field more: the name is put together again. In the list of 2025 such lines were moved by one
 * field and lost the last: the longitude is only left as whole degrees in place of the height, some 80 km off. They are
 * left out, because no coordinate of them can be trusted.
 */
function stationOf(fields: readonly string[]): Station | { readonly expected: string } {
  const names = fields.slice(1, fields.length - FIELDS + 2);
  const [id, country, lat, lon, height] = [fields[0], ...fields.slice(-4)];
  if (fields.length < FIELDS || !/^\d{1,6}$/.test(id!))
    return { expected: 'a number, a name and four more fields' };
  if (!COUNTRY.test(country!))
    return { expected: 'a country of two letters: the line is shifted by a comma in the name' };
  const [latitude, longitude] = [degreesOf(lat!, 90), degreesOf(lon!, 180)];
  if (latitude === undefined || longitude === undefined)
    return { expected: 'a latitude and a longitude as +48:14:54,+016:21:23' };
  const metres = Number(height);
  if (!/^-?\d{1,5}$/.test(height!)) return { expected: 'a height in metres' };
  const heightMetres = metres === UNKNOWN_HEIGHT ? undefined : metres;
  return { id: Number(id), name: names.join(', '), country: country!, latitude, longitude, heightMetres };
}

function degreesOf(text: string, most: number): number | undefined {
  const [, sign, degrees, minutes, seconds] = ANGLE.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const value = Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600;
  if (value > most || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return sign === '-' ? -value : value;
}
