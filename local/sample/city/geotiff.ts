// Writes a band as a small GeoTIFF of uint16 in one strip, as a Sentinel-2 product holds its bands.

export interface Band {
  readonly columns: number;
  readonly rows: number;
  /** The number of the EPSG code of a projected system. */
  readonly epsg: number;
  /** West and north edge, and the side of a cell, in metres. */
  readonly west: number;
  readonly north: number;
  readonly cell: number;
  readonly values: Uint16Array;
}

const [SHORT, LONG, DOUBLE] = [3, 4, 12];
const SIZES: Readonly<Record<number, number>> = { [SHORT]: 2, [LONG]: 4, [DOUBLE]: 8 };
const HEADER_BYTES = 8;

type Tag = readonly [tag: number, type: number, values: readonly number[]];

export function geotiffOf({ columns, rows, epsg, west, north, cell, values }: Band): Buffer {
  const data = Buffer.alloc(2 * values.length);
  values.forEach((value, at) => data.writeUInt16LE(value, 2 * at));
  const directory = HEADER_BYTES + data.length;
  const tags: readonly Tag[] = [
    [256, LONG, [columns]],
    [257, LONG, [rows]],
    [258, SHORT, [16]],
    [259, SHORT, [1]],
    [262, SHORT, [1]],
    [273, LONG, [HEADER_BYTES]],
    [277, SHORT, [1]],
    [278, LONG, [rows]],
    [279, LONG, [data.length]],
    [339, SHORT, [1]],
    [33550, DOUBLE, [cell, cell, 0]],
    [33922, DOUBLE, [0, 0, 0, west, north, 0]],
    // Version 1.1, three keys: a projected system, of areas, with this code.
    [34735, SHORT, [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg]],
  ];
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('II*\0', 'latin1');
  header.writeUInt32LE(directory, 4);
  return Buffer.concat([header, data, directoryOf(tags, directory)]);
}

/** Values that do not fit into an entry stand behind the directory. */
function directoryOf(tags: readonly Tag[], start: number): Buffer {
  const entries = Buffer.alloc(2 + 12 * tags.length + 4);
  entries.writeUInt16LE(tags.length);
  const behind: Buffer[] = [];
  let end = start + entries.length;
  tags.forEach(([tag, type, values], at) => {
    const entry = 2 + 12 * at;
    const bytes = Buffer.alloc(Math.max(4, SIZES[type]! * values.length));
    values.forEach((value, index) => write(bytes, type, value, SIZES[type]! * index));
    entries.writeUInt16LE(tag, entry);
    entries.writeUInt16LE(type, entry + 2);
    entries.writeUInt32LE(values.length, entry + 4);
    if (bytes.length === 4) bytes.copy(entries, entry + 8);
    else {
      entries.writeUInt32LE(end, entry + 8);
      behind.push(bytes);
      end += bytes.length;
    }
  });
  return Buffer.concat([entries, ...behind]);
}

function write(bytes: Buffer, type: number, value: number, at: number): void {
  if (type === DOUBLE) bytes.writeDoubleLE(value, at);
  else if (type === LONG) bytes.writeUInt32LE(value, at);
  else bytes.writeUInt16LE(value, at);
}
