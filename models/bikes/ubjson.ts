// Reads UBJSON, the binary form in which XGBoost saves a model: every length is checked against the bytes that are there.

/** Arrays of one type of number stay packed; objects have no prototype. */
export type Ubjson =
  null | boolean | number | string | PackedNumbers | readonly Ubjson[] | { readonly [key: string]: Ubjson };

export type Numbers = Float32Array | Float64Array | Uint8Array | Int8Array | Int16Array | Int32Array;

/** An array of one type of number, as its bytes: most of a model is measurements that prediction does not need. */
export class PackedNumbers {
  readonly length: number;
  readonly #type: string;
  readonly #bytes: Uint8Array;

  constructor(type: string, length: number, bytes: Uint8Array) {
    this.#type = type;
    this.length = length;
    this.#bytes = bytes;
  }

  /** Whole numbers of 64 bits become doubles, which hold those that a model has. */
  unpacked(): Numbers {
    // A copy, which begins where numbers of every size may begin; UBJSON writes the highest byte first.
    const copy = new Uint8Array(this.#bytes);
    const buffer = Buffer.from(copy.buffer);
    switch (this.#type) {
      case 'U':
        return copy;
      case 'i':
        return new Int8Array(copy.buffer);
      case 'I':
        return new Int16Array(buffer.swap16() && copy.buffer);
      case 'l':
        return new Int32Array(buffer.swap32() && copy.buffer);
      case 'd':
        return new Float32Array(buffer.swap32() && copy.buffer);
      case 'L':
        return Float64Array.from(new BigInt64Array(buffer.swap64() && copy.buffer), Number);
      default:
        return new Float64Array(buffer.swap64() && copy.buffer);
    }
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

const utf8 = new TextDecoder('utf-8', { fatal: true });

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    while (!this.#passes('}')) {
      const key = this.#text();
      if (Object.hasOwn(fields, key)) throw this.#wrong(`found the key ${JSON.stringify(key)} twice`);
      fields[key] = this.value(this.marker(), level + 1);
    }
    return fields;
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
    return new PackedNumbers(type, length, this.#bytes.subarray(start, start + length * size));
  }

  #number(marker: string): number {
    const size = SIZES[marker];
    if (size === undefined) throw this.#wrong(`found the marker ${JSON.stringify(marker)}; expected a value`);
    const [view, at] = [this.#view, this.#take(size)];
    switch (marker) {
      case 'i':
        return view.getInt8(at);
      case 'U':
        return view.getUint8(at);
      case 'I':
        return view.getInt16(at);
      case 'l':
        return view.getInt32(at);
      case 'L':
        return Number(view.getBigInt64(at));
      case 'd':
        return view.getFloat32(at);
      default:
        return view.getFloat64(at);
    }
  }

  #text(): string {
    const length = this.#length();
    const start = this.#take(length);
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

/** Bytes of a number, by its type. */
const SIZES: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };
