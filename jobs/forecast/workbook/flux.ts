// Reads a year's flux file, in either layout, into observations.
import type { DataNote } from '../series/notes.ts';
import { dayOf, isoDateOf, type Day } from '../series/panel.ts';
import { isBlank, readCode, readCount, readDay } from './cells.ts';
import { LAYOUTS_EXPECTED, recogniseLayout, sitesOfColumns, strayColumn, type Layout } from './layout.ts';
import type { Observations } from './observations.ts';
import type { Place, ProblemList } from './problems.ts';
import { readSheet, type FoundSheet, type SheetReader, type WorkbookFile } from './sheet.ts';
import type { Row } from './sheet/row.ts';

/** Of all files together (law 10). */
export const MOST_ROWS = 2_000_000;
export const MOST_VALUES = 4_000_000;
/** Of one file; those beyond are named at every row. */
const MOST_UNKNOWN_CODES = 5_000;

export interface FluxContext {
  /** The index of a site code of Transco; undefined when Transco could not be read. */
  readonly siteOfCode: ReadonlyMap<string, number> | undefined;
  /** Codes whose row in Transco was refused. */
  readonly codesInDoubt: ReadonlySet<string>;
  /** Days after this one are in the future. */
  readonly today: Day;
  readonly observations: Observations;
  /** The place of each sheet read; an observation names its sheet by the index here. */
  readonly sheets: Place[];
  /** Rows read so far, over all files. */
  rows: number;
  readonly problems: ProblemList;
}

/** Gives notes on what was left out. */
export const readFlux = (file: WorkbookFile, context: FluxContext): Promise<readonly DataNote[]> =>
  readSheet(file, new FluxReader(file.name, context), context.problems);

class FluxReader implements SheetReader<Layout> {
  readonly expected = LAYOUTS_EXPECTED;
  readonly #context: FluxContext;
  readonly #year: { readonly name: string; readonly first: Day; readonly last: Day } | undefined;
  readonly #unknownCodes = new Set<string>();
  #sheetIndex = -1;
  #wideSites: ReadonlyMap<number, number> = new Map();

  constructor(fileName: string, context: FluxContext) {
    this.#context = context;
    const [year] = /^\d{4}(?!\d)/.exec(fileName) ?? [];
    if (year === undefined) return;
    this.#year = { name: year, first: dayOf(`${year}-01-01`), last: dayOf(`${year}-12-31`) };
  }

  recognise(row: Row): Layout | undefined {
    return recogniseLayout(row);
  }

  take(row: Row, sheet: FoundSheet<Layout>): boolean {
    if (this.#sheetIndex === -1) this.#begin(sheet);
    this.#context.rows += 1;
    if (this.#context.rows > MOST_ROWS) return this.#stop(row, sheet, MOST_ROWS, 'rows');
    if (this.#context.observations.length > MOST_VALUES) return this.#stop(row, sheet, MOST_VALUES, 'values');
    if (sheet.header.kind === 'long') this.#takeLong(row, sheet, sheet.header);
    else this.#takeWide(row, sheet, sheet.header);
    return true;
  }

  #begin(sheet: FoundSheet<Layout>): void {
    this.#sheetIndex = this.#context.sheets.push(sheet.place()) - 1;
    if (sheet.header.kind === 'long') return;
    const siteOf = (code: string, row: number, columnIndex: number) =>
      this.#siteOf(code, sheet.place(row, columnIndex));
    this.#wideSites = sitesOfColumns(sheet.header, sheet, siteOf, this.#context.problems);
  }

  #stop(row: Row, sheet: FoundSheet<Layout>, bound: number, what: string): false {
    this.#context.problems.add(
      sheet.place(row.number),
      `more than ${bound} ${what} in all flux files`,
      `at most ${bound} ${what}`,
    );
    return false;
  }

  #takeLong(row: Row, sheet: FoundSheet<Layout>, at: Layout & { kind: 'long' }): void {
    const cell = row.at(at.codeAt);
    const place = () => sheet.place(row.number, at.codeAt);
    const day = this.#day(row, sheet, at.dayAt);
    const code = readCode(cell);
    if (row.isFormula(at.codeAt)) {
      this.#context.problems.add(place(), 'a formula', 'a site code, typed as text');
    } else if (code.kind === 'value') {
      const siteIndex = this.#siteOf(code.value, place());
      this.#visits(row, sheet, at.visitsAt, siteIndex, day);
    } else {
      const { found, expected } =
        code.kind === 'bad' ? code : { found: 'an empty cell', expected: 'a site code' };
      this.#context.problems.add(place(), found, expected);
    }
  }

  #takeWide(row: Row, sheet: FoundSheet<Layout>, layout: Layout & { kind: 'wide' }): void {
    const day = this.#day(row, sheet, layout.dayAt);
    for (const [columnIndex, siteIndex] of this.#wideSites)
      this.#visits(row, sheet, columnIndex, siteIndex, day);
    const stray = strayColumn(row, layout);
    if (stray !== undefined) {
      this.#context.problems.add(
        sheet.place(row.number, stray),
        'a value in a column without a header',
        'a site code in the header',
      );
    }
  }

  #day(row: Row, sheet: FoundSheet<Layout>, columnIndex: number): Day | undefined {
    const { problems, today } = this.#context;
    const reading = readDay(row.at(columnIndex));
    const refuse = (found: string, expected: string): undefined =>
      void problems.add(sheet.place(row.number, columnIndex), found, expected);
    if (reading.kind === 'empty') return refuse('an empty cell', 'a date');
    if (reading.kind === 'bad') return refuse(reading.found, reading.expected);
    const day = reading.value;
    if (day > today) {
      const found = `the date ${isoDateOf(day)}, which is in the future`;
      return refuse(found, `a date up to today, ${isoDateOf(today)}`);
    }
    if (this.#year !== undefined && (day < this.#year.first || day > this.#year.last)) {
      return refuse(
        `the date ${isoDateOf(day)}`,
        `a date of ${this.#year.name}, the year in the file's name`,
      );
    }
    return day;
  }

  #visits(
    row: Row,
    sheet: FoundSheet<Layout>,
    columnIndex: number,
    siteIndex: number | undefined,
    day: Day | undefined,
  ) {
    const { problems, observations } = this.#context;
    const cell = row.at(columnIndex);
    if (isBlank(cell)) {
      // An empty cell was not reported; a formula that was never calculated only looks empty.
      if (row.isFormula(columnIndex)) {
        problems.add(
          sheet.place(row.number, columnIndex),
          'a formula without a stored value',
          'a whole number',
        );
      }
      return;
    }
    const count = readCount(cell);
    if (count.kind === 'bad') {
      problems.add(sheet.place(row.number, columnIndex), count.found, count.expected);
    } else if (count.kind === 'value' && siteIndex !== undefined && day !== undefined) {
      observations.add({
        siteIndex,
        day,
        visits: count.value,
        sheetIndex: this.#sheetIndex,
        row: row.number,
        columnIndex,
      });
    }
  }

  /** An unknown code is named once for each file: it may stand in thousands of rows. */
  #siteOf(code: string, place: Place): number | undefined {
    const { siteOfCode, codesInDoubt, problems } = this.#context;
    if (siteOfCode === undefined) return undefined;
    const site = siteOfCode.get(code);
    if (site !== undefined || codesInDoubt.has(code) || this.#unknownCodes.has(code)) return site;
    if (this.#unknownCodes.size < MOST_UNKNOWN_CODES) this.#unknownCodes.add(code);
    problems.add(place, `the site code ${code}, which Transco does not have`, 'a code of Transco');
    return undefined;
  }
}
