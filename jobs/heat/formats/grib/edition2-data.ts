// Decodes the values of GRIB edition 2 (sections 5 to 7): packings 5.0, 5.3 and 5.42; every other one is refused by name.
import { decodeAec, type AecParameters } from './aec.ts';
import { signed } from './bits.ts';
import { decodeComplex } from './complex.ts';
import { decoding, type Refuse } from './field.ts';
import { countSet, MOST_BITS, scaled, simpleNumbers, spread } from './packed.ts';

const SUPPORTED = 'template 5.0 (simple), 5.3 (complex with differences) or 5.42 (CCSDS)';
const OTHERS = new Map([
  [1, 'matrix of values'],
  [2, 'complex packing'],
  [4, 'IEEE floats'],
  [40, 'JPEG 2000'],
  [41, 'PNG'],
  [50, 'spectral, simple packing'],
  [51, 'spectral, complex packing'],
  [61, 'simple packing with logarithms'],
  [200, 'run lengths'],
  [40_000, 'JPEG 2000'],
  [40_010, 'PNG'],
  [50_002, "ECMWF's second-order packing"],
]);
const LEAST_BYTES = new Map([
  [0, 21],
  [3, 49],
  [42, 25],
]);

/** One value for each of `points`; NaN where the bitmap or the packing says that it is missing. */
export function decodeSection7(
  data: Buffer,
  representation: Buffer,
  bitmap: Buffer | undefined,
  points: number,
  refuse: Refuse,
): Float64Array {
  const template = representation.readUInt16BE(9);
  const least = LEAST_BYTES.get(template);
  if (least === undefined) return refuse(`packing template 5.${template}${named(template)}`, SUPPORTED);
  if (representation.length < least)
    refuse(`a section 5 of ${representation.length} bytes`, `at least ${least} bytes`);
  if (bitmap !== undefined && bitmap.length * 8 < points)
    refuse(`a bitmap of ${bitmap.length * 8} points`, `${points} points`);
  const count = bitmap === undefined ? points : countSet(bitmap, points);
  const packed = representation.readUInt32BE(5);
  if (packed !== count) refuse(`${packed} packed values`, `${count}, one for each point that is not missing`);
  const values = decoding(refuse, () =>
    scaled(numbersOf(template, data, representation, count, refuse), scaleOf(representation)),
  );
  return spread(values, bitmap, points);
}

const named = (template: number): string => {
  const name = OTHERS.get(template);
  return name === undefined ? '' : ` (${name})`;
};

const scaleOf = (representation: Buffer) => ({
  reference: representation.readFloatBE(11),
  binary: signed(representation.readUInt16BE(15), 2),
  decimal: signed(representation.readUInt16BE(17), 2),
  bits: representation[19]!,
});

function numbersOf(
  template: number,
  data: Buffer,
  representation: Buffer,
  count: number,
  refuse: Refuse,
): Float64Array {
  const bits = representation[19]!;
  if (bits > MOST_BITS) refuse(`numbers of ${bits} bits`, `at most ${MOST_BITS}`);
  if (template === 3)
    return decodeComplex(data, count, complexParameters(representation, bits, count, refuse));
  if (bits === 0) return new Float64Array(count);
  if (template === 42) return decodeAec(data, count, aecParameters(representation, bits, refuse));
  return simpleNumbers(data, count, bits);
}

function complexParameters(section: Buffer, bits: number, count: number, refuse: Refuse) {
  const [missing, groups, order, extraBytes] = [
    section[22]!,
    section.readUInt32BE(31),
    section[47]!,
    section[48]!,
  ];
  if (missing > 2) refuse(`missing values of kind ${missing}`, 'kinds 0 to 2');
  if (groups > count) refuse(`${groups} groups of ${count} values`, 'at most one group for each value');
  if (order !== 1 && order !== 2) refuse(`differences of order ${order}`, 'order 1 or 2');
  if (extraBytes < 1 || extraBytes > 4) refuse(`first values of ${extraBytes} bytes`, '1 to 4 bytes');
  const [widthBits, lengthBits] = [section[36]!, section[46]!];
  if (widthBits > MOST_BITS || lengthBits > MOST_BITS)
    refuse(`widths of ${widthBits} bits and lengths of ${lengthBits}`, `at most ${MOST_BITS}`);
  return {
    ...{ bits, missing, groups, order, extraBytes, widthBits, lengthBits },
    widthReference: section[35]!,
    lengthReference: section.readUInt32BE(37),
    lengthStep: section[41]!,
    lastLength: section.readUInt32BE(42),
  };
}

const [SIGNED, PREPROCESSED, RESTRICTED, PADDED] = [1, 8, 16, 32];
const BLOCK_SIZES = new Set([8, 16, 32, 64]);
const MOST_INTERVAL = 4096;

function aecParameters(section: Buffer, bits: number, refuse: Refuse): AecParameters {
  const [flags, blockSize, referenceInterval] = [section[21]!, section[22]!, section.readUInt16BE(23)];
  if ((flags & SIGNED) !== 0) refuse('CCSDS packing of signed numbers', 'unsigned numbers');
  if (!BLOCK_SIZES.has(blockSize)) refuse(`CCSDS blocks of ${blockSize} numbers`, '8, 16, 32 or 64');
  if (referenceInterval < 1 || referenceInterval > MOST_INTERVAL)
    refuse(`a CCSDS reference every ${referenceInterval} blocks`, `1 to ${MOST_INTERVAL} blocks`);
  return {
    ...{ bits, blockSize, referenceInterval },
    isPreprocessed: (flags & PREPROCESSED) !== 0,
    isRestricted: (flags & RESTRICTED) !== 0,
    isPadded: (flags & PADDED) !== 0,
  };
}
