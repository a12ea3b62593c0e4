// The output table as CSV: every site and every day, in order.
import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import { isoDateOf, visitsOn, type Day, type Panel } from '../series/panel.ts';

export const TABLE_COLUMNS = ['nom_mall', 'cluster', 'date', 'donnees_reelles', 'donnees_predites'] as const;

export interface Table {
  readonly panel: Panel;
  readonly from: Day;
  /** Inclusive. */
  readonly to: Day;
  /** As an engine gives them. */
  readonly predictions: Int32Array;
}

export const rowCount = ({ panel, from, to }: Table): number => panel.sites.length * (to - from + 1);

/** UTF-8, a header, LF line ends, an empty field where the actual is not known. The same bytes every time. */
export function tableAsCsv(table: Table): Readable {
  const source = Readable.from(rowsOf(table));
  const csv = stringify({ header: true, columns: [...TABLE_COLUMNS], record_delimiter: 'unix' });
  source.on('error', (error) => csv.destroy(error));
  csv.on('close', () => source.destroy());
  return source.pipe(csv);
}

function* rowsOf({ panel, from, to, predictions }: Table): Generator<string[]> {
  const width = to - from + 1;
  const dates = Array.from({ length: width }, (_, index) => isoDateOf(from + index));
  for (const [site, { mall, cluster }] of panel.sites.entries()) {
    for (let index = 0; index < width; index += 1) {
      const actual = visitsOn(panel, site, from + index);
      yield [
        mall,
        cluster,
        dates[index] ?? '',
        Number.isNaN(actual) ? '' : String(actual),
        String(predictions[site * width + index] ?? 0),
      ];
    }
  }
}
