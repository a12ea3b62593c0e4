// The metadata and the chunks of one array of Zarr version 2: zlib over shuffled bytes.
import { deflateSync } from 'node:zlib';
import { shuffled } from './shuffle.ts';

export interface ArrayShape {
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  /** As NumPy names it: `<f4`. */
  readonly type: string;
  readonly fill: string | number | null;
}

const LEVEL = 6;

export const arrayMetadata = ({
  shape,
  chunks,
  type,
  fill,
}: ArrayShape): Readonly<Record<string, unknown>> => ({
  chunks,
  compressor: { id: 'zlib', level: LEVEL },
  dtype: type,
  fill_value: fill,
  filters: [{ elementsize: Number(type.slice(2)), id: 'shuffle' }],
  order: 'C',
  shape,
  zarr_format: 2,
});

/** A whole chunk, those at the edge filled up. */
export const chunkBytes = (bytes: Uint8Array, size: number): Uint8Array =>
  deflateSync(shuffled(bytes, size), { level: LEVEL });
