// Decodes complex packing with spatial differencing (the packing 5.3 of GRIB edition 2).
import { BitReader, signed } from './bits.ts';

export interface ComplexParameters {
  /** Of the reference of each group. */
  readonly bits: number;
  /** 0: no value is missing; 1: a number of all ones is missing; 2: also the one below it. */
  readonly missing: number;
  readonly groups: number;
  readonly widthReference: number;
  readonly widthBits: number;
  readonly lengthReference: number;
  readonly lengthStep: number;
  readonly lastLength: number;
  readonly lengthBits: number;
  /** Of the differences: 1 or 2. */
  readonly order: number;
  readonly extraBytes: number;
}

/** Numbers, NaN where missing. Throws `RangeError` where the bits end too early or the groups do not add up. */
export function decodeComplex(bytes: Uint8Array, count: number, parameters: ComplexParameters): Float64Array {
  const { order, extraBytes, groups, bits } = parameters;
  const reader = new BitReader(bytes);
  const extra = () => signed(reader.read(8 * extraBytes), extraBytes);
  const firsts = Array.from({ length: order }, extra);
  const least = extra();
  const section = (width: number) => {
    reader.align();
    return reader.readMany(groups, width);
  };
  const references = section(bits);
  const widths = section(parameters.widthBits).map((width) => width + parameters.widthReference);
  const lengths = section(parameters.lengthBits).map(
    (length) => parameters.lengthReference + length * parameters.lengthStep,
  );
  if (groups > 0) lengths[groups - 1] = parameters.lastLength;
  reader.align();
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total !== count) throw new RangeError(`groups of ${total} numbers in all, not ${count}`);
  const numbers = new Float64Array(count);
  let at = 0;
  for (let group = 0; group < groups; group++) {
    const length = lengths[group]!;
    readGroup(reader, numbers.subarray(at, at + length), references[group]!, widths[group]!, parameters);
    at += length;
  }
  undoDifferences(numbers, firsts, least);
  return numbers;
}

function readGroup(
  reader: BitReader,
  into: Float64Array,
  reference: number,
  width: number,
  { bits, missing }: ComplexParameters,
): void {
  if (width > 32) throw new RangeError(`a group of numbers of ${width} bits`);
  // In a group without bits the reference itself says that all are missing.
  const [ones, base] = width === 0 ? [2 ** bits - 1, 0] : [2 ** width - 1, reference];
  for (let at = 0; at < into.length; at++) {
    const number = width === 0 ? reference : reader.read(width);
    const isMissing = (missing >= 1 && number === ones) || (missing === 2 && number === ones - 1);
    into[at] = isMissing ? NaN : base + number;
  }
}

/** Missing values take no part: each difference is from the values present before it. */
function undoDifferences(numbers: Float64Array, firsts: readonly number[], least: number): void {
  let [seen, before, twoBefore] = [0, 0, 0];
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at]!;
    if (Number.isNaN(number)) continue;
    const predicted = firsts.length === 1 ? before : 2 * before - twoBefore;
    const value = seen < firsts.length ? firsts[seen]! : number + least + predicted;
    [twoBefore, before] = [before, value];
    numbers[at] = value;
    seen++;
  }
}
