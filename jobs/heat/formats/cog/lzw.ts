// Compresses a tile by LZW as TIFF has it: codes of 9 to 12 bits from the highest bit on, one bit longer a code early.

const [CLEAR, END, FIRST] = [256, 257, 258];
const LEAST_BITS = 9;
/** The table is cleared when this code would be the next one: then no code needs 13 bits. */
const FULL = 4094;
/** More places than codes, a prime: few texts meet at the same place. */
const PLACES = 9973;

/** The same bytes at every call. */
export function lzw(input: Uint8Array): Buffer {
  const output = new Bits(input.length);
  const texts = new Texts();
  output.add(CLEAR, LEAST_BITS);
  let code = input[0];
  for (let at = 1; at < input.length; at++) {
    const byte = input[at]!;
    const longer = texts.find(code!, byte);
    if (longer !== undefined) {
      code = longer;
      continue;
    }
    output.add(code!, bitsFor(texts.next));
    texts.keep(code!, byte);
    if (texts.next === FULL) {
      output.add(CLEAR, bitsFor(texts.next));
      texts.clear();
    }
    code = byte;
  }
  if (code !== undefined) output.add(code, bitsFor(texts.next++));
  // A reader of the last code has a full table as well, and expects no clearing before the end.
  return output.end(bitsFor(texts.next));
}

/** A reader knows one code less than the writer: so codes grow one early. */
const bitsFor = (next: number): number =>
  next < 512 ? LEAST_BITS : next < 1024 ? 10 : next < 2048 ? 11 : 12;

/** The texts that have a code, each as the code of its beginning and its last byte. */
class Texts {
  readonly #keys = new Int32Array(PLACES).fill(-1);
  readonly #codes = new Uint16Array(PLACES);
  #place = 0;
  next = FIRST;

  /** The code of the text that is one byte longer. Leaves the place where it would stand. */
  find(code: number, byte: number): number | undefined {
    const key = (code << 8) | byte;
    let place = key % PLACES;
    while (this.#keys[place] !== -1 && this.#keys[place] !== key)
      place = place + 1 === PLACES ? 0 : place + 1;
    this.#place = place;
    return this.#keys[place] === key ? this.#codes[place] : undefined;
  }

  /** At the place that `find` has left. */
  keep(code: number, byte: number): void {
    this.#keys[this.#place] = (code << 8) | byte;
    this.#codes[this.#place] = this.next++;
  }

  clear(): void {
    this.#keys.fill(-1);
    this.next = FIRST;
  }
}

/** Codes behind one another, the highest bit of each first. */
class Bits {
  #bytes: Buffer;
  #length = 0;
  #kept = 0;
  #count = 0;

  constructor(expected: number) {
    this.#bytes = Buffer.alloc(expected + 64);
  }

  add(code: number, bits: number): void {
    this.#kept = (this.#kept << bits) | code;
    this.#count += bits;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.#push((this.#kept >>> this.#count) & 0xff);
    }
    this.#kept &= (1 << this.#count) - 1;
  }

  end(bits: number): Buffer {
    this.add(END, bits);
    if (this.#count > 0) this.#push((this.#kept << (8 - this.#count)) & 0xff);
    return this.#bytes.subarray(0, this.#length);
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    this.#bytes[this.#length++] = byte;
  }
}
