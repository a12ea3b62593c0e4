// Random truncations and flipped bits of every binary format that is read: a refusal that names the file, or values within
// the bounds; never another error, and never more memory than the limits allow. A failure prints the seed of its round.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { writeCog } from '../../../../jobs/heat/formats/cog/write-cog.ts';
import { readGeoTiff } from '../../../../jobs/heat/formats/geotiff/read-geotiff.ts';
import type { Limits } from '../../../../jobs/heat/formats/limits.ts';
import type { InputFile } from '../../../../jobs/heat/formats/opened-file.ts';
import { readSeries } from '../../../../jobs/heat/formats/read-series.ts';
import { UnusableFile } from '../../../../jobs/heat/formats/unusable.ts';
import { rangeOf } from '../../../../jobs/heat/formats/values.ts';
import { geotiffOf } from '../../../../local/sample/city/geotiff.ts';
import { seededRandom } from '../../../../models/downscale/unet/random.ts';
import { fileOf, recordedBytes } from './files.ts';

const LIMITS: Limits = {
  mostCells: 2 ** 20,
  mostValues: 2 ** 20,
  mostBytes: 2 ** 20,
  longestMs: 5_000,
  mostLibraryBytes: 2 ** 28,
};
/** More than this, above what the process had, is memory that no limit covers. */
const MOST_BYTES = 400e6;
const FIRST_SEED = 20_261_127;

const waves = (columns: number, rows: number) => ({
  grid: { crs: 'EPSG:32631', columns, rows, transform: [10, 0, 448_000, 0, -10, 5_411_000] as const },
  values: Float32Array.from({ length: columns * rows }, (_, at) => Math.sin(at / 5)),
  units: '1',
  name: 'waves',
});
const cog = (compression: 'deflate' | 'lzw') => Buffer.concat([...writeCog(waves(40, 30), compression)]);
const strips = geotiffOf({
  ...{ columns: 40, rows: 30, epsg: 32631, west: 448_000, north: 5_411_000, cell: 10 },
  values: new Uint16Array(1200).map((_, at) => at),
});

type Read = (file: InputFile) => Promise<void>;

const series: Read = async (file) => {
  const found = await readSeries(file, { variable: 't2m', limits: LIMITS });
  const { least, most } = rangeOf(found.values);
  assert.ok(least >= 150 && most <= 360, `${least} to ${most}`);
  assert.equal(found.values.length, found.hours.length * found.grid.rows * found.grid.columns);
  assert.ok(found.grid.transform.every(Number.isFinite) && found.grid.transform[0] > 0);
  assert.ok(found.hours.every((time, at) => at === 0 || time > found.hours[at - 1]!));
  // As the notes and the errors of later stages write them.
  for (const time of found.hours) assert.ok(new Date(time).toISOString().length === 24);
};
const raster: Read = async (file) => {
  const found = await readGeoTiff(file, { limits: LIMITS });
  assert.equal(found.values.length, found.grid.rows * found.grid.columns);
};

const FILES: readonly (readonly [name: string, bytes: () => Buffer, read: Read, rounds: number])[] = [
  ...[
    'edition-1-missing.grib',
    'edition-1-two-hours.grib',
    'simple-missing.grib2',
    'complex-missing-1.grib2',
    'complex-missing-2.grib2',
    'complex-order-2.grib2',
    'ccsds-missing.grib2',
    'ccsds-two-hours.grib2',
    'old-classic.nc',
    'old-offset64.nc',
    'expver-classic.nc',
  ].map((name) => [name, () => recordedBytes(name), series, 400] as const),
  // Each round has a thread of its own.
  ...['old-hdf5.nc', 'expver-hdf5.nc'].map((name) => [name, () => recordedBytes(name), series, 12] as const),
  ['deflate.tif', () => cog('deflate'), raster, 150],
  ['lzw.tif', () => cog('lzw'), raster, 100],
  ['strips.tif', () => strips, raster, 400],
];

/** One to eight flipped bits, half of them near the start, where sizes stand; of every fourth file the end is cut off. */
function damaged(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let flips = 1 + Math.floor(8 * random() ** 2); flips > 0; flips--) {
    const at = Math.floor(random() * (random() < 0.5 ? Math.min(300, copy.length) : copy.length));
    copy[at] = copy[at]! ^ (1 << Math.floor(8 * random()));
  }
  return random() < 0.25 ? copy.subarray(0, Math.floor(random() * copy.length)) : copy;
}

async function isRefusedOrRead(read: Read, file: InputFile, seed: number): Promise<'read' | 'refused'> {
  try {
    await read(file);
    return 'read';
  } catch (error) {
    if (error instanceof UnusableFile && error.problem.found !== '' && error.problem.expected !== '')
      return 'refused';
    throw new Error(`${file.name}, seed ${seed}: another error than a refusal`, { cause: error });
  }
}

for (const [number, [name, bytes, read, rounds]] of FILES.entries())
  test(`${name}: a damaged file is refused, or read within the bounds`, { timeout: 240_000 }, async () => {
    const whole = bytes();
    // One file for all rounds: thousands of them would take longer to remove than to read.
    const file = fileOf(name, whole);
    await read(file);
    const before = process.memoryUsage().rss;
    let refused = 0;
    for (let round = 0; round < rounds; round++) {
      const seed = FIRST_SEED + 10_000 * number + round;
      const random = seededRandom(seed);
      writeFileSync(file.path, damaged(whole, random));
      if ((await isRefusedOrRead(read, file, seed)) === 'refused') refused++;
      const grown = process.memoryUsage().rss - before;
      assert.ok(grown < MOST_BYTES, `${name}, seed ${seed}: ${grown} bytes more`);
    }
    // Otherwise the damage reaches nothing that is checked.
    assert.ok(refused > rounds / 10, `${refused} of ${rounds}`);
  });
