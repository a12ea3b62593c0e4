// Checks by its first bytes that a file is a cloud-optimized GeoTIFF: directories first, tiles, and overviews until one
// fits a tile.

/** The first bytes of a file; `sizeBytes` is the size of all of it. */
export interface FileStart {
  readonly sizeBytes: number;
  readonly readStart: (bytes: number) => Promise<Buffer>;
}

/** More than the directories of the largest layer that the heat job writes. */
const START_BYTES = 256 * 1024;
const [HEADER_BYTES, ENTRY_BYTES] = [8, 12];
const MOST_LEVELS = 32;
const [WIDTH, HEIGHT, TILE_WIDTH, TILE_HEIGHT, OFFSETS, SIZES] = [256, 257, 322, 323, 324, 325];
const LAYOUT = /LAYOUT=IFDS_BEFORE_DATA\n/;

interface Level {
  readonly width: number;
  readonly height: number;
  readonly tile: readonly [width: number, height: number];
  readonly offsets: readonly number[];
  readonly sizes: readonly number[];
}

/** What it is instead; undefined where it is one. */
export async function notCog({ sizeBytes, readStart }: FileStart): Promise<string | undefined> {
  const start = await readStart(Math.min(START_BYTES, sizeBytes));
  if (start.length < HEADER_BYTES || start.toString('latin1', 0, 4) !== 'II*\0')
    return `the bytes ${start.subarray(0, 4).toString('hex')} at the beginning`;
  const first = start.readUInt32LE(4);
  if (!LAYOUT.test(start.toString('latin1', HEADER_BYTES, first)))
    return 'a TIFF that does not say that its directories come first';
  const levels: Level[] = [];
  let end = 0;
  for (let at = first; at !== 0;) {
    if (levels.length === MOST_LEVELS) return `more than ${MOST_LEVELS} directories`;
    const read = readLevel(start, at);
    if (read === undefined)
      return `a directory at byte ${at} that is damaged, or lies behind the first ${start.length} bytes`;
    levels.push(read.level);
    end = Math.max(end, read.end);
    at = read.next;
  }
  return wrongLevels(levels) ?? wrongTiles(levels, end, sizeBytes);
}

function readLevel(bytes: Buffer, at: number) {
  if (at + 2 > bytes.length) return undefined;
  const count = bytes.readUInt16LE(at);
  const entriesEnd = at + 2 + count * ENTRY_BYTES;
  if (entriesEnd + 4 > bytes.length) return undefined;
  let end = entriesEnd + 4;
  const numbers = (tag: number): readonly number[] => {
    for (let entry = at + 2; entry < entriesEnd; entry += ENTRY_BYTES) {
      if (bytes.readUInt16LE(entry) !== tag) continue;
      const [type, length] = [bytes.readUInt16LE(entry + 2), bytes.readUInt32LE(entry + 4)];
      const size = type === 3 ? 2 : 4;
      const from = length * size <= 4 ? entry + 8 : bytes.readUInt32LE(entry + 8);
      if (from + length * size > bytes.length) return [];
      end = Math.max(end, from + length * size);
      return Array.from({ length }, (_, index) => bytes.readUIntLE(from + index * size, size));
    }
    return [];
  };
  const one = (tag: number) => numbers(tag)[0] ?? 0;
  const level: Level = {
    width: one(WIDTH),
    height: one(HEIGHT),
    tile: [one(TILE_WIDTH), one(TILE_HEIGHT)],
    offsets: numbers(OFFSETS),
    sizes: numbers(SIZES),
  };
  return { level, end, next: bytes.readUInt32LE(entriesEnd) };
}

function wrongLevels(levels: readonly Level[]): string | undefined {
  for (const [index, { width, height, tile, offsets, sizes }] of levels.entries()) {
    const [across, down] = tile;
    if (across === 0 || down === 0) return `level ${index} in strips`;
    const tiles = Math.ceil(width / across) * Math.ceil(height / down);
    if (tiles === 0 || offsets.length !== tiles || sizes.length !== tiles)
      return `level ${index} with ${offsets.length} places of ${tiles} tiles`;
    const before = levels[index - 1];
    if (before !== undefined && (width >= before.width || height > before.height))
      return `an overview of ${width} × ${height} cells after one of ${before.width} × ${before.height}`;
  }
  const last = levels.at(-1);
  if (last === undefined) return 'no directory';
  const fits = last.width <= last.tile[0] && last.height <= last.tile[1];
  return fits
    ? undefined
    : `no overview that fits a tile; the smallest has ${last.width} × ${last.height} cells`;
}

function wrongTiles(levels: readonly Level[], dataStart: number, sizeBytes: number): string | undefined {
  for (const [index, { offsets, sizes }] of levels.entries()) {
    const early = offsets.find((offset) => offset < dataStart);
    if (early !== undefined)
      return `a tile of level ${index} at byte ${early}, before the end of the directories`;
    const cut = offsets.findIndex((offset, at) => offset + sizes[at]! > sizeBytes);
    if (cut !== -1) return `a tile of level ${index} that ends behind the file`;
  }
  return undefined;
}
