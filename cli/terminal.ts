// Text for a terminal: the content of a sheet, a file or a cell is shown, and never interpreted.
import type { Writable } from 'node:stream';

/**
 * Everything that a terminal obeys or that cannot be seen: control characters, changes of direction, zero-width and
 * line-separating ones, halves of a pair, and blanks that count as letters.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u034f\u115f\u1160\u3164\uffa0]/gu;
// Meant as they are, in a table or a list.
const LAYOUT = new Set(['\n', '\t']);

/** Each such character as `U+001B`; new lines and tabs stay. */
export const visible = (text: unknown): string =>
  String(text)
    .replaceAll('\r\n', '\n')
    .replace(HIDDEN, (character) => (LAYOUT.has(character) ? character : codePoint(character)));

/** The same in one block: a line that the text breaks is indented, so that it is never taken for one of its own. */
export const visibleLine = (text: unknown): string => visible(text).replaceAll('\n', '\n    ');

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** JSON for another program, with the same characters escaped: it reads back as it was. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value).replace(HIDDEN, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

/** Text that the CLI has coloured itself, out of visible parts; only such text keeps its escape sequences. */
export class Drawn {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export const shown = (text: string | Drawn): string => (text instanceof Drawn ? text.text : visible(text));

/** Writes a line; every printer of the commands ends here, or draws with `visible` parts. */
export const writeLine = (output: Writable, text: string | Drawn): void =>
  void output.write(`${shown(text)}\n`);
