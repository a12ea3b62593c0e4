// Writes a small export of bicycle counters in the layout of Open Data Paris, so that a fresh clone has data.
import { stringify } from 'csv-stringify/sync';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bell } from './chance.ts';
import { dayOf } from './days.ts';
import type { SampleOptions } from './sample.ts';

interface Place {
  readonly name: string;
  readonly at: string;
  /** Bicycles in an ordinary hour. */
  readonly level: number;
  /** How much of the day's traffic the morning has, against the evening. */
  readonly morning: number;
}

const PLACES: readonly Place[] = [
  { name: '12 quai des Moulins E-O', at: '48.8581,2.3501', level: 90, morning: 1.4 },
  { name: '12 quai des Moulins O-E', at: '48.8581,2.3501', level: 85, morning: 0.6 },
  { name: '3 avenue du Parc N-S', at: '48.8402,2.3187', level: 40, morning: 1.2 },
  { name: '3 avenue du Parc S-N', at: '48.8402,2.3187', level: 38, morning: 0.8 },
  { name: '70 boulevard du Canal N-S', at: '48.8731,2.3712', level: 60, morning: 0.9 },
  { name: '70 boulevard du Canal S-N', at: '48.8731,2.3712', level: 55, morning: 1.1 },
];
const DAYS = 168;
const FILE = 'comptage-velo-donnees-compteurs.csv';
const HEADER = [
  ...['Identifiant du compteur', 'Nom du compteur', 'Comptage horaire', 'Date et heure de comptage'],
  ...['Coordonnées géographiques', 'mois_annee_comptage'],
];
const ZONE = 'Europe/Paris';
const HOUR_MS = 3_600_000;

/** Writes 24 weeks of six counters, up to the day before `today`, into `folder`; the same options give the same file. */
export async function writeCounters(folder: string, { today, seed }: SampleOptions): Promise<string[]> {
  const first = (dayOf(today) - DAYS) * 24;
  const hours = Array.from({ length: DAYS * 24 }, (_, index) => localTime((first + index) * HOUR_MS));
  const rows = PLACES.flatMap((place, index) =>
    hours.map((time, number) => [
      `10000${index}-20000${index}`,
      place.name,
      bicyclesIn(place, time, bell(seed, index, number)),
      time.text,
      place.at,
      time.text.slice(0, 7),
    ]),
  );
  await mkdir(folder, { recursive: true });
  const partial = join(folder, `.${FILE}.partial`);
  await writeFile(partial, stringify([HEADER, ...rows], { delimiter: ';' }));
  await rename(partial, join(folder, FILE));
  return [FILE];
}

interface LocalTime {
  /** `2026-08-01T17:00:00+02:00`. */
  readonly text: string;
  readonly hour: number;
  readonly isWeekend: boolean;
}

const PARTS = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  ...({ weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' } as const),
  ...({ hour: '2-digit', hourCycle: 'h23', timeZoneName: 'longOffset' } as const),
});

function localTime(at: number): LocalTime {
  const parts = Object.fromEntries(PARTS.formatToParts(at).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, weekday = '', timeZoneName = '' } = parts;
  return {
    text: `${year}-${month}-${day}T${hour}:00:00${timeZoneName.slice('GMT'.length)}`,
    hour: Number(hour),
    isWeekend: weekday.startsWith('S'),
  };
}

/** Commuters in the morning and in the evening, walks on the afternoons of weekends. `draw`: a deviation around 0. */
function bicyclesIn({ level, morning }: Place, { hour, isWeekend }: LocalTime, draw: number): number {
  const wave = (around: number, width: number) => Math.exp(-(((hour - around) / width) ** 2));
  const work = 2.6 * morning * wave(8.5, 1.3) + 2.6 * (2 - morning) * wave(18, 1.8) + 0.7 * wave(13, 4);
  const leisure = 1.5 * wave(16, 3.5) + 0.5 * wave(12, 3);
  const usual = level * (isWeekend ? leisure : work) + 1;
  return Math.max(0, Math.round(usual * Math.exp(0.2 * draw)));
}
