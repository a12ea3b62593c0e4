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

/** The width of each column's text: its longest line, less what the widest columns have to give up. */
function fitted(cells: readonly (readonly string[])[], width: number): readonly number[] {
  const count = cells[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, column) =>
    cells.reduce((longest, row) => Math.max(longest, longestLine(row[column] ?? '')), 1),
  );
  let surplus = widths.reduce((sum, each) => sum + each + PADDING + FRAME, FRAME) - width;
  while (surplus > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= NARROWEST) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    surplus--;
  }
  return widths;
}

/**
 * How many columns of a terminal a text takes at most: wide letters and emoji take two, and what only may be wide is
 * counted as wide. The table cuts a text that is wider than its column.
 */
const widthOf = (text: string): number =>
  [...text].reduce((width, letter) => width + (letter >= FIRST_WIDE ? 2 : 1), 0);

const longestLine = (text: string): number =>
  text.split('\n').reduce((longest, line) => Math.max(longest, widthOf(line)), 0);

/** Breaks a word that is wider than its column, so that the table shows all of it. */
const withBreaks = (text: string, width: number): string =>
  text.replace(/\S+/gu, (word) => (widthOf(word) <= width ? word : brokenWord(word, width)));

function brokenWord(word: string, width: number): string {
  const lines = [''];
  for (const letter of word) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && widthOf(last) + widthOf(letter) > width) lines.push(letter);
    else lines[lines.length - 1] = last + letter;
  }
  return lines.join('\n');
}
