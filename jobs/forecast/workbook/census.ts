// Reads the census of openings: the days on which a mall breaks its usual week.
import type { DataNote } from '../series/notes.ts';
import { isoDateOf, type Day, type Openings, type Site } from '../series/panel.ts';
import { readDay, readName, readYesOrNo, type CellReading } from './cells.ts';
import { findColumns } from './columns.ts';
import type { ProblemList } from './problems.ts';
import { readSheet, type FoundSheet, type SheetReader, type WorkbookFile } from './sheet.ts';
import type { Row } from './sheet/row.ts';
import { fold } from './words.ts';

const COLUMNS = ['Nom mall', 'Date', 'Ouvert'];
/** A hundred days for each of five thousand malls. */
const MOST_ROWS = 500_000;

type Header = readonly number[];

/** One exception: on this day this mall (folded name) is open, or is not. */
export interface Exception {
  readonly mall: string;
  readonly day: Day;
  readonly open: boolean;
}

/** `malls` are the folded names of Transco, or undefined when it could not be read. */
export async function readCensus(
  file: WorkbookFile,
  malls: ReadonlySet<string> | undefined,
  problems: ProblemList,
): Promise<{ exceptions: readonly Exception[]; notes: readonly DataNote[] }> {
  const reader = new CensusReader(malls, problems);
  const notes = await readSheet(file, reader, problems);
  return { exceptions: [...reader.exceptions.values()], notes };
}

/** The census by site index. Malls that are not among the sites are left out. */
export function openingsOf(sites: readonly Site[], exceptions: readonly Exception[]): Openings {
  const indexOfMall = new Map(sites.map(({ mall }, index) => [fold(mall), index]));
  const bySite = sites.map(() => new Map<Day, boolean>());
  let lastDay: Day | undefined;
  for (const { mall, day, open } of exceptions) {
    bySite[indexOfMall.get(mall) ?? -1]?.set(day, open);
    if (lastDay === undefined || day > lastDay) lastDay = day;
  }
  return { lastDay, exception: (siteIndex, day) => bySite[siteIndex]?.get(day) };
}

class CensusReader implements SheetReader<Header> {
  readonly expected = `"${COLUMNS.join(' | ')}"`;
  readonly exceptions = new Map<string, Exception & { readonly row: number }>();
  readonly #malls: ReadonlySet<string> | undefined;
  readonly #problems: ProblemList;
  #rows = 0;

  constructor(malls: ReadonlySet<string> | undefined, problems: ProblemList) {
    this.#malls = malls;
    this.#problems = problems;
  }

  recognise(row: Row): Header | undefined {
    return findColumns(row, COLUMNS);
  }

  take(row: Row, sheet: FoundSheet<Header>): boolean {
    this.#rows += 1;
    if (this.#rows > MOST_ROWS) {
      this.#problems.add(sheet.place(row.number), `more than ${MOST_ROWS} rows`, `at most ${MOST_ROWS} rows`);
      return false;
    }
    const [mallAt = 0, dayAt = 0, openAt = 0] = sheet.header;
    const mall = this.#mall(row, sheet, mallAt);
    const day = this.#value(row, sheet, dayAt, readDay(row.at(dayAt)), 'a date');
    const open = this.#value(row, sheet, openAt, readYesOrNo(row.at(openAt)), 'Oui or Non');
    if (mall !== undefined && day !== undefined && open !== undefined)
      this.#note(row, sheet, { mall, day, open });
    return true;
  }

  #mall(row: Row, sheet: FoundSheet<Header>, columnIndex: number): string | undefined {
    const expected = 'a mall name of Transco';
    if (row.isFormula(columnIndex)) {
      this.#problems.add(sheet.place(row.number, columnIndex), 'a formula', `${expected}, typed as text`);
      return undefined;
    }
    const name = this.#value(row, sheet, columnIndex, readName(row.at(columnIndex), expected), expected);
    if (name === undefined) return undefined;
    const mall = fold(name);
    if (this.#malls === undefined || this.#malls.has(mall)) return mall;
    this.#problems.add(sheet.place(row.number, columnIndex), `the unknown mall "${name}"`, expected);
    return undefined;
  }

  #value<T>(
    row: Row,
    sheet: FoundSheet<Header>,
    columnIndex: number,
    reading: CellReading<T>,
    wanted: string,
  ): T | undefined {
    if (reading.kind === 'value') return reading.value;
    const { found, expected } =
      reading.kind === 'bad' ? reading : { found: 'an empty cell', expected: wanted };
    this.#problems.add(sheet.place(row.number, columnIndex), found, expected);
    return undefined;
  }

  /** The same line twice is a slip that changes nothing; two lines that disagree are a problem. */
  #note(row: Row, sheet: FoundSheet<Header>, exception: Exception): void {
    const key = `${exception.mall}\n${exception.day}`;
    const first = this.exceptions.get(key);
    if (first === undefined) {
      this.exceptions.set(key, { ...exception, row: row.number });
    } else if (first.open !== exception.open) {
      this.#problems.add(
        sheet.place(row.number),
        `the opposite of row ${first.row} for the same mall on ${isoDateOf(exception.day)}`,
        'one answer for a mall and a day',
      );
    }
  }
}
