// The checksums of an object's bytes, computed while they pass.
import { crc32c } from '@node-rs/crc32';
import { createHash, type Hash } from 'node:crypto';
import { invalid } from '../http/errors.ts';

/** `md5Hash` and `crc32c` are base64, as Cloud Storage writes them; a composed object has no md5. */
export interface Checksums {
  readonly size: number;
  readonly md5Hash?: string;
  readonly crc32c: string;
}

/** The checksums that the caller expects of the bytes. */
export interface ExpectedChecksums {
  readonly md5Hash?: string;
  readonly crc32c?: string;
}

export class Digest {
  #md5: Hash = createHash('md5');
  #crc = 0;
  size = 0;

  update(chunk: Uint8Array): void {
    this.#md5.update(chunk);
    this.#crc = crc32c(chunk, this.#crc);
    this.size += chunk.byteLength;
  }

  /** Hands the bytes on unchanged, and counts them in. */
  async *tap(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.update(chunk);
      yield chunk;
    }
  }

  checksums(): Required<Checksums> {
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(this.#crc >>> 0);
    return { size: this.size, md5Hash: this.#md5.copy().digest('base64'), crc32c: crc.toString('base64') };
  }
}

/** Throws 400 when the bytes are not the ones that the caller meant to send. */
export function verify(expected: ExpectedChecksums, found: Checksums): void {
  const pairs = [
    ['MD5 hash', expected.md5Hash, found.md5Hash],
    ['CRC32C', expected.crc32c, found.crc32c],
  ] as const;
  for (const [what, given, calculated] of pairs) {
    if (given !== undefined && given !== calculated) {
      throw invalid(`Provided ${what} "${given}" doesn't match calculated ${what} "${calculated}".`);
    }
  }
}

/** Reads an `x-goog-hash` header: `crc32c=...,md5=...`. */
export function readHashHeader(header: string | string[] | undefined): ExpectedChecksums {
  const entries = [header ?? []].flat().flatMap((line) => line.split(','));
  const value = (kind: string) => {
    const entry = entries.map((each) => each.trim()).find((each) => each.startsWith(`${kind}=`));
    return entry?.slice(kind.length + 1);
  };
  const [md5Hash, crc] = [value('md5'), value('crc32c')];
  return { ...(md5Hash !== undefined && { md5Hash }), ...(crc !== undefined && { crc32c: crc }) };
}
