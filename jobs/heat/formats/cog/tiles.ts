// The compressed tiles of one level: deflate or LZW over the float predictor, one tile at a time.
import { deflateSync } from 'node:zlib';
import { lzw } from './lzw.ts';
import type { Level } from './overviews.ts';
import { floatPredictor, NAN_BITS } from './predictor.ts';

export const TILE = 512;

export type Compression = 'deflate' | 'lzw';

/** What GDAL's `DEFLATE` takes when it is asked for nothing else. */
const LEVEL = 6;
/** The most: longer blocks, so fewer tables and less work, and a file that is no larger. */
const MEMORY = 9;

const COMPRESS: Readonly<Record<Compression, (bytes: Uint8Array) => Buffer>> = {
  deflate: (bytes) => deflateSync(bytes, { level: LEVEL, memLevel: MEMORY }),
  lzw,
};

/** Row by row. */
export function* tilesOf(
  { columns, rows, values }: Level,
  compression: Compression,
): Generator<Buffer, void, undefined> {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const padded = new Int32Array(TILE * TILE);
  const predict = floatPredictor(TILE, TILE);
  for (let top = 0; top < rows; top += TILE)
    for (let left = 0; left < columns; left += TILE) {
      const [width, height] = [Math.min(TILE, columns - left), Math.min(TILE, rows - top)];
      const start = top * columns + left;
      if (width === TILE && height === TILE) yield COMPRESS[compression](predict(bits, start, columns));
      else {
        padded.fill(NAN_BITS);
        for (let row = 0; row < height; row++) {
          const from = start + row * columns;
          padded.set(bits.subarray(from, from + width), row * TILE);
        }
        yield COMPRESS[compression](predict(padded, 0, TILE));
      }
    }
}

export const tileCount = ({ columns, rows }: Pick<Level, 'columns' | 'rows'>): number =>
  Math.ceil(columns / TILE) * Math.ceil(rows / TILE);
