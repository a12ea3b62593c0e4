// The Zarr writer: Python's zarr and xarray open the store with the same values, times and places.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { writeZarr } from '../../../../jobs/heat/formats/zarr/write-zarr.ts';
import type { Grid, Series } from '../../../../jobs/heat/raster/grid.ts';
import { python, skipZarr } from '../oracle.ts';
import { utm, waves } from '../raster/fields.ts';
import { fileOf, testFolder } from './files.ts';

const START = Date.UTC(2024, 6, 1);

function seriesOn(grid: Grid, hours: number): Series {
  const { values } = waves(grid, (column, row) => column === row);
  const all = new Float32Array(values.length * hours);
  for (let hour = 0; hour < hours; hour++)
    all.set(
      values.map((value) => value + hour),
      hour * values.length,
    );
  const times = Array.from({ length: hours }, (_, hour) => START + hour * 3_600_000);
  return { grid, hours: times, values: all, units: 'K', name: 't2m' };
}

const OPEN = `
import sys, json, numpy, zarr, xarray
d = xarray.open_zarr(sys.argv[1]); a = d['t2m'].values
w = numpy.fromfile(sys.argv[2], '<u4').reshape(a.shape)
z = zarr.open(sys.argv[1], 'r')['t2m'][:]
y, x = d['t2m'].dims[1:]
print(json.dumps({
  'xarray': bool((a.view('<u4') == w).all()), 'zarr': bool((z.view('<u4') == w).all()),
  'dims': list(d['t2m'].dims), 'units': d['t2m'].attrs['units'], 'first': str(d['time'].values[0])[:19],
  'last': str(d['time'].values[-1])[:19], 'y': [float(d[y][0]), float(d[y][-1])], 'x': [float(d[x][0]), float(d[x][-1])],
  'place': d['spatial_ref'].attrs}))
`;

function stored(series: Series): string {
  const folder = join(testFolder(), `store-${series.grid.columns}.zarr`);
  for (const { path, bytes } of writeZarr(series)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}

const degrees: Grid = {
  crs: 'EPSG:4326',
  columns: 49,
  rows: 33,
  transform: [0.25, 0, -10.125, 0, -0.25, 58.125],
};

test('xarray and zarr open a store of several chunks with the same bits', { skip: skipZarr }, async () => {
  const series = seriesOn(utm(150, 140, 10), 26);
  const values = fileOf('zarr.bin', new Uint8Array(series.values.buffer));
  assert.deepEqual(await python(OPEN, stored(series), values.path), {
    ...{ xarray: true, zarr: true, dims: ['time', 'y', 'x'], units: 'K' },
    ...{ first: '2024-07-01T00:00:00', last: '2024-07-02T01:00:00' },
    ...{ y: [5_415_995, 5_414_605], x: [443_005, 444_495] },
    place: { spatial_ref: 'EPSG:32631', GeoTransform: '443000 10 0 5416000 0 -10' },
  });
});

test('a store in degrees has latitudes and longitudes', { skip: skipZarr }, async () => {
  const series = seriesOn(degrees, 2);
  const values = fileOf('zarr.bin', new Uint8Array(series.values.buffer));
  const found = await python<Record<string, unknown>>(OPEN, stored(series), values.path);
  assert.deepEqual(
    [found['dims'], found['y'], found['x']],
    [
      ['time', 'latitude', 'longitude'],
      [58, 50],
      [-10, 2],
    ],
  );
  assert.deepEqual([found['xarray'], found['zarr']], [true, true]);
});

test('without Python: metadata of version 2, and chunks that are shuffled zlib', () => {
  const series = seriesOn(degrees, 2);
  const files = new Map([...writeZarr(series)].map(({ path, bytes }) => [path, Buffer.from(bytes)]));
  const metadata = JSON.parse(files.get('.zmetadata')!.toString()) as { metadata: Record<string, unknown> };
  assert.deepEqual(metadata.metadata['t2m/.zarray'], {
    ...{ chunks: [2, 33, 49], compressor: { id: 'zlib', level: 6 }, dtype: '<f4', fill_value: 'NaN' },
    ...{ filters: [{ elementsize: 4, id: 'shuffle' }], order: 'C', shape: [2, 33, 49], zarr_format: 2 },
  });
  assert.deepEqual(JSON.parse(files.get('t2m/.zarray')!.toString()), metadata.metadata['t2m/.zarray']);
  const chunk = inflateSync(files.get('t2m/0.0.0')!);
  const count = 2 * 33 * 49;
  assert.equal(chunk.length, 4 * count);
  const first = Buffer.from([0, 1, 2, 3].map((part) => chunk[part * count + 7]!));
  assert.equal(first.readFloatLE(), series.values[7]);
  const again = [...writeZarr(series)].map(({ bytes }) => Buffer.from(bytes));
  assert.deepEqual(again, [...files.values()]);
});

test('metadata is ASCII, and °C is a unit of the CF conventions', () => {
  const files = [...writeZarr({ ...seriesOn(degrees, 2), units: '°C', name: 't2m' })];
  const attributes = files.find(({ path }) => path === 't2m/.zattrs')!;
  assert.equal((JSON.parse(Buffer.from(attributes.bytes).toString()) as { units: string }).units, 'degC');
  const odd = [...writeZarr({ ...seriesOn(degrees, 2), units: 'µ°\u2028' })].filter(({ path }) =>
    path.includes('.z'),
  );
  for (const { path, bytes } of odd)
    assert.ok(
      bytes.every((byte) => byte < 0x7f),
      path,
    );
  const read = JSON.parse(Buffer.from(odd.find(({ path }) => path === 't2m/.zattrs')!.bytes).toString()) as {
    units: string;
  };
  assert.equal(read.units, 'µ°\u2028');
});

test('half hours and turned grids are refused', () => {
  const write = (series: Series) => () => [...writeZarr(series)];
  const series = seriesOn(degrees, 2);
  assert.throws(
    write({ ...series, hours: [START, START + 1] }),
    /2024-07-01T00:00:00.001Z is not a whole hour/,
  );
  const turned: Grid = { ...degrees, transform: [0.25, 0.1, -10, 0.1, -0.25, 58] };
  assert.throws(write({ ...series, grid: turned }), /a turned grid has no axes/);
});
