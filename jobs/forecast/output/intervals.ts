// The second table: between which numbers the visitors of a site will lie on a day, eight times in ten.
import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import type { Band } from '../intervals/intervals.ts';
import { isoDateOf } from '../series/panel.ts';
import type { Table } from './table.ts';

export const INTERVAL_COLUMNS = [
  'nom_mall',
  'cluster',
  'date',
  'donnees_predites',
  'borne_basse',
  'borne_haute',
] as const;

/** The sites and days of the first table, in its order. `band` is laid out as the table's predictions. */
export function intervalsAsCsv(table: Table, band: Band): Readable {
  const source = Readable.from(rowsOf(table, band));
  const csv = stringify({ header: true, columns: [...INTERVAL_COLUMNS], record_delimiter: 'unix' });
  source.on('error', (error) => csv.destroy(error));
  csv.on('close', () => source.destroy());
  return source.pipe(csv);
}

function* rowsOf({ panel, from, to, predictions }: Table, { lower, upper }: Band): Generator<string[]> {
  const width = to - from + 1;
  const dates = Array.from({ length: width }, (_, index) => isoDateOf(from + index));
  for (const [site, { mall, cluster }] of panel.sites.entries()) {
    for (let index = 0; index < width; index += 1) {
      const at = site * width + index;
      yield [
        mall,
        cluster,
        dates[index] ?? '',
        ...[predictions, lower, upper].map((of) => String(of[at] ?? 0)),
      ];
    }
  }
}
