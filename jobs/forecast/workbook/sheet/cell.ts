// Reads what stands inside of one cell of a worksheet: its value, its inline text, and whether it is a formula.
import type { Tag } from '../xml/tag.ts';
import { isBlankAt, textAt } from '../xml/text.ts';
import { LONGEST_TEXT, RichText } from './rich-text.ts';
import type { Cell } from './row.ts';
import { cellOf, numberOf, textCell, type CellContext } from './values.ts';

const DIGIT_0 = 48;
/** A whole number of so many digits is exact. */
const MOST_DIGITS = 15;

type Inside = 'cell' | 'value' | 'formula' | 'inline';

export class CellReader {
  isFormula = false;
  readonly #part: string;
  readonly #context: CellContext;
  readonly #refuse: (found: string) => Error;
  readonly #inline: RichText;
  #inside: Inside = 'cell';
  #type = 'n';
  #style = 0;
  #value: string | undefined;
  /** The value, while it is a plain whole number; -1 when it is not. */
  #digits = -1;
  #hasInline = false;

  constructor(part: string, context: CellContext, refuse: (found: string) => Error) {
    this.#part = part;
    this.#context = context;
    this.#refuse = refuse;
    this.#inline = new RichText(part);
  }

  begin(tag: Tag): void {
    this.isFormula = false;
    this.#inside = 'cell';
    this.#type = 'n';
    this.#style = 0;
    this.#value = undefined;
    this.#digits = -1;
    this.#hasInline = false;
    for (let index = 0; index < tag.count; index += 1) {
      const raw = tag.names[index]?.raw;
      if (raw === 't') this.#type = tag.value(index);
      else if (raw === 's') this.#style = styleOf(tag, index);
    }
  }

  open(local: string): boolean {
    if (this.#inside === 'inline') return this.#inline.open(local);
    if (this.#inside !== 'cell') throw this.#refuse(`<${local}> inside of a ${this.#inside}`);
    if (local === 'extLst') return false;
    if (local === 'v') {
      if (this.#value !== undefined) throw this.#refuse('a cell with two values');
      this.#value = '';
      this.#inside = 'value';
    } else if (local === 'f') {
      if (this.isFormula) throw this.#refuse('a cell with two formulas');
      this.isFormula = true;
      this.#inside = 'formula';
    } else if (local === 'is') {
      if (this.#hasInline) throw this.#refuse('a cell with two texts');
      this.#hasInline = true;
      this.#inside = 'inline';
    } else throw this.#refuse(`<${local}> inside of a cell`);
    return true;
  }

  text(bytes: Buffer, start: number, end: number, isLiteral: boolean): void {
    if (this.#inside === 'inline') this.#inline.add(bytes, start, end, isLiteral);
    if (this.#inside === 'cell' && !isBlankAt(bytes, start, end)) {
      throw this.#refuse('a cell with text beside its value');
    }
    if (this.#inside !== 'value') return;
    if (this.#digits === -1 && this.#value === '') {
      this.#digits = digitsAt(bytes, start, end);
      if (this.#digits !== -1) return;
    }
    const before = this.#digits === -1 ? (this.#value ?? '') : String(this.#digits);
    this.#digits = -1;
    if (before.length <= LONGEST_TEXT)
      this.#value = before + textAt(bytes, start, end, isLiteral, this.#part);
  }

  /** True when the cell itself is closed. */
  close(): boolean {
    if (this.#inside === 'cell') return true;
    if (this.#inside !== 'inline' || this.#inline.close()) this.#inside = 'cell';
    return false;
  }

  finish(): Cell {
    const inline = this.#hasInline ? this.#inline.take() : undefined;
    const type = this.#type;
    if (type === 'n' && this.#value === undefined && inline === undefined) return null;
    if (inline !== undefined && (this.#value !== undefined || type !== 'inlineStr')) {
      throw this.#refuse(`a cell of the type "${type.slice(0, 40)}" with an inline text`);
    }
    if (this.#digits !== -1) {
      if (type === 'n') return numberOf(this.#digits, this.#style, this.#context);
      if (type === 's') {
        const text = this.#context.strings[this.#digits];
        if (text !== undefined) return textCell(text);
      }
      this.#value = String(this.#digits);
    }
    return cellOf({ type, style: this.#style, value: this.#value, inline }, this.#context);
  }
}

/** A plain whole number without a zero in front, or -1. */
function digitsAt(bytes: Buffer, start: number, end: number): number {
  if (end === start || end - start > MOST_DIGITS) return -1;
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - DIGIT_0;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number > 0 && bytes[start] === DIGIT_0 ? -1 : end - start > 1 && number === 0 ? -1 : number;
}

/** The style's number; NaN, which no workbook has, when it is none. */
function styleOf(tag: Tag, index: number): number {
  const number = digitsAt(tag.bytes, tag.starts[index] ?? 0, tag.ends[index] ?? 0);
  return number === -1 ? Number.NaN : number;
}
