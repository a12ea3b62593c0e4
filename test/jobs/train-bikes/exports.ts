// Files of counts for tests, and what was read of them in a form that compares well.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ExportFile } from '../../../jobs/train-bikes/reading/file.ts';
import {
  readExports,
  type Reading,
  type ReadingOptions,
} from '../../../jobs/train-bikes/reading/read-exports.ts';

/** The shared data stand beside the checkout. */
export const DATA = fileURLToPath(new URL('../../../../shared/data/bike-counters/', import.meta.url));
export const WHOLE = `${DATA}comptage-velo-donnees-compteurs.csv.gz`;

export const hourOf = (iso: string): number => Date.parse(iso) / 3_600_000;
export const NEWEST = hourOf('2021-12-31T00:00:00Z');

export const onDisk = (path: string, name = path.slice(path.lastIndexOf('/') + 1)): ExportFile => ({
  name,
  open: () => createReadStream(path),
});

export const inMemory = (content: string | Buffer, name = 'counts.csv'): ExportFile => ({
  name,
  open: () => Readable.from([Buffer.from(content)]),
});

export const HEADER = 'Nom du compteur;Comptage horaire;Date et heure de comptage';

/** Rows of `name;count;time` below a header. */
export const csv = (...rows: readonly string[]): string => `${[HEADER, ...rows].join('\n')}\n`;

/** A hundred good rows of a counter of their own, so that some malformed ones are under 5 %. */
export const GOOD: readonly string[] = Array.from(
  { length: 100 },
  (_, index) => `Pont de Bercy;${index};${new Date(Date.UTC(2021, 0, 1, index)).toISOString()}`,
);

export const read = (
  files: readonly ExportFile[] | string | Buffer,
  options: Partial<ReadingOptions> = {},
): Promise<Reading> =>
  readExports(typeof files === 'string' || Buffer.isBuffer(files) ? [inMemory(files)] : files, {
    newest: NEWEST,
    ...options,
  });

/** `Pont de Bercy 2021-01-01T00 12`, for each observation; of a refusal its messages. */
export function valuesOf(reading: Reading): readonly string[] {
  if (reading.kind === 'refused') return reading.problems.map(({ message }) => message);
  const { counters, counter, hour, count } = reading.observations;
  return Array.from(hour, (each, row) => {
    const time = new Date(each * 3_600_000).toISOString().slice(0, 13);
    return `${counters[counter[row]!]!.name} ${time} ${count[row]}`;
  });
}

/** The values of the rows beside `GOOD`. */
export const valuesBeside = (reading: Reading): readonly string[] =>
  valuesOf(reading).filter((value) => !value.startsWith('Pont de Bercy'));

export const messagesOf = (reading: Reading): readonly string[] =>
  reading.kind === 'refused'
    ? reading.problems.map(({ message }) => message)
    : [`it was read: ${valuesOf(reading).length} values`];

export const notesOf = (reading: Reading): readonly string[] =>
  reading.kind === 'read' ? reading.notes.map(({ text }) => text) : messagesOf(reading);
