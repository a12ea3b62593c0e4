// What a cell may hold: a day, a count, a code, a name, a yes or no. Nothing is guessed.
import { dayOf, isoDateOf, type Day } from '../series/panel.ts';
import { UnreadableCell, type Cell } from './sheet/row.ts';
import { fold, tidy, visible } from './words.ts';

export type CellReading<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'empty' }
  | { readonly kind: 'bad'; readonly found: string; readonly expected: string };

/** Counts above this are a slip of the hand: no mall sees so many visitors in a day. */
const LARGEST_COUNT = 10_000_000;
const LONGEST_NAME = 200;
const LONGEST_SHOWN = 60;
/** An error that was pasted as text: `#N/A`, `#BLOCKED!`, `#NAME?`. */
const ERROR_AS_TEXT = /^#(N\/A|GETTING_DATA|[A-Z_/0]{2,20}[!?])$/i;
const MS_PER_DAY = 86_400_000;
const FIRST_DAY = dayOf('1990-01-01');
const LAST_DAY = dayOf('2100-12-31');

const DAY_EXPECTED = 'a date cell, or a date as dd/mm/yyyy or yyyy-mm-dd';
const COUNT_EXPECTED = `a whole number of visitors from 0 to ${LARGEST_COUNT}`;

/** Days only: never mm/dd, no time of day other than midnight, no bare serial number. */
export function readDay(cell: Cell): CellReading<Day> {
  if (isBlank(cell)) return { kind: 'empty' };
  const day = cell instanceof Date ? dayOfCell(cell) : typeof cell === 'string' ? dayOfText(cell) : undefined;
  if (day === undefined) return bad(cell, DAY_EXPECTED);
  if (day < FIRST_DAY || day > LAST_DAY) {
    return bad(cell, `a date from ${isoDateOf(FIRST_DAY)} to ${isoDateOf(LAST_DAY)}`);
  }
  return { kind: 'value', value: day };
}

/** A whole number, or its digits as text, with spaces between the thousands. */
export function readCount(cell: Cell): CellReading<number> {
  if (isBlank(cell)) return { kind: 'empty' };
  const count = typeof cell === 'number' ? cell : typeof cell === 'string' ? countOfText(cell) : undefined;
  if (count === undefined || !Number.isInteger(count) || count < 0 || count > LARGEST_COUNT) {
    return bad(cell, COUNT_EXPECTED);
  }
  return { kind: 'value', value: count === 0 ? 0 : count };
}

/**
 * `12`, `12.0` and `"12"` are the same code. Zeros in front of a code that was typed as text are part of it,
 * and so is its letter case.
 */
export function readCode(cell: Cell): CellReading<string> {
  if (isBlank(cell)) return { kind: 'empty' };
  if (typeof cell === 'number') {
    return Number.isSafeInteger(cell) && cell >= 0
      ? { kind: 'value', value: String(cell) }
      : bad(cell, 'a site code');
  }
  const name = readName(cell, 'a site code');
  if (name.kind !== 'value') return name;
  return { kind: 'value', value: name.value.replace(/^(\d+)\.0+$/, '$1') };
}

/** Text that stays text: what a spreadsheet would run as a formula in the CSV is refused. */
export function readName(cell: Cell, expected: string): CellReading<string> {
  if (isBlank(cell)) return { kind: 'empty' };
  if (typeof cell !== 'string' && typeof cell !== 'number') return bad(cell, expected);
  const name = tidy(String(cell));
  if (ERROR_AS_TEXT.test(name)) return bad(cell, expected);
  if (isFormulaLike(name) || UNPRINTABLE.test(name)) {
    return bad(cell, `${expected} that cannot act as a formula (no = + - @ in front, no control characters)`);
  }
  if (name.length > LONGEST_NAME) return bad(cell, `${expected} of at most ${LONGEST_NAME} characters`);
  return { kind: 'value', value: name };
}

/** Control characters, line breaks, halves of surrogate pairs, and the replacement character. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;

/** A spreadsheet takes the wide forms `＝＋－＠` and the small ones for the plain signs. */
const isFormulaLike = (name: string): boolean => /^[=+\-@]/.test(name.slice(0, 1).normalize('NFKC'));

const YES = new Set(['oui', 'o', 'yes', 'true', 'vrai', '1']);
const NO = new Set(['non', 'n', 'no', 'false', 'faux', '0']);

export function readYesOrNo(cell: Cell): CellReading<boolean> {
  if (isBlank(cell)) return { kind: 'empty' };
  const word = typeof cell === 'object' ? '' : fold(String(cell));
  if (YES.has(word)) return { kind: 'value', value: true };
  if (NO.has(word)) return { kind: 'value', value: false };
  return bad(cell, 'Oui or Non');
}

export const isBlank = (cell: Cell | undefined): boolean =>
  cell === null || cell === undefined || (typeof cell === 'string' && tidy(cell) === '');

/** How a cell is shown in a message. */
export function show(cell: Cell): string {
  if (cell === null) return 'an empty cell';
  if (cell instanceof Date) return showDate(cell);
  if (cell instanceof UnreadableCell) return cell.found;
  if (typeof cell === 'string') {
    const text = cell.length > LONGEST_SHOWN ? `${cell.slice(0, LONGEST_SHOWN)}…` : cell;
    return `the text ${JSON.stringify(visible(text))}`;
  }
  return typeof cell === 'boolean' ? `the truth value ${String(cell).toUpperCase()}` : `the number ${cell}`;
}

const bad = (cell: Cell, expected: string): CellReading<never> => ({
  kind: 'bad',
  found: show(cell),
  expected,
});

/** Undefined when it has a time of day. Serial numbers are floats: half a second is none. */
function dayOfCell(date: Date): Day | undefined {
  const day = Math.round(date.getTime() / MS_PER_DAY);
  return Math.abs(date.getTime() - day * MS_PER_DAY) <= 500 ? day : undefined;
}

function dayOfText(text: string): Day | undefined {
  const bare = tidy(text).replace(/[ T]00:00(:00(\.0+)?)?Z?$/, '');
  const [, d = '', m = '', y = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(bare) ?? [];
  const iso = y === '' ? bare : `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return undefined;
  const day = dayOf(iso);
  // 30 February parses to March: only a day that reads back as itself is one.
  return Number.isInteger(day) && isoDateOf(day) === iso ? day : undefined;
}

function showDate(date: Date): string {
  if (Number.isNaN(date.getTime())) return 'a date beyond the calendar';
  const day = dayOfCell(date);
  return `the date ${day === undefined ? date.toISOString() : isoDateOf(day)}`;
}

function countOfText(text: string): number | undefined {
  const bare = tidy(text);
  return /^(\d{1,9}|\d{1,3}( \d{3}){1,2})$/.test(bare) ? Number(bare.replaceAll(' ', '')) : undefined;
}
