// Small Drive folders for the mesh's tests: two malls, a few days of January 2025, and one file changed at will.
import { date, flux, goodFlux, goodOpenings, goodTransco, LONG_HEADER } from '../jobs/forecast/folder.ts';
import { xlsx, type TestSheet } from '../jobs/forecast/workbooks.ts';
import type { Folder } from './start-mesh.ts';

export const FLUX = '2025 flux quotidiens.xlsx';
export const TRANSCO = 'Transco.xlsx';
export const OPENINGS = 'Recensement OE 2024.xlsx';

/** 2 malls × (1 January to 2 January 2025, and 84 days more). */
export const GOOD_ROWS = 172;

export const good = (changes: Readonly<Record<string, Buffer | undefined>> = {}): Folder => {
  const files = {
    [FLUX]: goodFlux().bytes,
    [TRANSCO]: goodTransco().bytes,
    [OPENINGS]: goodOpenings().bytes,
  };
  const folder: Record<string, Buffer> = {};
  for (const [name, bytes] of Object.entries({ ...files, ...changes })) {
    if (bytes !== undefined) folder[name] = bytes;
  }
  return folder;
};

/** The good folder, with a long flux file of these rows below its header. */
export const withFlux = (...rows: TestSheet['rows']): Folder => good({ [FLUX]: fluxOf(...rows) });

export const fluxOf = (...rows: TestSheet['rows']): Buffer => flux(xlsx([LONG_HEADER, ...rows])).bytes;

/** The good folder, but on 1 January A1 saw this many visitors: each number is another revision. */
export const withVisitors = (count: number): Folder =>
  withFlux(['A1', date('2025-01-01'), count], ['A2', date('2025-01-01'), 200], ['A1', date('2025-01-02'), 0]);
