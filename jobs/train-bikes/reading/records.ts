// Lines to fields. A quoted field may run over some lines; a quote that never closes costs the line that it is in.
import { parse } from 'csv-parse/sync';
import { LONGEST_LINE } from './lines.ts';

export interface Row {
  /** The line that it begins on, from 1. */
  readonly line: number;
  /** Why the line is no row, in place of its fields. */
  readonly fields: readonly string[] | 'unclosed-quote' | 'line-too-long';
}

/** An export has no field of more lines; further on, a quote counts as one that never closes. */
const MOST_LINES_OF_ROW = 10;
/** To parse one row by itself takes a hundred times as long as in a run: a file of broken quotes gets no more of it. */
const MOST_FAILURES = 10_000;

export class RowReader {
  /** Of the header that counts; rows of other counts are read, and are no reason to join lines. */
  fieldCount: number;
  readonly #separator: string;
  #open: readonly string[] = [];
  #failures = 0;
  #line = 1;

  /** `line`: the number of the first line that is pushed. */
  constructor(separator: string, fieldCount: number, line: number) {
    this.fieldCount = fieldCount;
    this.#separator = separator;
    this.#line = line;
  }

  /** The rows of these lines. An open quote waits for the lines of the next call, until the last one. */
  *rowsOf(more: readonly string[], isLast: boolean): Generator<Row, void, undefined> {
    const lines = this.#open.length === 0 ? more : [...this.#open, ...more];
    this.#open = [];
    for (let at = 0; at < lines.length;) {
      const line = lines[at]!;
      if (line.length > LONGEST_LINE) {
        yield { line: this.#line + at, fields: 'line-too-long' };
        at += 1;
      } else if (!line.includes('"')) {
        // Without a quote, the separator is all the syntax there is: by far the most lines, and ten times faster.
        yield { line: this.#line + at, fields: line.split(this.#separator) };
        at += 1;
      } else {
        const end = endOfRow(lines, at);
        if (end === undefined && !isLast && lines.length - at < MOST_LINES_OF_ROW) {
          this.#open = lines.slice(at);
          this.#line += at;
          return;
        }
        at = yield* this.#quotedRows(lines, at, end);
      }
    }
    this.#line += lines.length;
  }

  /** Returns the index of the line after what it yielded. */
  *#quotedRows(
    lines: readonly string[],
    at: number,
    end: number | undefined,
  ): Generator<Row, number, undefined> {
    if (end === at) {
      const run = lines.slice(at, endOfRun(lines, at));
      const rows = fieldsOf(run.join('\n'), this.#separator);
      for (const [index, line] of run.entries()) {
        const fields = rows?.length === run.length ? rows[index] : this.#fieldsOfOne([line]);
        yield { line: this.#line + at + index, fields: fields ?? 'unclosed-quote' };
      }
      return at + run.length;
    }
    const fields = end === undefined ? undefined : this.#fieldsOfOne(lines.slice(at, end + 1));
    yield { line: this.#line + at, fields: fields ?? 'unclosed-quote' };
    return fields === undefined ? at + 1 : end! + 1;
  }

  /** Lines that are no row together have a quote that never closes, and another one after it by chance. */
  #fieldsOfOne(lines: readonly string[]): readonly string[] | undefined {
    if (this.#failures >= MOST_FAILURES) return undefined;
    const rows = fieldsOf(lines.join('\n'), this.#separator, lines.length === 1);
    const isRow = rows?.length === 1 && (lines.length === 1 || rows[0]!.length === this.fieldCount);
    if (!isRow) this.#failures += 1;
    return isRow ? rows[0] : undefined;
  }
}

/** The fields of a text of whole rows, or undefined where its quotes are wrong. */
export function fieldsOf(
  text: string,
  separator: string,
  /** A quote within a field that does not begin with one is a letter; over lines that would hide one that never closes. */
  relaxQuotes = true,
): readonly (readonly string[])[] | undefined {
  try {
    return parse(text, {
      delimiter: separator,
      relaxColumnCount: true,
      relaxQuotes,
      maxRecordSize: MOST_LINES_OF_ROW * LONGEST_LINE,
    });
  } catch {
    return undefined;
  }
}

/** The line on which the quotes from `at` on are even again. */
function endOfRow(lines: readonly string[], at: number): number | undefined {
  let isOpen = false;
  const most = Math.min(lines.length, at + MOST_LINES_OF_ROW);
  for (let index = at; index < most; index += 1) {
    if (hasOddQuotes(lines[index]!)) isOpen = !isOpen;
    if (!isOpen) return index;
  }
  return undefined;
}

const MOST_ROWS_OF_RUN = 500;

/** The end of the run of lines that are rows with quotes, each by itself: they are parsed in one call. */
function endOfRun(lines: readonly string[], at: number): number {
  let next = at + 1;
  while (next < lines.length && next - at < MOST_ROWS_OF_RUN) {
    const line = lines[next]!;
    if (line.length > LONGEST_LINE || !line.includes('"') || hasOddQuotes(line)) break;
    next += 1;
  }
  return next;
}

function hasOddQuotes(line: string): boolean {
  let isOdd = false;
  for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}
