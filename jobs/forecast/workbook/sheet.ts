// Finds the sheet of a workbook that has the wanted header, and hands over its rows.
import type { DataNote } from '../series/notes.ts';
import type { Cell, Row } from './rows.ts';
import { readRows } from './rows.ts';
import type { Formulas } from './formulas.ts';
import { openWorkbook } from './open.ts';
import { isBlank } from './cells.ts';
import type { Place, ProblemList } from './problems.ts';
import { UnusableWorkbook } from './unusable.ts';

export interface WorkbookFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface FoundSheet<Header> {
  readonly header: Header;
  readonly sheetName: string;
  readonly formulas: Formulas;
  place(row?: number, columnIndex?: number): Place;
}

export interface SheetReader<Header> {
  /** What the header should be, for the message. */
  readonly expected: string;
  /** Reads the header, or gives undefined when it is another one. */
  recognise(cells: readonly Cell[], rowNumber: number): Header | undefined;
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
  try {
    return await readFirstMatch(file, reader, problems);
  } catch (error) {
    if (!(error instanceof UnusableWorkbook)) throw error;
    problems.add({ file: file.name }, error.found, error.expected);
    return [];
  }
}

async function readFirstMatch<Header>(
  file: WorkbookFile,
  reader: SheetReader<Header>,
  problems: ProblemList,
): Promise<readonly DataNote[]> {
  const sheets = openWorkbook(file.bytes);
  const rejected: { place: Place; found: string }[] = [];
  for (const sheet of sheets.filter(({ hidden }) => !hidden)) {
    const formulas = sheet.formulas();
    const place = (row?: number, columnIndex?: number): Place => ({
      file: file.name,
      sheet: sheet.name,
      ...(row === undefined ? {} : { row }),
      ...(columnIndex === undefined ? {} : { columnIndex }),
    });
    let found: FoundSheet<Header> | undefined;
    let taken = 0;
    for await (const row of readRows(file.bytes, sheet.index)) {
      // A formula without a stored value looks empty: it is not.
      if (row.cells.every(isBlank) && !hasFormula(row, formulas)) continue;
      if (found === undefined) {
        const header = reader.recognise(row.cells, row.number);
        if (header === undefined) {
          rejected.push({ place: place(row.number), found: `the header ${showHeader(row.cells)}` });
          break;
        }
        found = { header, sheetName: sheet.name, formulas, place };
        continue;
      }
      taken += 1;
      if (!reader.take(row, found)) break;
    }
    if (found === undefined) {
      if (rejected.at(-1)?.place.sheet !== sheet.name)
        rejected.push({ place: place(), found: 'an empty sheet' });
      continue;
    }
    if (taken === 0) problems.add(place(), 'no row under the header', 'at least one row');
    return sheets
      .filter(({ name }) => name !== sheet.name)
      .map(({ name }) => ({ kind: 'sheet-not-read', file: file.name, sheet: name }));
  }
  const first = rejected.find(({ found }) => found !== 'an empty sheet') ?? rejected[0];
  problems.add(
    first?.place ?? { file: file.name },
    first?.found ?? 'no visible sheet',
    `the header ${reader.expected}`,
  );
  return [];
}

const hasFormula = (row: Row, formulas: Formulas): boolean =>
  formulas.count > 0 && row.cells.some((_, columnIndex) => formulas.has(row.number, columnIndex));

const SHOWN_HEADERS = 8;

function showHeader(cells: readonly Cell[]): string {
  const words = cells.slice(0, SHOWN_HEADERS).map((cell) => (cell === null ? '' : String(cell).slice(0, 40)));
  return `"${words.join(' | ')}"${cells.length > SHOWN_HEADERS ? ' and more' : ''}`;
}
