// The packings of GRIB turn whole numbers into values: value = (reference + number · 2^binary) / 10^decimal.
import { BitReader } from './bits.ts';

export interface Scale {
  readonly reference: number;
  readonly binary: number;
  readonly decimal: number;
  /** Of each number; 0 where all values are the reference. */
  readonly bits: number;
}

export const MOST_BITS = 32;

export function scaled(numbers: Float64Array, { reference, binary, decimal }: Scale): Float64Array {
  const [times, by] = [2 ** binary, 10 ** decimal];
  // A reference of NaN would make a damaged field look as if no value of it were known.
  if (!Number.isFinite(reference / by) || !Number.isFinite(times / by))
    throw new RangeError(`a reference of ${reference}, 2^${binary} and 10^${decimal}`);
  for (let at = 0; at < numbers.length; at++) numbers[at] = (reference + numbers[at]! * times) / by;
  return numbers;
}

/** Simple packing: each number after another. */
export const simpleNumbers = (bytes: Uint8Array, count: number, bits: number): Float64Array =>
  bits === 16 && bytes.length >= count * 2
    ? numbersOf16(bytes, count)
    : new BitReader(bytes).readMany(count, bits);

/** What nearly every file of ERA5 has. */
function numbersOf16(bytes: Uint8Array, count: number): Float64Array {
  const numbers = new Float64Array(count);
  for (let at = 0; at < count; at++) numbers[at] = bytes[2 * at]! * 256 + bytes[2 * at + 1]!;
  return numbers;
}

/** Spreads the values over the points that the bitmap says are there; the others are NaN. */
export function spread(values: Float64Array, bitmap: Uint8Array | undefined, points: number): Float64Array {
  if (bitmap === undefined) return values;
  const all = new Float64Array(points).fill(NaN);
  let next = 0;
  for (let at = 0; at < points; at++) if (isSet(bitmap, at)) all[at] = values[next++]!;
  return all;
}

const isSet = (bitmap: Uint8Array, at: number): boolean => (bitmap[at >> 3]! & (0x80 >> (at & 7))) !== 0;

export function countSet(bitmap: Uint8Array, points: number): number {
  let count = 0;
  for (let at = 0; at < points; at++) if (isSet(bitmap, at)) count++;
  return count;
}
