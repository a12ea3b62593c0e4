// Reads UBJSON, the binary form in which XGBoost saves a model: every length is checked against the bytes that are there.

/** Arrays of one type of number stay packed; objects have no prototype. */
export type Ubjson =
  | null
  | boolean
  | number
  | string
  | PackedNumbers
  | readonly Ubjson[]
  | { readonly [key: string]: Ubjson };

export type Numbers = Int32Array | Float64Array;

/** Bytes of a number, by its type. */
const SIZES: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };
const READERS: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  i: (view, at) => view.getInt8(at),
  U: (view, at) => view.getUint8(at),
  I: (view, at) => view.getInt16(at),
  l: (view, at) => view.getInt32(at),
  // No big integer, which would take memory of its own.
  L: (view, at) => view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4),
  d: (view, at) => view.getFloat32(at),
  D: (view, at) => view.getFloat64(at),
};

/** An array of one type of number, as it stands in the bytes: most of a model is measurements that prediction does not need. */
export class PackedNumbers {
  readonly length: number;
  readonly #type: string;
  readonly #view: DataView;
  readonly #at: number;

  constructor(type: string, length: number, view: DataView, at: number) {
    this.#type = type;
    this.length = length;
    this.#view = view;
    this.#at = at;
  }

  /** Whole numbers of 64 bits become doubles, which hold those that a model has. */
  unpacked(): Numbers {
    if (this.#type === 'l' || this.#type === 'U') {
      const wholes = new Int32Array(this.length);
      this.wholesInto(wholes);
      return wholes;
    }
    const read = READERS[this.#type]!;
    const size = SIZES[this.#type]!;
    const numbers = new Float64Array(this.length);
    for (let index = 0; index < numbers.length; index += 1)
      numbers[index] = read(this.#view, this.#at + index * size);
    return numbers;
  }

  // The types that XGBoost writes for each node have a loop each, which no call interrupts: a model has millions of them.

  /** Fills the front of `into`; false, and nothing done, if these are no whole numbers of 1 or 4 bytes. */
  wholesInto(into: Int32Array): boolean {
    const [view, at, length] = [this.#view, this.#at, this.length];
    if (this.#type === 'l')
      for (let index = 0; index < length; index += 1) into[index] = view.getInt32(at + index * 4);
    else if (this.#type === 'U')
      for (let index = 0; index < length; index += 1) into[index] = view.getUint8(at + index);
    else return false;
    return true;
  }

  /** Fills the front of `into`; false, and nothing done, if these are no floats of 4 bytes. */
  floatsInto(into: Float32Array): boolean {
    if (this.#type !== 'd') return false;
    const [view, at, length] = [this.#view, this.#at, this.length];
    for (let index = 0; index < length; index += 1) into[index] = view.getFloat32(at + index * 4);
    return true;
  }
}

/** XGBoost's models are eight levels deep. */
const MOST_LEVELS = 32;

/** Throws a `SyntaxError` that names the byte at which the bytes are no UBJSON. */
export function decodeUbjson(bytes: Uint8Array): Ubjson {
  const reader = new Reader(bytes);
  const value = reader.value(reader.marker(), 0);
  reader.expectEnd();
  return value;
}

const BYTE = 'U'.charCodeAt(0);
const SIGNED_BYTE = 'i'.charCodeAt(0);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A decoder takes longer for a short text than the text itself. */
const SHORT = 32;

function isAscii(bytes: Uint8Array, start: number, length: number): boolean {
  for (let at = start; at < start + length; at += 1) if (bytes[at]! > 127) return false;
  return true;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #buffer: Buffer;
  /** The keys that were read last, by level and place in their object. */
  readonly #keys: string[][] = [];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  marker(): string {
    return String.fromCharCode(this.#bytes[this.#take(1)]!);
  }

  expectEnd(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw this.#wrong(`found ${left} more bytes; expected the end`);
  }

  value(marker: string, level: number): Ubjson {
    if (level > MOST_LEVELS) throw this.#wrong(`expected at most ${MOST_LEVELS} levels`);
    switch (marker) {
      case '{':
        return this.#object(level);
      case '[':
        return this.#array(level);
      case 'S':
        return this.#text();
      case 'T':
        return true;
      case 'F':
        return false;
      case 'Z':
        return null;
      default:
        return this.#number(marker);
    }
  }

  #object(level: number): { readonly [key: string]: Ubjson } {
    const fields = Object.create(null) as Record<string, Ubjson>;
    for (let index = 0; !this.#passes('}'); index += 1) {
      const key = this.#key(level, index);
      if (Object.hasOwn(fields, key)) throw this.#wrong(`found the key ${JSON.stringify(key)} twice`);
      fields[key] = this.value(this.marker(), level + 1);
    }
    return fields;
  }

  /** A model has hundreds of trees with the same keys in the same order: a key that was read there before is not decoded. */
  #key(level: number, index: number): string {
    const keys = (this.#keys[level] ??= []);
    const before = keys[index];
    if (before !== undefined && this.#passesText(before)) return before;
    const key = this.#text();
    keys[index] = key;
    return key;
  }

  /** Whether the text of less than 128 letters of ASCII is next, which is passed then. */
  #passesText(text: string): boolean {
    const bytes = this.#bytes;
    const marker = bytes[this.#at];
    const start = this.#at + 2;
    if (
      (marker !== BYTE && marker !== SIGNED_BYTE) ||
      bytes[this.#at + 1] !== text.length ||
      text.length > 127
    )
      return false;
    for (let index = 0; index < text.length; index += 1) {
      const letter = bytes[start + index];
      if (letter !== text.charCodeAt(index) || letter > 127) return false;
    }
    this.#at = start + text.length;
    return true;
  }

  #array(level: number): Ubjson {
    const type = this.#passes('$') ? this.marker() : undefined;
    if (this.#passes('#')) {
      const length = this.#length();
      return type === undefined ? this.#counted(length, level) : this.#typed(type, length);
    }
    if (type !== undefined) throw this.#wrong('expected the number of elements after their type');
    const elements: Ubjson[] = [];
    while (!this.#passes(']')) elements.push(this.value(this.marker(), level + 1));
    return elements;
  }

  /** Each element has a byte at least, so the bytes bound the loop. */
  #counted(length: number, level: number): readonly Ubjson[] {
    const elements: Ubjson[] = [];
    for (let index = 0; index < length; index += 1) elements.push(this.value(this.marker(), level + 1));
    return elements;
  }

  #typed(type: string, length: number): Ubjson {
    const size = SIZES[type];
    if (size === undefined) throw this.#wrong(`found an array of type ${JSON.stringify(type)}`);
    const start = this.#take(length * size);
    return new PackedNumbers(type, length, this.#view, start);
  }

  #number(marker: string): number {
    const read = READERS[marker];
    if (read === undefined) throw this.#wrong(`found the marker ${JSON.stringify(marker)}; expected a value`);
    return read(this.#view, this.#take(SIZES[marker]!));
  }

  #text(): string {
    const length = this.#length();
    const start = this.#take(length);
    if (length <= SHORT && isAscii(this.#bytes, start, length))
      return this.#buffer.toString('latin1', start, start + length);
    try {
      return utf8.decode(this.#bytes.subarray(start, start + length));
    } catch {
      throw this.#wrong('found a text that is not UTF-8');
    }
  }

  #length(): number {
    const marker = this.marker();
    const length = 'iUIlL'.includes(marker) ? this.#number(marker) : -1;
    if (Number.isSafeInteger(length) && length >= 0) return length;
    throw this.#wrong('expected a length: a whole number, 0 or more');
  }

  #passes(marker: string): boolean {
    const isThere = this.#bytes[this.#at] === marker.charCodeAt(0);
    if (isThere) this.#at += 1;
    return isThere;
  }

  #take(length: number): number {
    const start = this.#at;
    const left = this.#bytes.length - start;
    if (length > left) throw this.#wrong(`the bytes end: expected ${length} more, found ${left}`);
    this.#at += length;
    return start;
  }

  #wrong(what: string): SyntaxError {
    return new SyntaxError(`at byte ${this.#at}: ${what}`);
  }
}
