// How much the readers take in: what is larger is refused before memory is taken for it.
import { UnusableFile } from './unusable.ts';

export interface Limits {
  /** Cells of one layer: 8,192 × 8,192. */
  readonly mostCells: number;
  /** Values of one series, 4 bytes each: a month of hours of 400 × 400 cells. */
  readonly mostValues: number;
  /** Of a file that is read whole. */
  readonly mostBytes: number;
  /** For one file of a library that may never end on a damaged one. */
  readonly longestMs: number;
}

export const LIMITS: Limits = {
  mostCells: 2 ** 26,
  mostValues: 2 ** 27,
  mostBytes: 2 ** 29,
  longestMs: 60_000,
};

interface Asked {
  readonly file: string;
  readonly place?: string;
}

/** Throws where a layer has no cells, or too many. */
export function boundCells({ file, place }: Asked, columns: number, rows: number, most: number): void {
  const cells = columns * rows;
  if (Number.isSafeInteger(cells) && cells > 0 && cells <= most) return;
  const found = `${columns} × ${rows} cells`;
  throw new UnusableFile({ file, place, found, expected: `1 to ${most} cells` });
}

export function boundValues({ file, place }: Asked, hours: number, cells: number, most: number): void {
  if (hours * cells <= most) return;
  const found = `${hours} hours of ${cells} cells`;
  throw new UnusableFile({
    file,
    place,
    found,
    expected: `at most ${most} values; cut it by area or period`,
  });
}
