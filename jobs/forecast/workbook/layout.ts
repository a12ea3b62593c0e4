// The two layouts in which analysts keep flux files, distinguished by the header.
import { isBlank, readCode, show } from './cells.ts';
import { findColumns } from './columns.ts';
import type { ProblemList } from './problems.ts';
import type { FoundSheet } from './sheet.ts';
import type { Row } from './sheet/row.ts';
import { fold } from './words.ts';

/** `long`: one row per site and day. `wide`: one row per day, and a column per site code. */
export type Layout =
  | { readonly kind: 'long'; readonly codeAt: number; readonly dayAt: number; readonly visitsAt: number }
  | { readonly kind: 'wide'; readonly dayAt: number; readonly header: Row };

export const LAYOUTS_EXPECTED = '"Code site | Date | Flux", or "Date" followed by one site code per column';

export function recogniseLayout(row: Row): Layout | undefined {
  const long = findColumns(row, ['Code site', 'Date', 'Flux']);
  if (long !== undefined) {
    const [codeAt = 0, dayAt = 0, visitsAt = 0] = long;
    return { kind: 'long', codeAt, dayAt, visitsAt };
  }
  const [first, ...others] = row.values.filter((cell) => !isBlank(cell));
  if (typeof first !== 'string' || fold(first) !== 'date') return undefined;
  const dayAt = row.columns[row.values.indexOf(first)] ?? 0;
  const longWords = others.some(
    (cell) => typeof cell === 'string' && ['code site', 'flux'].includes(fold(cell)),
  );
  return others.length === 0 || longWords ? undefined : { kind: 'wide', dayAt, header: row };
}

/** The site of each column of a wide sheet; columns that are none are left out, with a problem. */
export function sitesOfColumns(
  layout: Layout & { kind: 'wide' },
  sheet: FoundSheet<Layout>,
  siteOf: (code: string, row: number, columnIndex: number) => number | undefined,
  problems: ProblemList,
): ReadonlyMap<number, number> {
  const sites = new Map<number, number>();
  const columnOfCode = new Map<string, number>();
  const { header } = layout;
  header.columns.forEach((columnIndex, index) => {
    if (columnIndex <= layout.dayAt) return;
    const cell = header.values[index] ?? null;
    const place = sheet.place(header.number, columnIndex);
    const code = readCode(cell);
    if (header.isFormula(columnIndex)) {
      problems.add(place, 'a formula', 'a site code, typed as text');
    } else if (code.kind === 'bad') {
      problems.add(place, code.found, code.expected);
    } else if (code.kind === 'value') {
      if (columnOfCode.has(code.value)) {
        problems.add(place, `a second column for the site code ${show(cell)}`, 'one column for each site');
        return;
      }
      columnOfCode.set(code.value, columnIndex);
      const site = siteOf(code.value, header.number, columnIndex);
      if (site !== undefined) sites.set(columnIndex, site);
    }
  });
  return sites;
}

/** The column of a value that has no code above it, so no site; undefined when there is none. */
export const strayColumn = (row: Row, layout: Layout & { kind: 'wide' }): number | undefined =>
  row.columns.find(
    (column, index) =>
      !isBlank(row.values[index]) && (column < layout.dayAt || isBlank(layout.header.at(column))),
  );
