// The checksum of a stream of bytes, in the form that Cloud Storage uses.
import { crc32c } from '@node-rs/crc32';

export class Checksum {
  #crc32c = 0;
  sizeBytes = 0;

  add(chunk: Buffer): void {
    this.#crc32c = crc32c(chunk, this.#crc32c);
    this.sizeBytes += chunk.length;
  }

  /** Base64 of the big-endian number. */
  get crc32c(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#crc32c);
    return bytes.toString('base64');
  }
}
