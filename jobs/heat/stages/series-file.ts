// The container of a series between stages: one line of JSON, then the values as float32, little-endian.
import { endianness } from 'node:os';
import type { Grid, Series } from '../raster/grid.ts';

interface Header {
  readonly format: 'series-1';
  readonly name: string;
  readonly units: string;
  readonly grid: Grid;
  readonly hours: readonly number[];
}

export const SERIES_TYPE = 'application/octet-stream';
const NEWLINE = 0x0a;
/** A year of hours is 130 KB. */
const MOST_HEADER_BYTES = 8 * 2 ** 20;

/** The same bytes for the same values: every NaN is written as the same one. */
export function seriesBytes({ name, units, grid, hours, values }: Series): Buffer {
  const header: Header = { format: 'series-1', name, units, grid, hours };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const bits = new Uint32Array(values.length);
  bits.set(new Uint32Array(values.buffer, values.byteOffset, values.length));
  for (let at = 0; at < bits.length; at++) if ((bits[at]! & 0x7fffffff) > 0x7f800000) bits[at] = 0x7fc00000;
  return Buffer.concat([line, swapped(Buffer.from(bits.buffer))]);
}

/** Throws where the bytes are none of `seriesBytes`. */
export function seriesIn(bytes: Buffer): Series {
  const end = bytes.subarray(0, MOST_HEADER_BYTES).indexOf(NEWLINE);
  if (end === -1) throw new RangeError('no header of a series; expected a line of JSON');
  const { format, name, units, grid, hours } = JSON.parse(bytes.toString('utf8', 0, end)) as Header;
  const count = grid.columns * grid.rows * hours.length;
  const size = bytes.length - end - 1;
  if (format !== 'series-1' || size !== 4 * count)
    throw new RangeError(
      `a ${format} of ${size} bytes of values; expected series-1 with ${count} values of 4 bytes`,
    );
  const values = new Float32Array(count);
  const into = Buffer.from(values.buffer);
  bytes.copy(into, 0, end + 1);
  swapped(into);
  return { name, units, grid, hours, values };
}

const swapped = (bytes: Buffer): Buffer => (endianness() === 'LE' ? bytes : bytes.swap32());
