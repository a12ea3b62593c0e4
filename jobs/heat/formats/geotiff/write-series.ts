// Writes a series as a GeoTIFF of one band for each hour: float32, uncompressed, one strip for each band. `write-cog.ts`
// writes what readers of one layer want; this is for programs that want all hours in one file.
import type { Series } from '../../raster/grid.ts';
import { UnusableFile } from '../unusable.ts';

const [ASCII, SHORT, LONG, DOUBLE] = [2, 3, 4, 12];
const BYTES: Readonly<Record<number, number>> = { [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [DOUBLE]: 8 };
const [HEADER, ENTRY] = [8, 12];
/** As many bands as TIFF can count. */
const MOST_BANDS = 65_535;
const MOST_BYTES = 2 ** 32 - 1;

interface Tag {
  readonly tag: number;
  readonly type: number;
  readonly values: readonly number[];
}

/** The whole file. Throws where the series is turned, or too large for a TIFF. */
export function geotiffOf(series: Series, file: string): Buffer {
  const { grid, hours, values } = series;
  const band = grid.columns * grid.rows * 4;
  const tags = (dataStart: number) =>
    tagsOf(
      series,
      Array.from(hours, (_, at) => dataStart + at * band),
    );
  const dataStart = HEADER + sizeOf(tags(0));
  if (hours.length > MOST_BANDS || dataStart + 4 * values.length > MOST_BYTES)
    throw new UnusableFile({
      file,
      found: `${hours.length} hours of ${grid.columns} × ${grid.rows} cells`,
      expected: `at most ${MOST_BANDS} hours and 4 GB in a TIFF; write .npy`,
    });
  const bytes = Buffer.alloc(dataStart + 4 * values.length);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(HEADER, 4);
  writeDirectory(bytes, tags(dataStart));
  values.forEach((value, at) => bytes.writeFloatLE(value, dataStart + 4 * at));
  return bytes;
}

function tagsOf({ grid, hours }: Series, offsets: readonly number[]): readonly Tag[] {
  const { columns, rows, transform } = grid;
  const [a, b, c, d, e, f] = transform;
  if (b !== 0 || d !== 0) throw new RangeError('a turned grid cannot be written as a series');
  const each = (value: number, count = hours.length) => new Array<number>(count).fill(value);
  const code = Number(grid.crs.replace('EPSG:', ''));
  const isGeographic = grid.crs === 'EPSG:4326';
  // Version and number of keys; model type, cells are areas, the CRS.
  const keys = [
    1,
    1,
    0,
    3,
    1024,
    0,
    1,
    isGeographic ? 2 : 1,
    1025,
    0,
    1,
    1,
    isGeographic ? 2048 : 3072,
    0,
    1,
    code,
  ];
  return [
    { tag: 256, type: LONG, values: [columns] },
    { tag: 257, type: LONG, values: [rows] },
    { tag: 258, type: SHORT, values: each(32) },
    { tag: 259, type: SHORT, values: [1] },
    { tag: 262, type: SHORT, values: [1] },
    { tag: 273, type: LONG, values: offsets },
    { tag: 277, type: SHORT, values: [hours.length] },
    { tag: 278, type: LONG, values: [rows] },
    { tag: 279, type: LONG, values: each(columns * rows * 4) },
    { tag: 284, type: SHORT, values: [2] },
    ...(hours.length > 1 ? [{ tag: 338, type: SHORT, values: each(0, hours.length - 1) }] : []),
    { tag: 339, type: SHORT, values: each(3) },
    { tag: 33550, type: DOUBLE, values: [a, -e, 0] },
    { tag: 33922, type: DOUBLE, values: [0, 0, 0, c, f, 0] },
    { tag: 34735, type: SHORT, values: keys },
    { tag: 42113, type: ASCII, values: [...Buffer.from('nan\0')] },
  ];
}

/** Values that do not fit into an entry lie behind the directory, at even bytes. */
const outside = ({ type, values }: Tag): number => {
  const bytes = BYTES[type]! * values.length;
  return bytes <= 4 ? 0 : bytes + (bytes % 2);
};

const sizeOf = (tags: readonly Tag[]): number =>
  2 + ENTRY * tags.length + 4 + tags.reduce((sum, tag) => sum + outside(tag), 0);

function writeDirectory(bytes: Buffer, tags: readonly Tag[]): void {
  bytes.writeUInt16LE(tags.length, HEADER);
  let behind = HEADER + 2 + ENTRY * tags.length + 4;
  tags.forEach((tag, at) => {
    const entry = HEADER + 2 + ENTRY * at;
    bytes.writeUInt16LE(tag.tag, entry);
    bytes.writeUInt16LE(tag.type, entry + 2);
    bytes.writeUInt32LE(tag.values.length, entry + 4);
    let into = entry + 8;
    if (outside(tag) > 0) {
      bytes.writeUInt32LE(behind, into);
      into = behind;
      behind += outside(tag);
    }
    for (const value of tag.values) into = writeValue(bytes, tag.type, value, into);
  });
}

function writeValue(bytes: Buffer, type: number, value: number, at: number): number {
  if (type === DOUBLE) return bytes.writeDoubleLE(value, at);
  if (type === LONG) return bytes.writeUInt32LE(value, at);
  return type === SHORT ? bytes.writeUInt16LE(value, at) : bytes.writeUInt8(value, at);
}
