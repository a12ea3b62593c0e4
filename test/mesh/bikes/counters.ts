// A small export of counters in the layout of Open Data Paris, as a test changes it.
import type { Observations } from '../../../models/bikes/observations.ts';
import { FIRST_HOUR, generatedCounts } from '../../jobs/train-bikes/counts.ts';

export const FILE = 'comptage-velo-donnees-compteurs.csv';
export const COUNTERS = 3;
export const DAYS = 28;
const HOUR_MS = 3_600_000;
// All hours lie in summer time.
const OFFSET_MS = 2 * HOUR_MS;
const HEADER = 'Nom du compteur;Comptage horaire;Date et heure de comptage;Coordonnées géographiques';

/** `2021-06-14T08:00:00+02:00`, an hour of the day in Paris so many days after the first. */
export const timeAt = (day: number, hourOfDay: number): string =>
  localTime(FIRST_HOUR + day * 24 + hourOfDay);

const localTime = (hour: number): string =>
  `${new Date(hour * HOUR_MS + OFFSET_MS).toISOString().slice(0, 19)}+02:00`;

/** The counts of so many days; more days have the same counts before. */
export const exportOf = (days = DAYS): Buffer => textOf(generatedCounts(days, COUNTERS));

function textOf({ counters, counter, hour, count }: Observations): Buffer {
  const rows = Array.from(hour, (at, row) => {
    const { name, latitude, longitude } = counters[counter[row]!]!;
    return `${name};${count[row]};${localTime(at)};${latitude},${longitude}`;
  });
  return Buffer.from([HEADER, ...rows, ''].join('\n'));
}

export const record = (counter: string, time: string, place?: string) => ({
  nom_du_compteur: counter,
  date_et_heure_de_comptage: time,
  ...(place === undefined ? {} : { coordonnées_géographiques: place }),
});
