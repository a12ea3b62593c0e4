// Reads `Transco.xlsx`: the site codes of the flux files, and the names and clusters of the table.
import type { DataNote } from '../series/notes.ts';
import type { Site } from '../series/panel.ts';
import { readCode, readName, type CellReading } from './cells.ts';
import { findColumns } from './columns.ts';
import type { ProblemList } from './problems.ts';
import type { Row } from './rows.ts';
import { readSheet, type FoundSheet, type SheetReader, type WorkbookFile } from './sheet.ts';
import { fold } from './words.ts';

const COLUMNS = ['Code site', 'Nom mall', 'Cluster'];
const MOST_SITES = 5_000;

type Header = readonly number[];

/** Sites in order of code, numbers by value. Codes and malls are there once; what is not is a problem. */
export async function readTransco(
  file: WorkbookFile,
  problems: ProblemList,
): Promise<{ sites: readonly Site[]; notes: readonly DataNote[] }> {
  const reader = new TranscoReader(problems);
  const notes = await readSheet(file, reader, problems);
  return { sites: reader.sites.sort((one, other) => compareCodes(one.code, other.code)), notes };
}

/** `2` before `10`, `S2` before `S10`; the same on every machine. */
export const compareCodes = (one: string, other: string): number =>
  BY_NUMBER.compare(one, other) || (one < other ? -1 : one > other ? 1 : 0);

const BY_NUMBER = new Intl.Collator('en', { numeric: true });

class TranscoReader implements SheetReader<Header> {
  readonly expected = `"${COLUMNS.join(' | ')}"`;
  readonly sites: Site[] = [];
  readonly #problems: ProblemList;
  readonly #rowOfCode = new Map<string, number>();
  readonly #rowOfMall = new Map<string, number>();

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  recognise(cells: Row['cells']): Header | undefined {
    return findColumns(cells, COLUMNS);
  }

  take(row: Row, sheet: FoundSheet<Header>): boolean {
    const [codeAt = 0, mallAt = 0, clusterAt = 0] = sheet.header;
    const code = this.#value(row, sheet, codeAt, readCode(row.cells[codeAt] ?? null), 'a site code');
    const mall = this.#value(
      row,
      sheet,
      mallAt,
      readName(row.cells[mallAt] ?? null, 'a mall name'),
      'a mall name',
    );
    const cluster = this.#value(
      row,
      sheet,
      clusterAt,
      readName(row.cells[clusterAt] ?? null, 'a cluster'),
      'a cluster',
    );
    if (code === undefined || mall === undefined || cluster === undefined) return true;
    this.#once(row, sheet, codeAt, this.#rowOfCode, code, `the code ${code}`);
    this.#once(row, sheet, mallAt, this.#rowOfMall, fold(mall), `the mall "${mall}"`);
    this.sites.push({ code, mall, cluster });
    if (this.sites.length <= MOST_SITES) return true;
    this.#problems.add(
      sheet.place(row.number),
      `more than ${MOST_SITES} sites`,
      `at most ${MOST_SITES} sites`,
    );
    return false;
  }

  #value(
    row: Row,
    sheet: FoundSheet<Header>,
    columnIndex: number,
    reading: CellReading<string>,
    wanted: string,
  ) {
    const place = sheet.place(row.number, columnIndex);
    if (sheet.formulas.has(row.number, columnIndex)) {
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
