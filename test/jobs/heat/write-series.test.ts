// A series as a GeoTIFF of one band for each hour: GDAL reads the same values at the same places.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { geotiffOf } from '../../../jobs/heat/formats/geotiff/write-series.ts';
import type { Series } from '../../../jobs/heat/raster/grid.ts';

const series: Series = {
  grid: { crs: 'EPSG:4326', rows: 2, columns: 3, transform: [0.25, 0, -10, 0, -0.5, 58] },
  hours: [0, 3_600_000, 7_200_000],
  values: Float32Array.from({ length: 18 }, (_, at) => 280 + at / 8),
  units: 'K',
  name: 't2m',
};

test('GDAL reads every band, the corner and the CRS', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tif-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.tif');
  writeFileSync(file, geotiffOf(series, 'a.tif'));
  const { error, stdout } = spawnSync('gdalinfo', ['-json', file], { encoding: 'utf8' });
  if (error !== undefined) return context.skip('gdalinfo is not installed');
  const info = JSON.parse(stdout) as {
    bands: unknown[];
    geoTransform: number[];
    stac: Record<string, unknown>;
  };
  assert.equal(info.bands.length, 3);
  assert.deepEqual(info.geoTransform, [-10, 0.25, 0, 58, 0, -0.5]);
  assert.equal(info.stac['proj:epsg'], 4326);
  const place = spawnSync('gdallocationinfo', ['-valonly', file, '2', '1'], { encoding: 'utf8' });
  assert.deepEqual(place.stdout.trim().split('\n').map(Number), [280.625, 281.375, 282.125]);
});

test('a single hour has one band and no extra samples', () => {
  const one = { ...series, hours: [0], values: series.values.slice(0, 6) };
  const bytes = geotiffOf(one, 'a.tif');
  assert.equal(bytes.readFloatLE(bytes.length - 4), 280.625);
  assert.equal(bytes.readUInt16LE(8), 15);
});

test('a turned grid is refused', () => {
  const turned = { ...series, grid: { ...series.grid, transform: [0.25, 0.1, -10, 0, -0.5, 58] as const } };
  assert.throws(() => geotiffOf(turned, 'a.tif'), /turned/);
});
