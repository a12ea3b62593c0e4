// Reads the shared export of the counters for a measurement: trusted and clean, so without the reader's care.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Observations } from '../../models/bikes/observations.ts';

const HOUR_MS = 3_600_000;

export function loadCounts(path: string): Observations {
  const [header, ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  const columns = header!.split(';');
  const at = (name: string): number => columns.indexOf(name);
  const [name, count, time, place] = [
    at('Nom du compteur'),
    at('Comptage horaire'),
    at('Date et heure de comptage'),
    at('Coordonnées géographiques'),
  ];
  const rows = lines.map((line) => {
    const fields = line.split(';');
    return {
      name: fields[name]!,
      hour: Date.parse(fields[time]!) / HOUR_MS,
      count: Number(fields[count]),
      place: fields[place]!,
    };
  });
  const places = new Map(rows.map((row) => [row.name, row.place]));
  const names = [...places.keys()].sort();
  const indexOf = new Map(names.map((each, index) => [each, index]));
  rows.sort((one, other) => indexOf.get(one.name)! - indexOf.get(other.name)! || one.hour - other.hour);
  return {
    counters: names.map((each) => {
      const [latitude, longitude] = places.get(each)!.split(',').map(Number);
      return { name: each, latitude, longitude };
    }),
    counter: Uint16Array.from(rows, (row) => indexOf.get(row.name)!),
    hour: Int32Array.from(rows, ({ hour }) => hour),
    count: Float32Array.from(rows, (row) => row.count),
  };
}
