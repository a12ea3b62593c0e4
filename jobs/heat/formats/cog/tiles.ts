// The compressed tiles of one level: deflate or LZW over the float predictor, one tile at a time.
import { deflateSync } from 'node:zlib';
import { lzw } from './lzw.ts';
import type { Level } from './overviews.ts';
import { floatPredictor } from './predictor.ts';

export const TILE = 512;

export type Compression = 'deflate' | 'lzw';

/** What GDAL's `DEFLATE` takes when it is asked for nothing else. */
const LEVEL = 6;
/** The one NaN of the file: arithmetic leaves others, which depend on the processor. */
const NAN_BITS = 0x7fc00000;

const COMPRESS: Readonly<Record<Compression, (bytes: Uint8Array) => Buffer>> = {
  deflate: (bytes) => deflateSync(bytes, { level: LEVEL }),
  lzw,
};

/** Row by row. */
export function* tilesOf(
  { columns, rows, values }: Level,
  compression: Compression,
): Generator<Buffer, void, undefined> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const tile = new Uint32Array(TILE * TILE);
  const predict = floatPredictor(TILE, TILE);
  for (let top = 0; top < rows; top += TILE)
    for (let left = 0; left < columns; left += TILE) {
      const [width, height] = [Math.min(TILE, columns - left), Math.min(TILE, rows - top)];
      if (width < TILE || height < TILE) tile.fill(NAN_BITS);
      for (let row = 0; row < height; row++) {
        const start = (top + row) * columns + left;
        tile.set(bits.subarray(start, start + width), row * TILE);
      }
      unifyNaN(tile);
      yield COMPRESS[compression](predict(tile));
    }
}

function unifyNaN(bits: Uint32Array): void {
  for (let at = 0; at < bits.length; at++) {
    if ((bits[at]! & 0x7fffffff) > 0x7f800000) bits[at] = NAN_BITS;
  }
}

export const tileCount = ({ columns, rows }: Pick<Level, 'columns' | 'rows'>): number =>
  Math.ceil(columns / TILE) * Math.ceil(rows / TILE);
