// The CRC32C of bytes that arrive in parts, without a native library: a function's bundle has none.

const POLYNOMIAL = 0x82f63b78;

const TABLE = Int32Array.from({ length: 256 }, (_none, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ ((value & 1) === 1 ? POLYNOMIAL : 0);
  return value;
});

export class Crc32c {
  #state = -1;

  add(part: Uint8Array): void {
    let state = this.#state;
    for (let at = 0; at < part.length; at += 1) state = (state >>> 8) ^ TABLE[(state ^ part[at]!) & 0xff]!;
    this.#state = state;
  }

  /** Base64 of the big-endian number, as Cloud Storage writes it. */
  get base64(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(~this.#state);
    return bytes.toString('base64');
  }
}
