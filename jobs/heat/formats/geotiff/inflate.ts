// Inflates tiles of LZW and PackBits, as TIFF 6.0 has them, and never to more than the cells of a tile take: the library's
// own decoders have no bound, and a megabyte of LZW may stand for a gigabyte.

export interface Bound {
  readonly maxOutputLength: number;
}

const [CLEAR, END, FIRST, CODES] = [256, 257, 258, 4096];
const [LEAST_BITS, MOST_BITS] = [9, 12];

/** Throws `RangeError` where a code has no text yet, or the texts are longer than the bound. */
export function inflateLzw(bytes: Uint8Array, { maxOutputLength }: Bound): Buffer {
  const output = Buffer.alloc(maxOutputLength);
  const texts = new Texts();
  let [length, bit, width, before] = [0, 0, LEAST_BITS, -1];
  while (bit + width <= 8 * bytes.length) {
    const code = codeAt(bytes, bit, width);
    bit += width;
    if (code === END) break;
    if (code === CLEAR) {
      texts.clear();
      [width, before] = [LEAST_BITS, -1];
      continue;
    }
    length = texts.write(code, before, output, length);
    before = code;
    // Codes grow one early: a reader has one text less than the writer.
    if (texts.next + 1 >= 2 ** width && width < MOST_BITS) width++;
  }
  return output.subarray(0, length);
}

/** The highest bit of each byte comes first. */
function codeAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = bit >> 3;
  const three = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return (three >> (24 - (bit & 7) - width)) & ((1 << width) - 1);
}

/** Each text is that of another code and one byte more. */
class Texts {
  readonly #beginnings = new Uint16Array(CODES);
  readonly #lasts = Uint8Array.from({ length: CODES }, (_, code) => code & 0xff);
  readonly #lengths = new Uint16Array(CODES).fill(1);
  next = FIRST;

  clear(): void {
    this.next = FIRST;
  }

  /** Writes the text of the code behind `length` bytes, learns the text that it follows from, and returns the new length. */
  write(code: number, before: number, output: Uint8Array, length: number): number {
    const isNew = code === this.next && before !== -1;
    if (!isNew && (code >= this.next || (code >= CLEAR && code < FIRST)))
      throw new RangeError(`an LZW code ${code} of ${this.next}`);
    const known = isNew ? before : code;
    const size = this.#lengths[known]! + (isNew ? 1 : 0);
    if (length + size > output.length) throw new RangeError(`a tile of more than ${output.length} bytes`);
    let at = length + this.#lengths[known]!;
    for (let rest = known; at > length; rest = this.#beginnings[rest]!) output[--at] = this.#lasts[rest]!;
    if (isNew) output[length + size - 1] = output[length]!;
    if (before !== -1 && this.next < CODES) {
      this.#beginnings[this.next] = before;
      this.#lasts[this.next] = output[length]!;
      this.#lengths[this.next] = this.#lengths[before]! + 1;
      this.next++;
    }
    return length + size;
  }
}

/** Throws `RangeError` where the runs are longer than the bound. */
export function inflatePackBits(bytes: Uint8Array, { maxOutputLength }: Bound): Buffer {
  const output = Buffer.alloc(maxOutputLength);
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    const head = bytes[at++]!;
    if (head === 128) continue;
    const count = head < 128 ? head + 1 : 257 - head;
    if (length + count > maxOutputLength)
      throw new RangeError(`a tile of more than ${maxOutputLength} bytes`);
    if (head < 128) output.set(bytes.subarray(at, at + count), length);
    else output.fill(bytes[at] ?? 0, length, length + count);
    at += head < 128 ? count : 1;
    length += count;
  }
  return output.subarray(0, length);
}
