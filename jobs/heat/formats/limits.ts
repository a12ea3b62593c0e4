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
  /** The memory that such a library may take: a damaged file can ask for any. */
  readonly mostLibraryBytes: number;
}

export const LIMITS: Limits = {
  mostCells: 2 ** 26,
  mostValues: 2 ** 27,
  mostBytes: 2 ** 29,
  longestMs: 60_000,
  mostLibraryBytes: 2 ** 30,
};

/** Rows or columns of a layer of a series. Their coordinates are lists, which a declared size must not make long. */
const MOST_SIDE = 65_535;
/** Cells of one layer of a series, which is decoded as float64: 4,096 × 4,096. The land of the earth at 0.1° is 6.5 million. */
const MOST_LAYER_CELLS = 2 ** 24;
/** Times of a series: more than a century of hours. */
const MOST_TIMES = 2 ** 20;

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

/** Throws where a layer of a series has no cells, or too many. */
export function boundLayer(asked: Asked, columns: number, rows: number, most: number): void {
  boundCells(asked, columns, rows, Math.min(most, MOST_LAYER_CELLS));
  if (Math.max(columns, rows) <= MOST_SIDE) return;
  const expected = `at most ${MOST_SIDE} rows and columns`;
  throw new UnusableFile({ ...asked, found: `${columns} × ${rows} cells`, expected });
}

export function boundTimes(asked: Asked, times: number): void {
  if (times <= MOST_TIMES) return;
  throw new UnusableFile({ ...asked, found: `${times} times`, expected: `at most ${MOST_TIMES}` });
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
