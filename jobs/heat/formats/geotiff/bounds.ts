// What the directory of a TIFF declares must fit its file and our memory: size, compression, and the place of each tile.
import { boundCells } from '../limits.ts';
import { UnusableFile } from '../unusable.ts';
import type { ByteSource, Directory } from './directory.ts';

const COMPRESSIONS = new Map([
  [1, 'none'],
  [5, 'LZW'],
  [8, 'deflate'],
  [32773, 'PackBits'],
  [32946, 'deflate'],
  [50000, 'Zstandard'],
]);
const OTHERS = new Map([
  [6, 'JPEG'],
  [7, 'JPEG'],
  [34712, 'JPEG 2000'],
  [34887, 'LERC'],
  [50001, 'WebP'],
]);
const [WIDTH, HEIGHT, BITS, COMPRESSION, SAMPLES, PLANAR] = [256, 257, 258, 259, 277, 284];
const [STRIP_ROWS, TILE_WIDTH, TILE_HEIGHT] = [278, 322, 323];
const MOST_BLOCK_BYTES = 2 ** 26;

/** Throws `UnusableFile`. */
export function checkBounds({ name, sizeBytes }: ByteSource, directory: Directory, mostCells: number): void {
  const refuse = (found: string, expected: string): never => {
    throw new UnusableFile({ file: name, found, expected });
  };
  const one = (tag: number, otherwise: number) => directory.get(tag)?.[0] ?? otherwise;
  const [width, height] = [one(WIDTH, 0), one(HEIGHT, 0)];
  boundCells({ file: name }, width, height, mostCells);
  const compression = one(COMPRESSION, 1);
  if (!COMPRESSIONS.has(compression))
    refuse(
      `compression ${OTHERS.get(compression) ?? compression}`,
      [...new Set(COMPRESSIONS.values())].join(', '),
    );
  const samples = one(SAMPLES, 1);
  if (samples < 1 || samples > 1000) refuse(`${samples} bands`, '1 to 1000');
  const bits = directory.get(BITS) ?? [1];
  if (bits.length > samples || bits.some((each) => each < 1 || each > 64))
    refuse(
      `${bits.length} sizes of numbers, of ${bits[0]} bits`,
      `1 to 64 bits for each of ${samples} bands`,
    );
  const isTiled = directory.has(TILE_WIDTH);
  const blockWidth = isTiled ? one(TILE_WIDTH, 0) : width;
  const blockHeight = isTiled ? one(TILE_HEIGHT, 0) : Math.min(height, one(STRIP_ROWS, height));
  const isPlanar = one(PLANAR, 1) === 2;
  const bytesPerCell = (Math.max(...bits) / 8) * (isPlanar ? 1 : samples);
  const blockBytes = blockWidth * blockHeight * bytesPerCell;
  if (!(blockBytes > 0 && blockBytes <= MOST_BLOCK_BYTES))
    refuse(`tiles of ${blockWidth} × ${blockHeight} cells`, `1 to ${MOST_BLOCK_BYTES} bytes in each`);
  const blocks = Math.ceil(width / blockWidth) * Math.ceil(height / blockHeight) * (isPlanar ? samples : 1);
  const [offsets, sizes] = (isTiled ? [324, 325] : [273, 279]).map((tag) => directory.get(tag) ?? []);
  if (offsets!.length !== blocks || sizes!.length !== blocks)
    refuse(`${offsets!.length} offsets and ${sizes!.length} sizes of tiles`, `${blocks} of each`);
  offsets!.forEach((offset, at) => {
    const size = sizes![at]!;
    if (offset + size > sizeBytes)
      refuse(`tile ${at} of ${size} bytes at byte ${offset}`, `bytes of the file, which has ${sizeBytes}`);
    if (size > 2 * blockBytes + 65_536)
      refuse(`tile ${at} of ${size} bytes`, `at most about the ${blockBytes} bytes of its cells`);
  });
}
