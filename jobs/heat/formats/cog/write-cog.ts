// Writes a layer as a cloud-optimized GeoTIFF: directories first, then the tiles of the smallest overview to the largest.
import type { Raster } from '../../raster/grid.ts';
import { LIMITS } from '../limits.ts';
import { directoryBytes, directorySize } from './directory.ts';
import { levelsOf } from './overviews.ts';
import { tagsOf, type TilePlaces } from './tags.ts';
import { TILE, tileCount, tilesOf, type Compression } from './tiles.ts';

/**
 * GDAL's ghost area: a reader that knows it takes the size of a tile from the four bytes before it. Its own length stands
 * in the first line.
 */
const GHOST = ((rest: string): string =>
  `GDAL_STRUCTURAL_METADATA_SIZE=${String(rest.length).padStart(6, '0')} bytes\n${rest}`)(
  'LAYOUT=IFDS_BEFORE_DATA\nBLOCK_ORDER=ROW_MAJOR\nBLOCK_LEADER=SIZE_AS_UINT4\n' +
    // The space stands for the `YES` that a program sets when it writes into the file.
    'BLOCK_TRAILER=LAST_4_BYTES_REPEATED\nKNOWN_INCOMPATIBLE_EDITION=NO\n ',
);
const HEADER_BYTES = 8;
/** At an even byte. */
const DIRECTORIES_START = 2 * Math.ceil((HEADER_BYTES + GHOST.length) / 2);
const [LEADER, TRAILER] = [4, 4];

/**
 * The pieces of the file, the same bytes at every call for the same layer. Takes the compressed tiles and the overviews
 * (a third of the layer) as memory. Bounded by the cells of a layer, the file stays far below the 4 GB of TIFF.
 */
export function* writeCog(
  raster: Raster,
  compression: Compression = 'deflate',
): Generator<Uint8Array, void, undefined> {
  const { grid, values } = raster;
  const { columns, rows } = grid;
  if (columns * rows > LIMITS.mostCells || values.length !== columns * rows)
    throw new RangeError(
      `${values.length} values for ${columns} × ${rows} cells, at most ${LIMITS.mostCells}`,
    );
  const levels = levelsOf({ columns, rows, values }, TILE);
  const tiles = levels.map((level) => [...tilesOf(level, compression)]);
  const tags = (at: number, places: TilePlaces) => tagsOf(raster, levels[at]!, at === 0, places, compression);
  const empty = levels.map((level) => blank(tileCount(level)));
  const sizes = empty.map((places, at) => directorySize(tags(at, places)));
  const start = DIRECTORIES_START;
  const starts = sizes.map((_, at) => start + sum(sizes.slice(0, at)));
  const places = placesOf(tiles, start + sum(sizes));
  yield header(start);
  yield* places.map((own, at) => directoryBytes(tags(at, own), starts[at]!, starts[at + 1] ?? 0));
  for (const level of tiles.toReversed()) for (const tile of level) yield* framed(tile);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const blank = (count: number): TilePlaces => ({
  offsets: new Array<number>(count).fill(0),
  sizes: new Array<number>(count).fill(0),
});

/** The last level stands first. */
function placesOf(tiles: readonly (readonly Buffer[])[], dataStart: number): readonly TilePlaces[] {
  let at = dataStart;
  return tiles
    .toReversed()
    .map((level) => ({
      sizes: level.map((tile) => tile.length),
      offsets: level.map((tile) => {
        const offset = at + LEADER;
        at = offset + tile.length + TRAILER;
        return offset;
      }),
    }))
    .toReversed();
}

function header(firstDirectory: number): Buffer {
  const bytes = Buffer.alloc(firstDirectory);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(firstDirectory, 4);
  bytes.write(GHOST, HEADER_BYTES, 'latin1');
  return bytes;
}

/** A tile between its size and its last four bytes again. */
function* framed(tile: Buffer): Generator<Uint8Array, void, undefined> {
  const size = Buffer.alloc(LEADER);
  size.writeUInt32LE(tile.length);
  yield size;
  yield tile;
  yield tile.subarray(-TRAILER);
}
