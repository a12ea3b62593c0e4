// Downscaling series of files: units, places and what is refused.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { downscaleSeries } from '../../../jobs/heat/downscaling/downscale-series.ts';
import { npyOf } from '../../../jobs/heat/formats/npy.ts';
import { UnusableFile } from '../../../jobs/heat/formats/unusable.ts';
import type { Series } from '../../../jobs/heat/raster/grid.ts';
import { trainingOf } from '../../../models/downscale/downscaler.ts';
import { COVER, generatedFields } from '../../unit/downscale/generated-fields.ts';

const fields = generatedFields(96);
const train: Series = {
  grid: { crs: 'EPSG:4326', rows: 9, columns: 12, transform: [0.1, 0, 2, 0, -0.1, 49] },
  hours: fields.hours,
  values: fields.values,
  units: 'K',
  name: 't2m',
};
const coarse: Series = {
  ...train,
  grid: { crs: 'EPSG:4326', rows: 3, columns: 4, transform: [0.3, 0, 2, 0, -0.3, 49] },
  values: trainingOf(fields, COVER).coarse.values,
};
const of = (series: Series, name = 'coarse.nc') => ({ file: name, series });
const run = (input: Series) => downscaleSeries(of(train, 'fine.grib'), of(input)).series;

test('the output lies on the fine cells that the input covers, in its unit', () => {
  const kelvin = run(coarse);
  assert.deepEqual(kelvin.grid, train.grid);
  const celsius = run({ ...coarse, units: '°C', values: coarse.values.map((value) => value - 273.15) });
  assert.equal(celsius.units, '°C');
  kelvin.values.forEach((value, at) => assert.ok(Math.abs(value - celsius.values[at]! - 273.15) < 1e-3));
});

test('a part of the grid gives a part of the output', () => {
  const part = { ...coarse.grid, rows: 1, columns: 2, transform: [0.3, 0, 2.6, 0, -0.3, 48.7] as const };
  const { grid } = run({
    ...coarse,
    grid: part,
    hours: coarse.hours.slice(0, 3),
    values: coarse.values.slice(0, 6),
  });
  assert.deepEqual([grid.rows, grid.columns, grid.transform], [3, 6, [0.1, 0, 2.6, 0, -0.1, 48.7]]);
});

for (const [name, input, message] of [
  ['another unit', { ...coarse, units: 'm' }, /fine.grib, variable t2m: found the unit "K"; expected "m"/],
  [
    'a missing value',
    { ...coarse, values: coarse.values.map((value, at) => (at === 17 ? NaN : value)) },
    /coarse.nc, t2m at 2024-05-01T01:00:00.000Z, row 2, column 2: found no value/,
  ],
  [
    'a grid beside the training',
    { ...coarse, grid: { ...coarse.grid, transform: [0.3, 0, 5, 0, -0.3, 49] as const } },
    /coarse.nc, grid: found columns from 5 to 6.2; expected within 2 to 3.2/,
  ],
] as const)
  test(`${name} is refused with file, place, found and expected`, () => {
    assert.throws(
      () => run(input),
      (error) => error instanceof UnusableFile && message.test(error.message),
    );
  });

test('NumPy reads a .npy file as it was written', (context) => {
  const values = Float32Array.of(1, -2.5, 2 ** -25, NaN, 5, 6);
  assert.throws(() => npyOf([2, 2], values), /6 values do not fill an array of 2 × 2/);
  const folder = mkdtempSync(join(tmpdir(), 'npy-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.npy');
  writeFileSync(file, npyOf([1, 2, 3], values));
  assert.equal(readFileSync(file).subarray(-24).readFloatLE(4), -2.5);
  const script = 'import numpy,sys; a=numpy.load(sys.argv[1]); print(a.shape, a.dtype, a.ravel().tolist())';
  const { status, stdout, error } = spawnSync('/usr/bin/python3', ['-c', script, file], { encoding: 'utf8' });
  if (error !== undefined || status !== 0) return context.skip('python3 with NumPy is not installed');
  assert.equal(stdout.trim(), '(1, 2, 3) float32 [1.0, -2.5, 2.9802322387695312e-08, nan, 5.0, 6.0]');
});
