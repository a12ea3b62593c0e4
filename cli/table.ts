// Tables of a terminal, as wide as the terminal at most. No text is cut off: long words are broken.
import Table from 'cli-table3';
import { visible } from './terminal.ts';

const PLAIN = { head: [], border: [] };
/** For an output without a width: a pipe, or a file. */
export const DEFAULT_WIDTH = 120;
// A frame is one character beside each column and one at the end; each cell has a space on both sides.
const FRAME = 1;
const PADDING = 2;
const NARROWEST = 6;
// A longer word is broken before a column with shorter ones is.
const LONGEST_WORD = 24;
// A name is broken after one of these.
const JOINTS = new Set('._-@/:,=');
// The first block of Unicode that has wide letters.
const FIRST_WIDE = '\u1100';

const textOf = (value: unknown): string =>
  visible(Array.isArray(value) ? value.join('\n') : (value ?? '')).replaceAll('\t', ' ');

/** Rows under a heading. */
export function rowsTable(rows: readonly Readonly<Record<string, unknown>>[], width: number): string {
  const heads = Object.keys(rows[0] ?? {}).map(visible);
  return drawn(
    heads,
    rows.map((row) => Object.values(row).map(textOf)),
    width,
  );
}

/** One thing, a line for each of its facts. */
export const factsTable = (facts: Readonly<Record<string, unknown>>, width: number): string =>
  drawn(
    [],
    Object.entries(facts).map(([name, value]) => [visible(name), textOf(value)]),
    width,
  );

function drawn(heads: readonly string[], cells: readonly (readonly string[])[], width: number): string {
  const widths = fitted(heads.length > 0 ? [heads, ...cells] : cells, width);
  const broken = (texts: readonly string[]) =>
    texts.map((text, index) => withBreaks(text, widths[index] ?? 0));
  const table = new Table({
    style: PLAIN,
    wordWrap: true,
    colWidths: widths.map((each) => each + PADDING),
    ...(heads.length > 0 ? { head: [...broken(heads)] } : {}),
  });
  for (const row of cells) table.push([...broken(row)]);
  return table.toString();
}

/**
 * The width of each column's text: its longest line, less what the widest columns have to give up. Words stay whole
 * where the widths of all columns allow it.
 */
function fitted(cells: readonly (readonly string[])[], width: number): readonly number[] {
  const column = (index: number) => cells.map((row) => row[index] ?? '');
  const columns = (cells[0] ?? []).map((_, index) => column(index));
  const widths = columns.map((texts) => Math.max(1, ...texts.map(longestLine)));
  const whole = columns.map((texts) =>
    Math.max(NARROWEST, ...texts.map((text) => Math.min(LONGEST_WORD, longestWord(text)))),
  );
  const room = width - FRAME - widths.length * (PADDING + FRAME);
  narrow(widths, whole, room);
  narrow(
    widths,
    widths.map(() => NARROWEST),
    room,
  );
  return widths;
}

/** Takes from the widest column that is wider than its floor, until all of them fit into the room. */
function narrow(widths: number[], floors: readonly number[], room: number): void {
  let surplus = widths.reduce((sum, each) => sum + each, 0) - room;
  while (surplus > 0) {
    const given = widths.map((each, index) => (each > (floors[index] ?? 0) ? each : 0));
    const widest = Math.max(...given);
    if (widest === 0) return;
    widths[given.lastIndexOf(widest)] = widest - 1;
    surplus--;
  }
}

/**
 * How many columns of a terminal a text takes at most: wide letters and emoji take two, and what only may be wide is
 * counted as wide. The table cuts a text that is wider than its column.
 */
const widthOf = (text: string): number =>
  [...text].reduce((width, letter) => width + (letter >= FIRST_WIDE ? 2 : 1), 0);

const longestLine = (text: string): number =>
  text.split('\n').reduce((longest, line) => Math.max(longest, widthOf(line)), 0);

const longestWord = (text: string): number =>
  text.split(/\s/u).reduce((longest, word) => Math.max(longest, widthOf(word)), 0);

/** Breaks a word that is wider than its column, so that the table shows all of it. */
const withBreaks = (text: string, width: number): string =>
  text.replace(/\S+/gu, (word) => (widthOf(word) <= width ? word : brokenWord(word, width)));

/** After a dot, a dash or the like in the second half of a line, or where the line is full. */
function brokenWord(word: string, width: number): string {
  const lines: string[] = [];
  let rest = [...word];
  while (widthOf(rest.join('')) > width) {
    const length = fitting(rest, width);
    const joint = rest.slice(0, length).findLastIndex((letter) => JOINTS.has(letter)) + 1;
    const cut = joint > length / 2 ? joint : length;
    lines.push(rest.slice(0, cut).join(''));
    rest = rest.slice(cut);
  }
  return [...lines, rest.join('')].join('\n');
}

/** How many letters fit into the width; at least one. */
function fitting(letters: readonly string[], width: number): number {
  let [length, used] = [0, 0];
  for (const letter of letters) {
    used += widthOf(letter);
    if (used > width) break;
    length++;
  }
  return Math.max(1, length);
}
