// What a cell holds, by its type: the text of a cell never decides what it is.
import { tidy } from '../words.ts';
import { LONGEST_TEXT, unescaped } from './rich-text.ts';
import { UnreadableCell, type Cell } from './row.ts';

export interface CellContext {
  readonly strings: readonly string[];
  readonly dateStyles: readonly boolean[];
  readonly date1904: boolean;
}

export interface RawCell {
  /** As written in `t`; `n` where it is absent. */
  readonly type: string;
  /** The style's number; NaN when it is no number. */
  readonly style: number;
  /** The text of `<v>`, undefined where there is none. */
  readonly value: string | undefined;
  /** The text of `<is>`, likewise. */
  readonly inline: string | undefined;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,5})?$/;
const LONGEST_NUMBER = 400;
const MS_PER_DAY = 86_400_000;
const FIRST_DAY = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) };
const DATE_ISO = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?|\d{2}:\d{2})Z?)?$/;

/** Null for a cell that shows nothing: a blank is never 0. */
export function cellOf(raw: RawCell, context: CellContext): Cell {
  const value = raw.value ?? '';
  const bare = tidy(value) === '' ? '' : value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  switch (raw.type) {
    case 'e':
      return new UnreadableCell(bare === '' ? 'an error that has no name' : `the error ${short(bare)}`);
    case 'inlineStr':
      return textCell(raw.inline ?? value);
    case 'str':
      return textCell(raw.inline ?? unescaped(value));
    case 's':
      return bare === '' ? null : sharedText(bare, context.strings);
    case 'n':
      return bare === '' ? null : numberCell(bare, raw.style, context);
    case 'b':
      return bare === '' ? null : truthCell(bare);
    case 'd':
      return bare === '' ? null : dateCell(bare);
    default:
      return new UnreadableCell(`a cell of the unknown type "${short(raw.type)}"`);
  }
}

/** A number whose digits were read already: the most frequent cell of all. */
export function numberOf(number: number, style: number, context: CellContext): Cell {
  const { dateStyles, date1904 } = context;
  const isDate = style === 0 && dateStyles.length === 0 ? false : dateStyles[style];
  if (isDate === undefined) {
    return new UnreadableCell(`a number in a style that the workbook does not have, so perhaps a date`);
  }
  if (!isDate) return number;
  return new Date(Math.round((date1904 ? FIRST_DAY[1904] : FIRST_DAY[1900]) + number * MS_PER_DAY));
}

export const sharedText = (index: string, strings: readonly string[]): Cell => {
  const text = /^\d{1,9}$/.test(index) ? strings[Number(index)] : undefined;
  if (text !== undefined) return textCell(text);
  return new UnreadableCell(`the shared text number "${short(index)}", of ${strings.length} in the workbook`);
};

export const textCell = (text: string): Cell =>
  text.length <= LONGEST_TEXT
    ? text === ''
      ? null
      : text
    : new UnreadableCell(`a text of more than ${LONGEST_TEXT} characters`);

function numberCell(text: string, style: number, context: CellContext): Cell {
  const number = text.length <= LONGEST_NUMBER && DECIMAL.test(text) ? Number(text) : Number.NaN;
  const isLost = number === 0 && /[1-9]/.test(text.replace(/e.*$/i, ''));
  if (!Number.isFinite(number) || isLost) {
    return new UnreadableCell(`a number cell that holds the text "${short(text)}"`);
  }
  return numberOf(number, style, context);
}

function truthCell(text: string): Cell {
  const word = text.toLowerCase();
  if (['1', 'true'].includes(word)) return true;
  if (['0', 'false'].includes(word)) return false;
  return new UnreadableCell(`a truth cell that holds the text "${short(text)}"`);
}

function dateCell(text: string): Cell {
  const [, day, time] = DATE_ISO.exec(text) ?? [];
  const date = new Date(`${day}T${time ?? '00:00'}Z`);
  const isDay = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day ?? '?');
  return isDay ? date : new UnreadableCell(`a date cell that holds the text "${short(text)}"`);
}

const LONGEST_SHOWN = 40;
const short = (text: string): string =>
  text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
