// Reads a message of GRIB edition 1: a regular grid of latitudes and longitudes in simple packing, as ERA5 has it.
import { utcTime } from '../dates.ts';
import { boundLayer } from '../limits.ts';
import { signed } from './bits.ts';
import {
  decoding,
  eastwards,
  refuseIn,
  rowByRow,
  validTime,
  type Field,
  type Points,
  type Refuse,
} from './field.ts';
import { countSet, MOST_BITS, scaled, simpleNumbers, spread } from './packed.ts';
import { unitsOfTime } from './units.ts';

const [HAS_GRID, HAS_BITMAP] = [0x80, 0x40];
const WESTWARDS_OR_COLUMNS = 0x80 | 0x20;
const UNIT_MS = unitsOfTime(254);

/** `message` is a whole message, from `GRIB` to `7777`. */
export function fieldOfEdition1(file: string, place: string, message: Buffer, mostCells: number): Field {
  const refuse = refuseIn(file, place);
  const product = sectionAt(message, 8, 28, 'section 1', refuse);
  const flags = product[7]!;
  if ((flags & HAS_GRID) === 0)
    refuse('no grid, only the number of a predefined one', 'the grid in the message');
  const grid = sectionAt(message, 8 + product.length, 32, 'section 2', refuse);
  const points = pointsOf(grid, refuse);
  boundLayer({ file, place }, points.columns, points.rows, mostCells);
  const afterGrid = 8 + product.length + grid.length;
  const bitmap =
    (flags & HAS_BITMAP) === 0 ? undefined : sectionAt(message, afterGrid, 6, 'section 3', refuse);
  const data = sectionAt(message, afterGrid + (bitmap?.length ?? 0), 11, 'section 4', refuse);
  return {
    place,
    code: `${product[3]}.${product[8]}`,
    heightMetres: product[9] === 105 ? product.readUInt16BE(10) : undefined,
    edition: 1,
    time: timeOf(product, refuse),
    points,
    member: memberOf(product),
    decode: () => decode(data, bitmap, points, product, refuse),
  };
}

/** A section begins with its own length in three bytes. */
function sectionAt(message: Buffer, at: number, least: number, name: string, refuse: Refuse): Buffer {
  const end = message.length - 4;
  const length = at + 3 <= end ? message.readUIntBE(at, 3) : 0;
  if (length < least || at + length > end)
    refuse(`a ${name} of ${length} bytes`, `${least} to ${Math.max(0, end - at)} bytes`);
  return message.subarray(at, at + length);
}

function pointsOf(grid: Buffer, refuse: Refuse): Points {
  if (grid[5] !== 0) refuse(`a grid of type ${grid[5]}`, 'type 0, regular latitudes and longitudes');
  const [columns, rows] = [grid.readUInt16BE(6), grid.readUInt16BE(8)];
  if (columns === 0xffff || rows === 0xffff)
    refuse('rows of different lengths (a reduced grid)', 'a regular grid');
  if ((grid[27]! & WESTWARDS_OR_COLUMNS) !== 0) refuse(`scanning mode ${grid[27]}`, rowByRow);
  const degrees = (at: number) => signed(grid.readUIntBE(at, 3), 3) / 1000;
  return eastwards({
    columns,
    rows,
    firstLatitude: degrees(10),
    firstLongitude: degrees(13),
    lastLatitude: degrees(17),
    lastLongitude: degrees(20),
  });
}

function timeOf(product: Buffer, refuse: Refuse): number {
  const [year, month, day, hour, minute] = product.subarray(12, 17) as unknown as [
    ...[number, number, number, number, number],
  ];
  const century = product[24]!;
  const unit = UNIT_MS.get(product[17]!);
  // Year 100 of a century is the first of the next one.
  const full = (century - 1) * 100 + year;
  const reference = utcTime(full, month, day, hour, minute);
  if (reference === undefined)
    return refuse(`the date ${full}-${month}-${day}, ${hour}:${minute}`, 'a date of the calendar');
  const [first, second, kind] = [product[18]!, product[19]!, product[20]!];
  const steps = stepsOf(kind, first, second);
  if (steps === undefined) return refuse(`a time range of kind ${kind}`, 'kinds 0 to 5, or 10');
  if (unit === undefined && steps !== 0) return refuse(`time unit ${product[17]}`, 'minutes, hours or days');
  return validTime(reference + steps * (unit ?? 0), refuse);
}

/** From the reference to the valid time: an interval is valid at its end. */
function stepsOf(kind: number, first: number, second: number): number | undefined {
  if (kind === 0) return first;
  if (kind === 1) return 0;
  if (kind >= 2 && kind <= 5) return second;
  return kind === 10 ? first * 256 + second : undefined;
}

/** ECMWF's own part of section 1 names the member of an ensemble; 0 of 0 is none. */
const memberOf = (product: Buffer): number | undefined =>
  product.length >= 52 && product[40] === 1 && product[50]! > 0 ? product[49] : undefined;

function decode(
  data: Buffer,
  bitmapSection: Buffer | undefined,
  { columns, rows }: Points,
  product: Buffer,
  refuse: Refuse,
): Float64Array {
  const flag = data[3]! >> 4;
  if ((flag & 0b1000) !== 0) refuse('spherical harmonics', 'values at points');
  if ((flag & 0b0101) !== 0) refuse('complex (second-order) packing', 'simple packing');
  const points = columns * rows;
  const bitmap = bitmapSection?.subarray(6);
  if (bitmapSection !== undefined && bitmapSection.readUInt16BE(4) !== 0)
    refuse(`predefined bitmap ${bitmapSection.readUInt16BE(4)}`, 'the bitmap in the message');
  if (bitmap !== undefined && bitmap.length * 8 < points)
    refuse(`a bitmap of ${bitmap.length * 8} points`, `${points} points`);
  const bits = data[10]!;
  if (bits > MOST_BITS) refuse(`numbers of ${bits} bits`, `at most ${MOST_BITS}`);
  const scale = {
    reference: ibmFloat(data.readUInt32BE(6)),
    binary: signed(data.readUInt16BE(4), 2),
    decimal: signed(product.readUInt16BE(26), 2),
    bits,
  };
  const count = bitmap === undefined ? points : countSet(bitmap, points);
  const values = decoding(refuse, () => scaled(simpleNumbers(data.subarray(11), count, bits), scale));
  return spread(values, bitmap, points);
}

/** Sign, exponent of 16 with 64 added, and 24 bits after the point. */
const ibmFloat = (bits: number): number => {
  const amount = (bits & 0xffffff) * 2 ** -24 * 16 ** (((bits >>> 24) & 0x7f) - 64);
  return bits >>> 31 === 1 ? -amount : amount;
};
