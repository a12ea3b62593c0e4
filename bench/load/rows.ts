// Output files of any size for any table: rows that pass every check, made as they are written.
import { Readable } from 'node:stream';
import type { Columns, TableOutput } from '../../shared/pipelines/outputs.ts';

export interface WantedRows {
  readonly rows: number;
  /** All dates are in it, from 1 January on. */
  readonly year: number;
  /** How long each text column is made, for rows of a given size. */
  readonly textLength: number;
  /** Of every so many rows, one has other numbers; none when it is absent. */
  readonly differing?: number;
}

const DAYS = 365;
const MS_PER_DAY = 86_400_000;
const ROWS_A_CHUNK = 2000;

/** The header, then a row per site and day. */
export function csvOf({ columns }: TableOutput, wanted: WantedRows): Readable {
  return Readable.from(chunksOf(columns, wanted));
}

function* chunksOf(
  columns: Columns,
  { rows, year, textLength, differing = 0 }: WantedRows,
): Generator<Buffer> {
  const start = Date.UTC(year, 0, 1);
  const dates = Array.from({ length: DAYS }, (_, day) =>
    new Date(start + day * MS_PER_DAY).toISOString().slice(0, 10),
  );
  const cells = Object.values(columns).map(({ type }) => cellOf(type, dates, textLength, differing));
  let chunk = `${Object.keys(columns).join(',')}\n`;
  for (let row = 0; row < rows; row++) {
    chunk += `${cells.map((cell) => cell(row)).join(',')}\n`;
    if (row % ROWS_A_CHUNK !== ROWS_A_CHUNK - 1) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  yield Buffer.from(chunk);
}

function cellOf(
  type: string,
  dates: readonly string[],
  textLength: number,
  differing: number,
): (row: number) => string {
  // A remainder of division by 0 is no number, so with 0 no row differs.
  const more = (row: number) => (row % differing === 0 ? 1 : 0);
  switch (type) {
    case 'STRING':
      return (row) => `Mall ${Math.floor(row / DAYS)} `.padEnd(textLength, 'x');
    case 'DATE':
      return (row) => dates[row % DAYS] ?? '';
    case 'FLOAT':
      return (row) => String(((row * 7919) % 10_000) + more(row));
    default:
      return (row) => String(((row * 104_729) % 10_000) + more(row));
  }
}
