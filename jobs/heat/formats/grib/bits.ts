// Reads unsigned numbers of 0 to 32 bits, one after another, from bytes of which the first bit is the highest.

export class BitReader {
  readonly #bytes: Uint8Array;
  #bit: number;
  readonly #end: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#bit = 0;
    this.#end = bytes.length * 8;
  }

  /** How many bits are left. */
  get left(): number {
    return this.#end - this.#bit;
  }

  /** Throws `RangeError` beyond the end, which the caller turns into an error of its file. */
  read(width: number): number {
    if (width > this.left) throw new RangeError('the bits end too early');
    let value = 0;
    let wanted = width;
    while (wanted > 0) {
      const used = this.#bit & 7;
      const take = Math.min(wanted, 8 - used);
      const byte = this.#bytes[this.#bit >> 3]!;
      value = value * 2 ** take + ((byte >> (8 - used - take)) & ((1 << take) - 1));
      this.#bit += take;
      wanted -= take;
    }
    return value;
  }

  /** The number of zeros before the next one, which is read as well. */
  readUnary(): number {
    let zeros = 0;
    while (this.read(1) === 0) zeros++;
    return zeros;
  }

  readMany(count: number, width: number): Float64Array {
    if (count * width > this.left) throw new RangeError('the bits end too early');
    const values = new Float64Array(count);
    if (width === 0) return values;
    for (let at = 0; at < count; at++) values[at] = this.read(width);
    return values;
  }

  /** Goes to the next whole byte. */
  align(): void {
    this.#bit = (this.#bit + 7) & ~7;
  }
}

/** The first bit is the sign, the others are the amount. */
export function signed(unsigned: number, bytes: number): number {
  const half = 2 ** (8 * bytes - 1);
  return unsigned >= half ? half - unsigned : unsigned;
}
