// Cell references read from the bytes of a sheet, which has millions of them.

const LETTER_A = 65;
const LETTERS = 26;
const DIGIT_0 = 48;
export const MOST_COLUMNS = 16_384;
export const MOST_ROWS = 1_048_576;

/** The row, from 1; 0 when the bytes are no row number. */
export function rowAt(bytes: Buffer, start: number, end: number): number {
  if (end - start > 7) return 0;
  let row = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - DIGIT_0;
    if (digit < 0 || digit > 9 || (row === 0 && digit === 0)) return 0;
    row = row * 10 + digit;
  }
  return row <= MOST_ROWS ? row : 0;
}

/** The column of a reference such as `AB12`, from 0; -1 when it is no reference to a cell of `row`. */
export function columnAt(bytes: Buffer, start: number, end: number, row: number): number {
  let column = 0;
  let at = start;
  for (; at < end; at += 1) {
    const letter = (bytes[at] ?? 0) - LETTER_A;
    if (letter < 0 || letter >= LETTERS) break;
    column = column * LETTERS + letter + 1;
    if (column > MOST_COLUMNS) return -1;
  }
  return column > 0 && rowAt(bytes, at, end) === row ? column - 1 : -1;
}
