// Reads `Transco.xlsx`: the site codes of the flux files, and the names and clusters of the table.
import type { DataNote } from '../series/notes.ts';
import type { Site } from '../series/panel.ts';
import { readCode, readName, type CellReading } from './cells.ts';
import { findColumns } from './columns.ts';
import type { ProblemList } from './problems.ts';
import { readSheet, type FoundSheet, type SheetReader, type WorkbookFile } from './sheet.ts';
import type { Row } from './sheet/row.ts';
import { fold } from './words.ts';

const COLUMNS = ['Code site', 'Nom mall', 'Cluster'];
const MOST_SITES = 5_000;

type Header = readonly number[];

export interface Transco {
  readonly sites: readonly Site[];
  /** Codes and folded malls of rows that were refused: named once, they are not unknown elsewhere. */
  readonly inDoubt: ReadonlySet<string>;
  readonly notes: readonly DataNote[];
}

/** Sites in order of code, numbers by value. Codes and malls are there once; what is not is a problem. */
export async function readTransco(file: WorkbookFile, problems: ProblemList): Promise<Transco> {
  const reader = new TranscoReader(problems);
  const notes = await readSheet(file, reader, problems);
  const { sites, inDoubt } = reader;
  return { sites: sites.sort((one, other) => compareCodes(one.code, other.code)), inDoubt, notes };
}

/** `2` before `10`, `S2` before `S10`; the same on every machine. */
export const compareCodes = (one: string, other: string): number =>
  BY_NUMBER.compare(one, other) || (one < other ? -1 : one > other ? 1 : 0);

const BY_NUMBER = new Intl.Collator('en', { numeric: true });

class TranscoReader implements SheetReader<Header> {
  readonly expected = `"${COLUMNS.join(' | ')}"`;
  readonly sites: Site[] = [];
  readonly inDoubt = new Set<string>();
  readonly #problems: ProblemList;
  readonly #rowOfCode = new Map<string, number>();
  readonly #rowOfMall = new Map<string, number>();
  #rows = 0;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  recognise(row: Row): Header | undefined {
    return findColumns(row, COLUMNS);
  }

  take(row: Row, sheet: FoundSheet<Header>): boolean {
    this.#rows += 1;
    if (this.#rows > MOST_SITES) {
      this.#problems.add(
        sheet.place(row.number),
        `more than ${MOST_SITES} sites`,
        `at most ${MOST_SITES} sites`,
      );
      return false;
    }
    const [codeAt = 0, mallAt = 0, clusterAt = 0] = sheet.header;
    const code = this.#value(row, sheet, codeAt, readCode(row.at(codeAt)), 'a site code');
    const mall = this.#value(row, sheet, mallAt, readName(row.at(mallAt), 'a mall name'), 'a mall name');
    const cluster = this.#value(row, sheet, clusterAt, readName(row.at(clusterAt), 'a cluster'), 'a cluster');
    if (code === undefined || mall === undefined || cluster === undefined) {
      if (code !== undefined) this.inDoubt.add(code);
      if (mall !== undefined) this.inDoubt.add(fold(mall));
      return true;
    }
    this.#once(row, sheet, codeAt, this.#rowOfCode, code, `the code ${code}`);
    this.#once(row, sheet, mallAt, this.#rowOfMall, fold(mall), `the mall "${mall}"`);
    this.sites.push({ code, mall, cluster });
    return true;
  }

  #value(
    row: Row,
    sheet: FoundSheet<Header>,
    columnIndex: number,
    reading: CellReading<string>,
    wanted: string,
  ) {
    const place = sheet.place(row.number, columnIndex);
    if (row.isFormula(columnIndex)) {
      this.#problems.add(place, 'a formula', `${wanted}, typed as text`);
    } else if (reading.kind === 'bad') {
      this.#problems.add(place, reading.found, reading.expected);
    } else if (reading.kind === 'empty') {
      this.#problems.add(place, 'an empty cell', wanted);
    } else {
      return reading.value;
    }
    return undefined;
  }

  #once(
    row: Row,
    sheet: FoundSheet<Header>,
    columnIndex: number,
    rows: Map<string, number>,
    key: string,
    shown: string,
  ) {
    const first = rows.get(key);
    if (first === undefined) rows.set(key, row.number);
    else
      this.#problems.add(
        sheet.place(row.number, columnIndex),
        `${shown}, which row ${first} has too`,
        'each site once',
      );
  }
}
