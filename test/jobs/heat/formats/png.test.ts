// The PNG writer: indexed colours, transparent where there is no value, a legend below, the same bytes at every call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { paletteOf } from '../../../../jobs/heat/formats/png/colours.ts';
import { writePng } from '../../../../jobs/heat/formats/png/write-png.ts';
import type { Grid } from '../../../../jobs/heat/raster/grid.ts';
import { python, skipGdal } from '../oracle.ts';
import { utm, waves } from '../raster/fields.ts';
import { fileOf } from './files.ts';

/** Chunks by their names. */
function chunksOf(png: Buffer): ReadonlyMap<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return chunks;
}

function pointsOf(png: Buffer) {
  const chunks = chunksOf(png);
  const [width, height] = [chunks.get('IHDR')!.readUInt32BE(0), chunks.get('IHDR')!.readUInt32BE(4)];
  const rows = inflateSync(chunks.get('IDAT')!);
  return { width, height, at: (x: number, y: number) => rows[y * (width + 1) + 1 + x]! };
}

const grid: Grid = utm(200, 100, 10);

test('values are colours between the range, and missing ones are transparent', () => {
  const field = waves(grid, (column) => column === 5);
  field.values.set([15, 20, 25, 14, 26], 0);
  const png = writePng({ ...field, units: '°C' }, { scale: 'heat', range: [15, 25] });
  const { width, height, at } = pointsOf(png);
  assert.deepEqual([width, height], [200, 136]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((x) => at(x, 0)),
    [0, 125, 249, 0, 249],
  );
  const chunks = chunksOf(png);
  assert.equal(chunks.get('tRNS')![at(5, 0)], 0);
  assert.equal(chunks.get('tRNS')!.filter((alpha) => alpha === 0).length, 1);
  assert.deepEqual([...chunks.get('PLTE')!.subarray(0, 3)], [0, 0, 4]);
  assert.deepEqual(writePng({ ...field, units: '°C' }, { scale: 'heat', range: [15, 25] }), png);
});

test('the legend has the bar, three numbers and the unit', () => {
  const field = { ...waves(grid), units: 'K' };
  const { at } = pointsOf(writePng(field, { scale: 'heat', range: [280, 300] }));
  const bar = Array.from({ length: 184 }, (_, x) => at(8 + x, 112));
  assert.deepEqual([bar[0], bar.at(-1)], [0, 248]);
  assert.ok(bar.every((index, x) => x === 0 || index >= bar[x - 1]!));
  const drawn = Array.from({ length: 7 }, (_, y) =>
    Array.from({ length: 17 }, (_, x) => (at(8 + x, 121 + y) === 252 ? '#' : '.')).join(''),
  );
  assert.deepEqual(drawn, [
    '.###...###...###.',
    '#...#.#...#.#...#',
    '....#.#...#.#..##',
    '...#...###..#.#.#',
    '..#...#...#.##..#',
    '.#....#...#.#...#',
    '#####..###...###.',
  ]);
});

test('a small layer is drawn with larger cells, and one without values all clear', () => {
  const small = { ...waves(utm(40, 10, 10), () => true), units: 'K' };
  const { width, height, at } = pointsOf(writePng(small, { scale: 'vegetation' }));
  assert.deepEqual([width, height, at(0, 0), at(159, 39)], [160, 76, 250, 250]);
});

test('a map without a legend is of the size of its cells, and an opaque one has nothing transparent', () => {
  const field = waves(utm(40, 10, 10), (column) => column === 5);
  const png = writePng(field, { scale: 'heat', zoom: 1, hasLegend: false, isOpaque: true });
  const { width, height, at } = pointsOf(png);
  assert.deepEqual([width, height], [40, 10]);
  const chunks = chunksOf(png);
  assert.equal(chunks.has('tRNS'), false);
  assert.deepEqual([...chunks.get('PLTE')!.subarray(3 * at(5, 0), 3 * at(5, 0) + 3)], [255, 255, 255]);
});

test('scales begin and end with their anchors', () => {
  const palette = paletteOf('difference', 251);
  assert.deepEqual(
    [palette[0], palette[125], palette[250]],
    [
      [5, 48, 97],
      [247, 247, 247],
      [103, 0, 31],
    ],
  );
});

test('GDAL reads the picture', { skip: skipGdal }, async () => {
  const png = fileOf('map.png', writePng({ ...waves(grid), units: 'K' }, { scale: 'heat' }));
  const program = `
import sys, json
from osgeo import gdal
gdal.UseExceptions()
d = gdal.Open(sys.argv[1]); a = d.ReadAsArray(); print(json.dumps([d.RasterXSize, d.RasterYSize, d.RasterCount, int(a.max())]))`;
  assert.deepEqual(await python(program, png.path), [200, 136, 1, 252]);
});
