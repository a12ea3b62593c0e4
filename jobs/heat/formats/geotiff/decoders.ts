// Decoders that inflate a tile by Node's own zlib, and never to more than its cells take.
import { addDecoder, BaseDecoder } from 'geotiff';
import { inflateSync, zstdDecompressSync } from 'node:zlib';

const [DEFLATE, OLD_DEFLATE, ZSTANDARD] = [8, 32946, 50000];

type Inflate = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer;

const boundedDecoder = (inflate: Inflate) =>
  class extends BaseDecoder {
    override decodeBlock(bytes: ArrayBufferLike): ArrayBufferLike {
      const { tileWidth, tileHeight, bitsPerSample } = this.parameters;
      // Of all bands, which is too much only where each band has tiles of its own.
      const bits = typeof bitsPerSample === 'number' ? [bitsPerSample] : Array.from(bitsPerSample);
      const perCell = bits.reduce((sum, each) => sum + each, 0);
      const maxOutputLength = Math.ceil((tileWidth * tileHeight * perCell) / 8);
      const tile = inflate(new Uint8Array(bytes), { maxOutputLength });
      return tile.buffer.slice(tile.byteOffset, tile.byteOffset + tile.length);
    }
  };

let isRegistered = false;

/** The library keeps its decoders for the whole process. */
export function registerDecoders(): void {
  if (isRegistered) return;
  isRegistered = true;
  addDecoder([DEFLATE, OLD_DEFLATE], () => Promise.resolve(boundedDecoder(inflateSync)), undefined, false);
  addDecoder([ZSTANDARD], () => Promise.resolve(boundedDecoder(zstdDecompressSync)), undefined, false);
}
