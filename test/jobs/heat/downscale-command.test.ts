// `sluice downscale` as it is typed: the array of the documented form, in the unit of the input, and what is refused.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readGeoTiff } from '../../../jobs/heat/formats/geotiff/read-geotiff.ts';
import { netcdfOf, type Hourly } from '../../../local/sample/city/netcdf.ts';
import { trainingOf } from '../../../models/downscale/downscaler.ts';
import { between, type Fields } from '../../../models/downscale/field.ts';
import { COVER, differenceOf, generatedFields } from '../../unit/downscale/generated-fields.ts';

const SLUICE = fileURLToPath(new URL('../../../cli/sluice.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'downscale-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const [LEARNT, NEW] = [144, 24];
const all = generatedFields(LEARNT + NEW);
const truth = between(all, LEARNT, LEARNT + NEW);
const coarse = between(trainingOf(all, COVER).coarse, LEARNT, LEARNT + NEW);

const centres = (first: number, step: number, count: number) =>
  Array.from({ length: count }, (_, at) => Number((first + step * at).toFixed(6)));

function written(name: string, { hours, values, rows, columns }: Fields, step: number, units = 'K'): string {
  const path = join(folder, name);
  const file: Hourly = {
    ...{ name: 't2m', units, values, hours: hours.map((time) => time / 3_600_000) },
    latitudes: centres(49 - step / 2, -step, rows),
    longitudes: centres(2 + step / 2, step, columns),
  };
  writeFileSync(path, netcdfOf(file));
  return path;
}

const train = written('fine.nc', between(all, 0, LEARNT), 0.1);
const input = written('coarse.nc', coarse, 0.3);

function sluice(out: string, from = input, more: readonly string[] = [], env = process.env) {
  const args = [SLUICE, 'downscale', '--train', train, '--input', from, '--out', join(folder, out), ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 120_000,
    env,
  });
  return { status, stdout, stderr };
}

/** The shape and the values of a .npy file of float32, as its documentation has them. */
function npy(name: string): { readonly shape: readonly number[]; readonly values: Float32Array } {
  const bytes = readFileSync(join(folder, name));
  assert.equal(bytes.toString('latin1', 1, 6), 'NUMPY');
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  assert.match(header, /'descr': '<f4', 'fortran_order': False/);
  const shape = /\(([\d, ]+)\)/.exec(header)![1]!.split(',').map(Number);
  return {
    shape,
    values: new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length)),
  };
}

test('hours × rows × columns in the unit of the input, and a report in JSON', () => {
  const { status, stdout, stderr } = sluice('out.npy', input, ['--json']);
  assert.equal(status, 0, stderr);
  const { shape, values } = npy('out.npy');
  assert.deepEqual(shape, [NEW, 9, 12]);
  const error = differenceOf(values, truth.values);
  assert.ok(error < 0.2, String(error));
  const report = JSON.parse(stdout) as Record<string, unknown> & {
    readonly methods: readonly { name: string }[];
  };
  assert.partialDeepStrictEqual(report, {
    hours: NEW,
    rows: 9,
    columns: 12,
    units: 'K',
    reason: null,
    learntHours: LEARNT,
  });
  assert.ok(Math.abs((report['expectedRmse'] as number) - error) < 0.1);
  assert.equal(report.methods[0]!.name, 'bicubic');
  assert.match(stderr, /validating: ridge per cell, block 2/);
});

test('an input in °C gives an output in °C; a GeoTIFF has a band for each hour', async () => {
  const celsius = { ...coarse, values: coarse.values.map((value) => value - 273.15) };
  const { status, stderr } = sluice('out.tif', written('celsius.nc', celsius, 0.3, 'degC'));
  assert.equal(status, 0, stderr);
  const last = await readGeoTiff({ name: 'out.tif', path: join(folder, 'out.tif') }, { band: NEW });
  const expected = between(truth, NEW - 1, NEW).values.map((value) => value - 273.15);
  assert.ok(differenceOf(last.values, expected) < 0.2);
  assert.deepEqual([last.grid.rows, last.grid.columns, last.grid.crs], [9, 12, 'EPSG:4326']);
});

test('without XGBoost the mix is made of the other methods, and the command says so', () => {
  const env = { ...process.env, XGBOOST_LIBRARY: '/nowhere/libxgboost.so.0' };
  const { status, stderr } = sluice('without.npy', input, [], env);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^XGBoost is not installed: the mix is made without gradient boosting/m);
  assert.doesNotMatch(stderr, /validating: gradient boosting/);
});

test('what cannot be used is named, and leaves no file', () => {
  const refused = (result: ReturnType<typeof sluice>, words: RegExp) => {
    assert.equal(result.status, 1);
    assert.match(result.stdout + result.stderr, words);
  };
  refused(sluice('out.csv'), /--out .*out.csv: expected a name that ends with .npy or .tif/);
  refused(sluice('none/out.npy'), /its folder does not exist/);
  refused(
    sluice('x.npy', join(folder, 'missing.nc')),
    /missing.nc does not exist; expected a GRIB or NetCDF file/,
  );
  refused(sluice('x.npy', input, ['--variable', 'rain']), /--variable rain: expected one of t2m/);
  const whole = readFileSync(input);
  const cut = join(folder, 'cut.nc');
  writeFileSync(cut, whole.subarray(0, whole.length >> 1));
  refused(sluice('x.npy', cut), /cut.nc.*cut off/);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('x.npy') || name.endsWith('.part')),
    [],
  );
});
