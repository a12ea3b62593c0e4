// The stage `publish`: GDAL finds the maps valid, xarray opens the store, and what is missing is said and not invented.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { meanOf } from '../../../../jobs/heat/publishing/layers.ts';
import { publish } from '../../../../jobs/heat/stages/publish/publish.ts';
import type { StageFile } from '../../../../jobs/heat/stages/stage.ts';
import { exportMetadata } from '../../../../models/heat/export-metadata.ts';
import { notCog } from '../../../../models/heat/cog.ts';
import { notPng } from '../../../../models/heat/published-files.ts';
import { isFileName } from '../../../../shared/publications/names.ts';
import { python, skipGdal, skipZarr } from '../oracle.ts';
import { fileOf, testFolder } from '../formats/files.ts';
import { bareFiles, cityOf, fineSeries, fullFiles, NO_NDBI, NO_NDVI, workOf } from './stage-files.ts';

const published = async (
  files = fullFiles(),
  output: Record<string, unknown> = {},
): Promise<readonly StageFile[]> => publish.run(workOf(files, cityOf({ output })));

const named = (files: readonly StageFile[], name: string): Buffer => {
  const found = files.find((file) => file.name === name);
  assert.ok(found, `there is no ${name}`);
  return found.bytes;
};

const metadataIn = (files: readonly StageFile[]) =>
  exportMetadata.parse(JSON.parse(named(files, 'paris_export_metadata.json').toString()));

const startOf = (bytes: Buffer) => ({
  sizeBytes: bytes.length,
  readStart: (count: number) => Promise.resolve(bytes.subarray(0, count)),
});

const outside = (files: readonly StageFile[]): readonly string[] =>
  files.map(({ name }) => name).filter((name) => !name.includes('.zarr/'));

test('a city has its three maps, a store and what they show', async () => {
  const files = await published();
  assert.deepEqual(outside(files).toSorted(), [
    'paris_export_metadata.json',
    ...['ndbi', 'ndvi', 'temperature'].flatMap((layer) => [`paris_${layer}.png`, `paris_${layer}.tif`]),
  ]);
  for (const { name } of files) assert.ok(isFileName(name), name);
  for (const { name, bytes } of files) {
    if (name.endsWith('.tif')) assert.equal(await notCog(startOf(bytes)), undefined, name);
    if (name.endsWith('.png')) assert.equal(await notPng(startOf(bytes)), undefined, name);
  }
  const metadata = metadataIn(files);
  assert.deepEqual(metadata.files, [
    'paris.zarr/',
    ...outside(files)
      .filter((name) => !name.endsWith('.json'))
      .toSorted(),
  ]);
  assert.deepEqual(metadata.missing, {});
  assert.equal(metadata.rasters['temperature']?.cells_without_value, 36);
  assert.equal(metadata.rasters['temperature']?.width, 60);
});

test('the same input gives the same bytes', async () => {
  const hashes = async () =>
    (await published()).map(({ name, bytes }) => [name, createHash('sha256').update(bytes).digest('hex')]);
  assert.deepEqual(await hashes(), await hashes());
});

test('the mean of a cell is that of its hours with a value', () => {
  const grid = { crs: 'EPSG:3857', columns: 2, rows: 1, transform: [1, 0, 0, 0, -1, 0] as const };
  const values = Float32Array.of(1, NaN, 2, NaN, NaN, NaN);
  const mean = meanOf({ grid, hours: [0, 1, 2], values, units: '°C', name: 't2m' });
  assert.deepEqual([...mean.values], [1.5, NaN]);
});

test('without Sentinel data there are no indices, and the metadata says why', async () => {
  const files = await published(bareFiles());
  assert.deepEqual(outside(files).toSorted(), [
    'paris_export_metadata.json',
    'paris_temperature.png',
    'paris_temperature.tif',
  ]);
  const metadata = metadataIn(files);
  assert.deepEqual(metadata.missing, { ndvi: NO_NDVI, ndbi: NO_NDBI });
});

test('only the formats of the configuration are written', async () => {
  const only = async (...formats: readonly string[]) =>
    (await published(fullFiles(), { formats })).map(({ name }) => name);
  assert.deepEqual(await only('png'), ['paris_temperature.png', 'paris_ndvi.png', 'paris_ndbi.png']);
  assert.ok((await only('zarr')).every((name) => name.startsWith('paris.zarr/')));
  assert.deepEqual(await only('metadata'), ['paris_export_metadata.json']);
  assert.deepEqual(await only(), []);
});

/** With one NaN for all, as the files have it. */
const bitsOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(
    Uint32Array.from(values, (value) => (Number.isNaN(value) ? 0x7fc00000 : bits(value))).buffer,
  );

function bits(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0);
}

const READ = `
import sys, json, numpy
from osgeo import gdal
gdal.UseExceptions()
d = gdal.Open(sys.argv[1]); b = d.GetRasterBand(1); a = b.ReadAsArray()
w = numpy.fromfile(sys.argv[2], '<u4').reshape(a.shape)
print(json.dumps({'same': bool((a.view('<u4') == w).all()), 'unit': b.GetUnitType(), 'name': b.GetDescription(),
  'compression': d.GetMetadataItem('COMPRESSION', 'IMAGE_STRUCTURE')}))
`;

for (const compression of ['deflate', 'lzw'])
  test(
    `GDAL finds the maps by ${compression} valid and reads the same bits`,
    { skip: skipGdal },
    async () => {
      const files = await published(fullFiles(), { compression });
      for (const layer of ['temperature', 'ndvi', 'ndbi']) {
        const { path } = fileOf(`${layer}.tif`, named(files, `paris_${layer}.tif`));
        const module = 'osgeo_utils.samples.validate_cloud_optimized_geotiff';
        const checked = spawnSync('/usr/bin/python3', ['-m', module, '--full-check=yes', path], {
          encoding: 'utf8',
        });
        assert.match(checked.stdout, /is a valid cloud optimized GeoTIFF/, checked.stdout + checked.stderr);
        assert.doesNotMatch(checked.stdout + checked.stderr, /warning/i);
      }
      const mean = meanOf(fineSeries());
      const values = fileOf('mean.bin', bitsOf(mean.values));
      const map = fileOf('mean.tif', named(files, 'paris_temperature.tif'));
      assert.deepEqual(await python(READ, map.path, values.path), {
        ...{ same: true, unit: '°C', name: 'mean temperature', compression: compression.toUpperCase() },
      });
    },
  );

const OPEN = `
import sys, json, numpy, zarr, xarray
d = xarray.open_zarr(sys.argv[1]); a = d['t2m'].values
w = numpy.fromfile(sys.argv[2], '<u4').reshape(a.shape)
z = zarr.open(sys.argv[1], 'r')['t2m'][:]
print(json.dumps({'xarray': bool((a.view('<u4') == w).all()), 'zarr': bool((z.view('<u4') == w).all()),
  'hours': a.shape[0], 'first': str(d['time'].values[0])[:16], 'unit': d['t2m'].attrs['units'],
  'crs': d['spatial_ref'].attrs['spatial_ref']}))
`;

test('xarray and zarr open the folder of the store, with every hour', { skip: skipZarr }, async () => {
  const folder = join(testFolder(), 'publication');
  for (const { name, bytes } of await published()) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const values = fileOf('fine.bin', bitsOf(fineSeries().values));
  assert.deepEqual(await python(OPEN, join(folder, 'paris.zarr'), values.path), {
    ...{ xarray: true, zarr: true, hours: 72, first: '2024-07-01T00:00', unit: 'degC', crs: 'EPSG:32631' },
  });
});
