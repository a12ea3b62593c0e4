// The text of a shared or inline string: its own, or that of its runs; without the reading aids (`rPh`).
import { unusable } from '../unusable.ts';
import { isBlankAt, textAt } from '../xml/text.ts';

/** Beside a text: how it looks, and how it is read aloud. */
const LEFT_OUT = new Set(['rPr', 'rPh', 'phoneticPr', 'extLst']);

/** Excel's longest; a longer text is reported by its length, and not kept. */
export const LONGEST_TEXT = 32_767;

export class RichText {
  text = '';
  readonly #part: string;
  #isInText = false;
  #depth = 0;

  constructor(part: string) {
    this.#part = part;
  }

  /** Of an element inside of the string; false leaves it out. */
  open(local: string): boolean {
    if (!this.#isInText && LEFT_OUT.has(local)) return false;
    const isRun = this.#depth === 0 && local === 'r';
    if (this.#isInText || (!isRun && local !== 't')) {
      throw unusable(`<${local}> within a text of ${this.#part}`);
    }
    this.#isInText = !isRun;
    this.#depth += 1;
    return true;
  }

  add(bytes: Buffer, start: number, end: number, isLiteral: boolean): void {
    if (!this.#isInText && !isBlankAt(bytes, start, end)) {
      throw unusable(`letters outside of the tags of a text in ${this.#part}`);
    }
    if (this.#isInText && this.text.length <= LONGEST_TEXT) {
      this.text += textAt(bytes, start, end, isLiteral, this.#part);
    }
  }

  /** True when the string itself is closed. */
  close(): boolean {
    this.#isInText = false;
    this.#depth -= 1;
    return this.#depth < 0;
  }

  /** The text as it is meant, and the next string begins. */
  take(): string {
    const text = unescaped(this.text);
    this.text = '';
    this.#depth = 0;
    return text;
  }
}

/** `_x000D_` is the character of that number, as Excel writes what XML cannot hold. */
export const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-fA-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
