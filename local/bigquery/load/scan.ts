// Finds the first bad row of a CSV file, and its exact place, after DuckDB has reported one.
import { createReadStream } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import type { Field } from '../types.ts';
import type { LoadOptions } from './options.ts';
import { accepts, complaint, messageType } from './values.ts';

export interface BadRow {
  readonly message: string;
  /** Rows that were read, this one included. */
  readonly rows: number;
}

const LONGEST_ROW_BYTES = 100 * 1024 * 1024;
const SHOWN_VALUE_CHARACTERS = 200;
const [QUOTE, LINE_FEED, CARRIAGE_RETURN] = [0x22, 0x0a, 0x0d];

interface Place {
  readonly line: number;
  readonly byte: number;
}

/** Reads `path` until the first row that BigQuery refuses; undefined when there is none. */
export async function findBadRow(
  path: string,
  uri: string,
  fields: readonly Field[],
  options: LoadOptions,
): Promise<BadRow | undefined> {
  let rows = 0;
  for await (const { bytes, place, closed } of rowsOf(path)) {
    if (place.line <= options.skipLeadingRows) continue;
    if (bytes.length === 0 && fields.length > 1) continue;
    rows++;
    const found = closed ? judge(bytes, fields, options) : { message: 'Missing close quote character (").' };
    if (found === undefined) continue;
    const where = [
      `line_number: ${place.line} byte_offset_to_start_of_line: ${place.byte}`,
      ...(found.column === undefined ? [] : [columnText(found.column, fields[found.column], found.value)]),
      `File: ${uri}`,
    ];
    return { message: `Error while reading data, error message: ${found.message}; ${where.join(' ')}`, rows };
  }
  return undefined;
}

/**
 * What is wrong with the lines that are skipped: a quote that is not closed in its line would take the rows after
 * it into the header, and DuckDB would load the rest, or nothing, as a success.
 */
export async function findBadHeader(
  path: string,
  uri: string,
  { skipLeadingRows }: Pick<LoadOptions, 'skipLeadingRows'>,
): Promise<BadRow | undefined> {
  if (skipLeadingRows === 0) return undefined;
  for await (const { bytes, place, closed } of rowsOf(path)) {
    if (place.line > skipLeadingRows) return undefined;
    if (closed && !bytes.includes(LINE_FEED)) continue;
    const where = `line_number: ${place.line} byte_offset_to_start_of_line: ${place.byte} File: ${uri}`;
    const message = `Error while reading data, error message: Missing close quote character (").; ${where}`;
    return { message, rows: 0 };
  }
  return undefined;
}

const columnText = (index: number, field: Field | undefined, value: string | undefined) =>
  [
    `column_index: ${index}`,
    ...(field ? [`column_name: "${field.name}" column_type: ${messageType(field.type)}`] : []),
    ...(value === undefined ? [] : [`value: "${value.slice(0, SHOWN_VALUE_CHARACTERS)}"`]),
  ].join(' ');

interface Verdict {
  readonly message: string;
  readonly column?: number;
  readonly value?: string;
}

function judge(bytes: Buffer, fields: readonly Field[], options: LoadOptions): Verdict | undefined {
  if (!isUtf8(bytes)) return { message: 'Bad character: the row is not valid UTF-8' };
  if (bytes.includes(0)) return { message: 'Bad character (ASCII 0) encountered.' };
  const line = bytes.toString('utf8');
  if (!options.allowQuotedNewlines && /[\r\n]/.test(line))
    return { message: 'Missing close quote character (").' };
  const cells = cellsOf(line, options.fieldDelimiter);
  if (cells === undefined) return { message: 'Data between close double quote (") and field separator.' };
  if (cells.length < fields.length)
    return {
      message: `CSV table references column position ${cells.length}, but line contains only ${cells.length} columns.`,
      column: cells.length,
    };
  if (cells.length > fields.length)
    return {
      message: `Too many values in line. Found ${cells.length} column(s) while expected ${fields.length}.`,
    };
  return fields.map((field, index) => judgeCell(field, index, cells[index]!, options)).find(Boolean);
}

function judgeCell(field: Field, column: number, cell: Cell, options: LoadOptions): Verdict | undefined {
  const { value } = cell;
  if (!cell.quoted && value === options.nullMarker)
    return field.mode === 'REQUIRED' ? { message: 'Required column value is missing.', column } : undefined;
  return accepts(field.type, value) ? undefined : { message: complaint(field.type, value), column, value };
}

interface Cell {
  readonly value: string;
  readonly quoted: boolean;
}

/** The cells of one row; undefined when text follows a closing quote. */
function cellsOf(line: string, delimiter: string): Cell[] | undefined {
  const cells: Cell[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      let value = '';
      for (
        at++;
        at < line.length && (line[at] !== '"' || line[at + 1] === '"');
        at += line[at] === '"' ? 2 : 1
      )
        value += line[at];
      at++;
      cells.push({ value, quoted: true });
      if (at < line.length && line[at] !== delimiter) return undefined;
    } else {
      const end = line.indexOf(delimiter, at);
      cells.push({ value: line.slice(at, end < 0 ? undefined : end), quoted: false });
      at = end < 0 ? line.length : end;
    }
    if (at >= line.length) return cells;
    at++;
  }
}

interface RawRow {
  /** Without its line end. */
  readonly bytes: Buffer;
  readonly place: Place;
  /** False when the file ended inside quotes. */
  readonly closed: boolean;
}

async function* rowsOf(path: string): AsyncGenerator<RawRow> {
  let pending = Buffer.alloc(0);
  let place: Place = { line: 1, byte: 0 };
  let [at, inQuotes, lines] = [0, false, 0];
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    pending = Buffer.concat([pending, chunk as Buffer]);
    if (place.byte === 0 && at === 0 && pending.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])))
      pending = pending.subarray(3);
    let start = 0;
    for (; at < pending.length; at++) {
      const byte = pending[at];
      if (byte === QUOTE) inQuotes = !inQuotes;
      if (byte !== LINE_FEED) continue;
      lines++;
      if (inQuotes) continue;
      const end = at > start && pending[at - 1] === CARRIAGE_RETURN ? at - 1 : at;
      yield { bytes: pending.subarray(start, end), place, closed: true };
      place = { line: place.line + lines, byte: place.byte + at + 1 - start };
      [start, lines] = [at + 1, 0];
    }
    pending = pending.subarray(start);
    at -= start;
    if (pending.length > LONGEST_ROW_BYTES) return yield { bytes: pending, place, closed: false };
  }
  if (pending.length > 0) yield { bytes: pending, place, closed: !inQuotes };
}
