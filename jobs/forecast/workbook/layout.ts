// The two layouts in which analysts keep flux files, told apart by the header.
import { readCode, show } from './cells.ts';
import { findColumns } from './columns.ts';
import type { ProblemList } from './problems.ts';
import type { Cell, Row } from './rows.ts';
import type { FoundSheet } from './sheet.ts';
import { fold } from './words.ts';

/** `long`: one row per site and day. `wide`: one row per day, and a column per site code. */
export type Layout =
  | { readonly kind: 'long'; readonly codeAt: number; readonly dayAt: number; readonly visitsAt: number }
  | { readonly kind: 'wide'; readonly dayAt: number; readonly header: readonly Cell[] };

export const LAYOUTS_EXPECTED = '"Code site | Date | Flux", or "Date" followed by one site code per column';

export function recogniseLayout(cells: readonly Cell[]): Layout | undefined {
  const long = findColumns(cells, ['Code site', 'Date', 'Flux']);
  if (long !== undefined) {
    const [codeAt = 0, dayAt = 0, visitsAt = 0] = long;
    return { kind: 'long', codeAt, dayAt, visitsAt };
  }
  const dayAt = cells.findIndex((cell) => cell !== null && cell !== '');
  const first = cells[dayAt];
  if (typeof first !== 'string' || fold(first) !== 'date') return undefined;
  const others = cells.slice(dayAt + 1).filter((cell) => cell !== null);
  const longWords = others.some(
    (cell) => typeof cell === 'string' && ['code site', 'flux'].includes(fold(cell)),
  );
  return others.length === 0 || longWords ? undefined : { kind: 'wide', dayAt, header: cells };
}

/** The site of each column of a wide sheet; columns that are none are left out, with a problem. */
export function sitesOfColumns(
  layout: Layout & { kind: 'wide' },
  headerRow: number,
  sheet: FoundSheet<Layout>,
  siteOf: (code: string, row: number, columnIndex: number) => number | undefined,
  problems: ProblemList,
): ReadonlyMap<number, number> {
  const sites = new Map<number, number>();
  const columnOfCode = new Map<string, number>();
  layout.header.forEach((cell, columnIndex) => {
    if (columnIndex <= layout.dayAt || cell === null) return;
    const place = sheet.place(headerRow, columnIndex);
    const code = readCode(cell);
    if (sheet.formulas.has(headerRow, columnIndex)) {
      problems.add(place, 'a formula', 'a site code, typed as text');
    } else if (code.kind === 'bad') {
      problems.add(place, code.found, code.expected);
    } else if (code.kind === 'value') {
      if (columnOfCode.has(code.value)) {
        problems.add(place, `a second column for the site code ${show(cell)}`, 'one column for each site');
        return;
      }
      columnOfCode.set(code.value, columnIndex);
      const site = siteOf(code.value, headerRow, columnIndex);
      if (site !== undefined) sites.set(columnIndex, site);
    }
  });
  return sites;
}

/** A value in a column that has no code above it belongs to nobody. */
export const strayColumn = (row: Row, layout: Layout & { kind: 'wide' }): number =>
  row.cells.findIndex(
    (cell, index) =>
      cell !== null && cell !== '' && (index < layout.dayAt || (layout.header[index] ?? null) === null),
  );
