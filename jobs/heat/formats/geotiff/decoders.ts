// Decoders that inflate a tile, by Node's own zlib or by our own code, and never to more than its cells take.
import { addDecoder, BaseDecoder } from 'geotiff';
import { inflateSync, zstdDecompressSync } from 'node:zlib';
import { inflateLzw, inflatePackBits } from './inflate.ts';

const [LZW, DEFLATE, PACK_BITS, OLD_DEFLATE, ZSTANDARD] = [5, 8, 32773, 32946, 50000];

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
  const register = (codes: number[], inflate: Inflate): void =>
    addDecoder(codes, () => Promise.resolve(boundedDecoder(inflate)), undefined, false);
  register([DEFLATE, OLD_DEFLATE], inflateSync);
  register([ZSTANDARD], zstdDecompressSync);
  register([LZW], inflateLzw);
  register([PACK_BITS], inflatePackBits);
}
