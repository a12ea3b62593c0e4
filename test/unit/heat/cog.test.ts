// The check of a published map: what the job writes passes, and each way to be no cloud-optimized GeoTIFF is named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeCog } from '../../../jobs/heat/formats/cog/write-cog.ts';
import { geotiffOf } from '../../../jobs/heat/formats/geotiff/write-series.ts';
import type { Grid } from '../../../jobs/heat/raster/grid.ts';
import { notCog } from '../../../models/heat/cog.ts';

const gridOf = (columns: number, rows: number): Grid => ({
  crs: 'EPSG:32631',
  columns,
  rows,
  transform: [10, 0, 443_000, 0, -10, 5_416_000],
});

const cogOf = (columns: number, rows: number): Buffer => {
  const values = Float32Array.from({ length: columns * rows }, (_, at) => at % 97);
  return Buffer.concat([...writeCog({ grid: gridOf(columns, rows), values, units: '°C', name: 't2m' })]);
};

const check = (bytes: Buffer, sizeBytes = bytes.length) =>
  notCog({ sizeBytes, readStart: (count) => Promise.resolve(bytes.subarray(0, count)) });

/** Where the entry of a tag is in the first directory. */
function entryOf(bytes: Buffer, tag: number): number {
  const directory = bytes.readUInt32LE(4);
  for (let at = directory + 2; ; at += 12) if (bytes.readUInt16LE(at) === tag) return at;
}

test('maps of the job pass, with and without overviews', async () => {
  assert.equal(await check(cogOf(30, 20)), undefined);
  assert.equal(await check(cogOf(1100, 600)), undefined);
});

test('what is no TIFF, or has no layout, is named', async () => {
  assert.match((await check(Buffer.from('%PDF-1.7'))) ?? '', /^the bytes 25504446 /);
  assert.match((await check(Buffer.alloc(0))) ?? '', /^the bytes {2}at the beginning/);
  const strips = geotiffOf(
    { grid: gridOf(4, 4), hours: [0], values: new Float32Array(16), units: 'K', name: 't2m' },
    't2m.tif',
  );
  assert.match((await check(strips)) ?? '', /does not say that its directories come first/);
});

test('a missing overview, a tile that is cut off or too early, and a damaged directory are named', async () => {
  const whole = cogOf(1100, 600);
  const without = Buffer.from(whole);
  const first = without.readUInt32LE(4);
  without.writeUInt32LE(0, first + 2 + 12 * without.readUInt16LE(first));
  assert.match(
    (await check(without)) ?? '',
    /no overview that fits a tile; the smallest has 1100 × 600 cells/,
  );
  assert.match((await check(whole, whole.length - 100)) ?? '', /a tile of level 0 that ends behind the file/);
  const early = cogOf(30, 20);
  early.writeUInt32LE(16, entryOf(early, 324) + 8);
  assert.match((await check(early)) ?? '', /a tile of level 0 at byte 16, before the end of the directories/);
  const strips = cogOf(30, 20);
  strips.writeUInt32LE(0, entryOf(strips, 322) + 8);
  assert.match((await check(strips)) ?? '', /level 0 in strips/);
  assert.match((await check(whole.subarray(0, first + 20))) ?? '', /a directory at byte \d+ that is damaged/);
  const circle = cogOf(30, 20);
  const start = circle.readUInt32LE(4);
  circle.writeUInt32LE(start, start + 2 + 12 * circle.readUInt16LE(start));
  assert.match((await check(circle)) ?? '', /more than 32 directories/);
});
