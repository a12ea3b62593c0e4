// Reads the rows of one worksheet in one pass over its XML; what is not understood is refused with its place.
import { MAIN } from '../package/namespaces.ts';
import type { Part } from '../package/package.ts';
import { columnLetters } from '../place.ts';
import { unusable } from '../unusable.ts';
import { walkElements, type ElementHandler } from '../xml/elements.ts';
import type { Tag } from '../xml/tag.ts';
import { CellReader } from './cell.ts';
import { isBlankAt } from '../xml/text.ts';
import { columnAt, MOST_COLUMNS, MOST_ROWS, rowAt } from './references.ts';
import { Row, type Cell } from './row.ts';
import type { CellContext } from './values.ts';

/** Of one sheet, empty ones included: two million rows of three columns, and as many empty ones again. */
const MOST_CELLS = 16_000_000;
const LONGEST_SHOWN = 40;

/**
 * Calls `onRow` for every row with a cell or a formula, from the top, until it answers false. Throws
 * `UnusableWorkbook`.
 */
export async function readRows(
  part: Part,
  sheet: string,
  context: CellContext,
  onRow: (row: Row) => boolean,
): Promise<void> {
  const reader = new WorksheetReader(part, sheet, context, onRow);
  await walkElements(part, 'worksheet', MAIN, reader, () => reader.isDone);
}

type Level = 'outside' | 'worksheet' | 'data' | 'row' | 'cell';
const INNER: Readonly<Record<Level, Level>> = {
  outside: 'worksheet',
  worksheet: 'data',
  data: 'row',
  row: 'cell',
  cell: 'cell',
};
const OUTER: Readonly<Record<Level, Level>> = {
  outside: 'outside',
  worksheet: 'outside',
  data: 'worksheet',
  row: 'data',
  cell: 'row',
};

class WorksheetReader implements ElementHandler {
  isDone = false;
  readonly #sheet: string;
  readonly #onRow: (row: Row) => boolean;
  readonly #cell: CellReader;
  #level: Level = 'outside';
  #dataSeen = false;
  #cells = 0;
  #row = 0;
  #column = -1;
  #columns: number[] = [];
  #values: Cell[] = [];
  #formulas: Set<number> | undefined;
  #isOrdered = true;

  constructor(part: Part, sheet: string, context: CellContext, onRow: (row: Row) => boolean) {
    this.#sheet = sheet;
    this.#onRow = onRow;
    this.#cell = new CellReader(part.name, context, (found) => this.#refuse(found));
  }

  open(local: string, tag: Tag): boolean {
    switch (this.#level) {
      case 'outside':
        break;
      case 'worksheet':
        if (local !== 'sheetData') return false;
        if (this.#dataSeen) throw this.#refuse('a second table of cells in one sheet');
        this.#dataSeen = true;
        break;
      case 'data':
        if (local === 'extLst') return false;
        if (local !== 'row') throw this.#refuse(`<${local}> between the rows`);
        this.#openRow(tag);
        break;
      case 'row':
        if (local === 'extLst') return false;
        if (local !== 'c') throw this.#refuse(`<${local}> between the cells of a row`);
        this.#openCell(tag);
        break;
      case 'cell':
        return this.#cell.open(local);
    }
    this.#level = INNER[this.#level];
    return true;
  }

  text(bytes: Buffer, start: number, end: number, isLiteral: boolean): void {
    if (this.#level === 'cell') this.#cell.text(bytes, start, end, isLiteral);
    else if (this.#level !== 'worksheet' && !isBlankAt(bytes, start, end)) {
      throw this.#refuse('text beside the cells of a row');
    }
  }

  close(): void {
    if (this.#level === 'cell') {
      if (!this.#cell.close()) return;
      this.#closeCell();
    } else if (this.#level === 'row') this.#closeRow();
    this.#level = OUTER[this.#level];
  }

  foreign(raw: string): void {
    if (this.#level !== 'worksheet') throw this.#refuse(`<${raw}>, which no sheet has there`);
  }

  #openRow(tag: Tag): void {
    const at = indexOf(tag, 'r');
    const row = at === -1 ? this.#row + 1 : rowAt(tag.bytes, tag.starts[at] ?? 0, tag.ends[at] ?? 0);
    this.#column = -1;
    if (row === 0 || row > MOST_ROWS || row <= this.#row) {
      const shown = at === -1 ? String(row) : tag.value(at).slice(0, LONGEST_SHOWN);
      throw this.#refuse(`the row number "${shown}" right after it`);
    }
    this.#row = row;
  }

  #openCell(tag: Tag): void {
    this.#cells += 1;
    if (this.#cells > MOST_CELLS) throw this.#refuse(`more than ${MOST_CELLS} cells in one sheet`);
    const at = indexOf(tag, 'r');
    const column =
      at === -1 ? this.#column + 1 : columnAt(tag.bytes, tag.starts[at] ?? 0, tag.ends[at] ?? 0, this.#row);
    if (column === -1) {
      this.#column = -1;
      const shown = tag.value(at).slice(0, LONGEST_SHOWN);
      throw this.#refuse(`a cell with the reference "${shown}" in this row`);
    }
    if (column >= MOST_COLUMNS) throw this.#refuse(`more than ${MOST_COLUMNS} cells in a row`);
    this.#column = column;
    this.#cell.begin(tag);
  }

  #closeCell(): void {
    const cell = this.#cell.finish();
    if (this.#cell.isFormula) (this.#formulas ??= new Set()).add(this.#column);
    if (cell === null && !this.#cell.isFormula) return;
    if (this.#column <= (this.#columns.at(-1) ?? -1)) this.#isOrdered = false;
    this.#columns.push(this.#column);
    this.#values.push(cell);
  }

  #closeRow(): void {
    if (this.#columns.length === 0) return;
    if (!this.#isOrdered) this.#order();
    const row = new Row(this.#row, this.#columns, this.#values, this.#formulas);
    this.#columns = [];
    this.#values = [];
    this.#formulas = undefined;
    this.isDone = !this.#onRow(row);
  }

  /** Cells may stand in any order, but each place only once. */
  #order(): void {
    const values = new Map(this.#columns.map((column, index) => [column, this.#values[index] ?? null]));
    if (values.size < this.#columns.length) {
      const twice = this.#columns.find((column, index) => this.#columns.indexOf(column) !== index) ?? 0;
      this.#column = twice;
      throw this.#refuse(`the cell ${columnLetters(twice)}${this.#row} twice`);
    }
    this.#columns.sort((one, other) => one - other);
    this.#values = this.#columns.map((column) => values.get(column) ?? null);
    this.#isOrdered = true;
  }

  #refuse(found: string): Error {
    const { row, column } = { row: this.#row, column: this.#column };
    return unusable(found, {
      sheet: this.#sheet,
      ...(row === 0 ? {} : { row }),
      ...(column === -1 || row === 0 ? {} : { columnIndex: column }),
    });
  }
}

function indexOf(tag: Tag, raw: string): number {
  for (let index = 0; index < tag.count; index += 1) if (tag.names[index]?.raw === raw) return index;
  return -1;
}
