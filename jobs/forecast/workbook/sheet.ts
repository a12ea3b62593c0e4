// Finds the sheet of a workbook that has the wanted header, and hands over its rows.
import type { DataNote } from '../series/notes.ts';
import { isBlank, show } from './cells.ts';
import { openWorkbook } from './open.ts';
import type { ListedSheet } from './package/sheets.ts';
import type { Place, ProblemList } from './problems.ts';
import type { Cell, Row } from './sheet/row.ts';
import { UnusableWorkbook } from './unusable.ts';
import { visible } from './words.ts';

export interface WorkbookFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface FoundSheet<Header> {
  readonly header: Header;
  readonly sheetName: string;
  place(row?: number, columnIndex?: number): Place;
}

export interface SheetReader<Header> {
  /** What the header should be, for the message. */
  readonly expected: string;
  /** Reads the header, or gives undefined when it is another one. */
  recognise(row: Row): Header | undefined;
  /** Takes one row under the header; rows without any value are left out. False: stop reading. */
  take(row: Row, sheet: FoundSheet<Header>): boolean;
}

/**
 * Streams the rows of the first visible sheet with a recognised header to `reader.take`. Whatever is wrong
 * with the file goes to `problems`. Gives notes on what was left out.
 */
export async function readSheet<Header>(
  file: WorkbookFile,
  reader: SheetReader<Header>,
  problems: ProblemList,
): Promise<readonly DataNote[]> {
  const before = problems.count;
  try {
    return await readFirstMatch(file, reader, problems);
  } catch (error) {
    if (!(error instanceof UnusableWorkbook)) throw error;
    problems.addBefore(before, { file: file.name, ...error.place }, error.found, error.expected);
    return [];
  }
}

async function readFirstMatch<Header>(
  file: WorkbookFile,
  reader: SheetReader<Header>,
  problems: ProblemList,
): Promise<readonly DataNote[]> {
  const { sheets, readRows } = await openWorkbook(file.bytes);
  const rejected: { readonly place: Place; readonly found: string }[] = [];
  for (const sheet of sheets) {
    if (sheet.isHidden || sheet.content.kind === 'none') continue;
    const match = new Match(file.name, sheet, reader);
    await readRows(sheet, (row) => match.take(row));
    if (match.found === undefined) {
      rejected.push(match.rejected);
      continue;
    }
    if (match.taken === 0) problems.add(match.place(), 'no row under the header', 'at least one row');
    return sheets
      .filter((other) => other !== sheet)
      .map(({ name }) => ({ kind: 'sheet-not-read', file: visible(file.name), sheet: visible(name) }));
  }
  const first = rejected.find(({ found }) => found !== EMPTY) ?? rejected[0];
  problems.add(
    first?.place ?? { file: file.name },
    first?.found ?? 'no visible sheet of cells',
    `the header ${reader.expected}`,
  );
  return [];
}

const EMPTY = 'an empty sheet';

/** One sheet held against the wanted header, row by row. */
class Match<Header> {
  found: FoundSheet<Header> | undefined;
  taken = 0;
  rejected: { readonly place: Place; readonly found: string };
  readonly #file: string;
  readonly #sheet: string;
  readonly #reader: SheetReader<Header>;

  constructor(file: string, { name }: ListedSheet, reader: SheetReader<Header>) {
    this.#file = file;
    this.#sheet = name;
    this.#reader = reader;
    this.rejected = { place: this.place(), found: EMPTY };
  }

  /** False when the rest of the sheet is of no concern. */
  take(row: Row): boolean {
    // A formula without a stored value looks empty: it is not.
    if (row.formulas === undefined && row.values.every(isBlank)) return true;
    if (this.found !== undefined) {
      this.taken += 1;
      return this.#reader.take(row, this.found);
    }
    const header = this.#reader.recognise(row);
    if (header === undefined) {
      this.rejected = { place: this.place(row.number), found: `the header ${showHeader(row)}` };
      return false;
    }
    this.found = {
      header,
      sheetName: this.#sheet,
      place: (number, columnIndex) => this.place(number, columnIndex),
    };
    return true;
  }

  place(row?: number, columnIndex?: number): Place {
    return {
      file: this.#file,
      sheet: this.#sheet,
      ...(row === undefined ? {} : { row }),
      ...(columnIndex === undefined ? {} : { columnIndex }),
    };
  }
}

const SHOWN_HEADERS = 8;
const LONGEST_SHOWN = 40;

function showHeader(row: Row): string {
  const words = Array.from({ length: SHOWN_HEADERS }, (_, column) => showWord(row.at(column)));
  const last = row.columns.at(-1) ?? 0;
  return `"${words.slice(0, last + 1).join(' | ')}"${last >= SHOWN_HEADERS ? ' and more' : ''}`;
}

const showWord = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell === 'object') return show(cell);
  return String(cell).slice(0, LONGEST_SHOWN);
};
