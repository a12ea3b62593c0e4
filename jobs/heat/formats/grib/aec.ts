// Decodes the lossless compression of CCSDS 121.0-B-2 (AEC, the packing 5.42 of GRIB), of unsigned numbers.
import { BitReader } from './bits.ts';

export interface AecParameters {
  readonly bits: number;
  /** Numbers of a block. */
  readonly blockSize: number;
  /** Blocks from one reference number to the next. */
  readonly referenceInterval: number;
  readonly isPreprocessed: boolean;
  /** The short set of options, for numbers of at most 4 bits. */
  readonly isRestricted: boolean;
  /** Each interval begins at a whole byte. */
  readonly isPadded: boolean;
}

/** In a run of blocks of zeros this length means: to the end of the segment of 64 blocks, or of the interval. */
const REST_OF_SEGMENT = 5;
const SEGMENT_BLOCKS = 64;

/** Throws `RangeError` where the bits end too early or cannot be right. */
export function decodeAec(bytes: Uint8Array, count: number, parameters: AecParameters): Float64Array {
  const reader = new BitReader(bytes);
  const output = new Float64Array(count);
  const interval = parameters.blockSize * parameters.referenceInterval;
  for (let start = 0; start < count; start += interval) {
    const end = Math.min(start + interval, count);
    decodeInterval(reader, output, start, end, parameters);
    if (parameters.isPreprocessed) undoPrediction(output, start, end, parameters.bits);
    if (parameters.isPadded) reader.align();
  }
  return output;
}

const optionBits = ({ bits, isRestricted }: AecParameters): number => {
  if (isRestricted && bits <= 4) return bits <= 2 ? 1 : 2;
  return bits <= 8 ? 3 : bits <= 16 ? 4 : 5;
};

function decodeInterval(
  reader: BitReader,
  output: Float64Array,
  start: number,
  end: number,
  parameters: AecParameters,
): void {
  const { bits, blockSize, isPreprocessed } = parameters;
  const width = optionBits(parameters);
  const last = 2 ** width - 1;
  // The last block is whole even if fewer numbers are wanted.
  const block = new Float64Array(blockSize);
  let at = start;
  while (at < end) {
    const option = reader.read(width);
    const hasReference = isPreprocessed && at === start;
    const blocks = (at - start) / blockSize;
    if (option === 0 && reader.read(1) === 0) {
      if (hasReference) output[at] = reader.read(bits);
      at += zeroBlocks(reader, blocks, parameters) * blockSize;
      continue;
    }
    const from = hasReference ? 1 : 0;
    if (hasReference && option !== last) block[0] = reader.read(bits);
    if (option === 0) secondExtension(reader, block, from);
    else if (option === last) for (let each = 0; each < blockSize; each++) block[each] = reader.read(bits);
    else split(reader, block, from, option - 1);
    output.set(block.subarray(0, Math.min(blockSize, end - at)), at);
    at += blockSize;
  }
}

/** How many blocks are zero; the numbers of the output are zero already. */
function zeroBlocks(reader: BitReader, blocks: number, { referenceInterval }: AecParameters): number {
  const length = reader.readUnary() + 1;
  if (length < REST_OF_SEGMENT) return length;
  if (length > REST_OF_SEGMENT) return length - 1;
  return Math.min(referenceInterval - blocks, SEGMENT_BLOCKS - (blocks % SEGMENT_BLOCKS));
}

/** Each code is a pair of small numbers: the code's triangle gives their sum, its rest the second one. */
function secondExtension(reader: BitReader, block: Float64Array, from: number): void {
  for (let at = from; at < block.length; at++) {
    const code = reader.readUnary();
    const sum = Math.floor((Math.sqrt(8 * code + 1) - 1) / 2);
    const second = code - (sum * (sum + 1)) / 2;
    // After a reference number the first code has only its second number.
    if (at % 2 === 0) block[at++] = sum - second;
    block[at] = second;
  }
}

/** The high parts of all numbers in unary, then the low `bits` of all. */
function split(reader: BitReader, block: Float64Array, from: number, bits: number): void {
  for (let at = from; at < block.length; at++) block[at] = reader.readUnary();
  if (bits === 0) return;
  for (let at = from; at < block.length; at++) block[at] = block[at]! * 2 ** bits + reader.read(bits);
}

/** Each number is the distance from the one before, folded so that small distances are small numbers. */
function undoPrediction(output: Float64Array, start: number, end: number, bits: number): void {
  const most = 2 ** bits - 1;
  let value = output[start]!;
  for (let at = start + 1; at < end; at++) {
    const folded = output[at]!;
    const room = Math.min(value, most - value);
    if (folded <= 2 * room) value += folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    else value = value === room ? folded : most - folded;
    if (!(value >= 0 && value <= most)) throw new RangeError(`a number of ${value} in ${bits} bits`);
    output[at] = value;
  }
}
