// NetCDF of both versions and of the layouts of the old and the new Climate Data Store; what cannot be used is refused.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { File, ready } from 'h5wasm/node';
import { LIMITS } from '../../../../jobs/heat/formats/limits.ts';
import { readGrib } from '../../../../jobs/heat/formats/grib/read-grib.ts';
import { readNetCdf } from '../../../../jobs/heat/formats/netcdf/read-netcdf.ts';
import { rangeOf } from '../../../../jobs/heat/formats/values.ts';
import { fileOf, recorded, recordedBytes, refusal, shared, skipShared, testFolder } from './files.ts';

const t2m = { variable: 't2m' } as const;
const limits = { ...LIMITS, mostCells: 1e6, mostValues: 1e6, mostBytes: 1e6 };

// `ncgen` wrote them from old.cdl: shorts with scale and offset, south first, longitudes from 359.5 over 0.
for (const name of ['old-classic.nc', 'old-offset64.nc', 'old-hdf5.nc']) {
  test(`${name}, of the old Climate Data Store, is read north first and west to east`, async () => {
    const series = await readNetCdf(recorded(name), t2m);
    assert.deepEqual(series.grid, {
      crs: 'EPSG:4326',
      columns: 4,
      rows: 3,
      transform: [0.25, 0, -0.625, 0, -0.25, 49.125],
    });
    assert.deepEqual(series.hours, [Date.UTC(2018, 11, 31, 23), Date.UTC(2019, 0, 1)]);
    const stored = [20, 21, 22, NaN, 10, 11, 12, 13, 0, 1, 2, 3];
    const later = [120, 121, 122, 123, 110, 111, 112, 113, 100, 101, 102, 103];
    const expected = [...stored, ...later].map((short) => Math.fround(short * 0.01 + 280));
    assert.deepEqual([...series.values], expected);
    assert.equal(series.units, 'K');
  });
}

for (const name of ['expver-classic.nc', 'expver-hdf5.nc']) {
  test(`${name}: final and preliminary values side by side are one series`, async () => {
    const { values } = await readNetCdf(recorded(name), t2m);
    const expected = [1, 2, 3, 4, 5, 6, 7, 8].map((short) => Math.fround(short * 0.01 + 280));
    assert.deepEqual([...values], expected);
  });
}

test(
  'the shared NetCDF has the values of the shared GRIB, on the same grid',
  { skip: skipShared },
  async () => {
    const netcdf = await readNetCdf(shared('era5/era5-t2m-uk-2019-03-01_23.nc'), t2m);
    const grib = readGrib(shared('era5/era5-t2m-uk-2019-03-01_23.grib'), t2m);
    assert.deepEqual(netcdf.grid, grib.grid);
    assert.deepEqual(netcdf.hours, grib.hours);
    assert.deepEqual(netcdf.values, grib.values);
  },
);

test('files of the new Climate Data Store are read as they are', { skip: skipShared }, async () => {
  const hour = await readNetCdf(shared('era5/one-hour-new-cds/data_stream-oper_stepType-instant.nc'), t2m);
  assert.deepEqual([hour.grid.columns, hour.grid.rows, hour.hours.length], [5, 5, 1]);
  const folder = 'era5/daily-northern-france-2024-10/';
  const days = await readNetCdf(shared(`${folder}2m_temperature_0_daily-mean.nc`), t2m);
  assert.deepEqual(days.grid.transform, [0.25, 0, -1.585, 0, -0.25, 50.735]);
  assert.deepEqual([days.hours.length, days.hours[0]], [31, Date.UTC(2024, 9, 1)]);
  const wind = shared(`${folder}10m_v_component_of_wind_0_daily-mean.nc`);
  assert.equal((await readNetCdf(wind, { variable: 'v10' })).units, 'm/s');
  await assert.rejects(readNetCdf(wind, t2m), refusal(/found .*v10.*; expected the variable t2m/));
});

test('a file of another format is refused by its first bytes', async () => {
  await assert.rejects(
    readNetCdf(fileOf('a.nc', 'GRIB'), t2m),
    refusal(/the bytes 47524942; expected NetCDF/),
  );
  await assert.rejects(readNetCdf(fileOf('b.nc', ''), t2m), refusal(/an empty file/));
});

test('a classic file cut off anywhere is refused', async () => {
  const bytes = recordedBytes('old-classic.nc');
  for (let length = 4; length < bytes.length - 26; length += 11)
    await assert.rejects(
      readNetCdf(fileOf('cut.nc', bytes.subarray(0, length)), t2m),
      refusal(/found/),
      `${length}`,
    );
});

test('an HDF5 file cut off anywhere is refused', async () => {
  const bytes = recordedBytes('old-hdf5.nc');
  for (let length = 8; length < bytes.length; length += 3001)
    await assert.rejects(
      readNetCdf(fileOf('cut.nc', bytes.subarray(0, length)), t2m),
      refusal(/found/),
      `${length}`,
    );
});

const damagedAt = (name: string, at: number) => {
  const bytes = recordedBytes(name);
  bytes[at] = bytes[at]! ^ (1 << ((at * 5) % 8));
  return fileOf(name, bytes);
};

async function isRefusedOrRead(name: string, at: number): Promise<void> {
  try {
    const { least, most } = rangeOf((await readNetCdf(damagedAt(name, at), { ...t2m, limits })).values);
    assert.ok(least >= 150 && most <= 360);
  } catch (error) {
    refusal(/found .*; expected /s)(error);
  }
}

test('a damaged byte of a classic file gives a refusal or values, and never another error', async () => {
  for (let at = 0; at < recordedBytes('old-classic.nc').length; at++)
    await isRefusedOrRead('old-classic.nc', at);
});

test('so does a damaged byte of an HDF5 file', async () => {
  for (const at of [5, 60, 149, 447, 894, 1341, 2086, 4023, 7000])
    await isRefusedOrRead('expver-hdf5.nc', at);
});

test('a file on which HDF5 never ends is refused by name', async () => {
  const endless = damagedAt('expver-hdf5.nc', 2682);
  const refused = refusal(/expver-hdf5.nc: found a file that is not read after 3 s; expected NetCDF-4/);
  await assert.rejects(readNetCdf(endless, { ...t2m, limits: { ...limits, longestMs: 3000 } }), refused);
});

interface Written {
  readonly units?: string;
  readonly values?: readonly number[];
  readonly times?: readonly number[];
  readonly timeUnits?: string;
  readonly latitudes?: readonly number[];
  /** How often the scale is written. */
  readonly scales?: number;
  /** All values are compressed as one. */
  readonly isOneChunk?: boolean;
}

/** A small NetCDF-4 file, as h5wasm writes it. */
async function written(name: string, options: Written = {}) {
  await ready;
  const {
    units = 'K',
    times = [0, 1],
    latitudes = [49, 48.75],
    timeUnits = 'hours since 2020-01-01',
    scales = 1237,
    isOneChunk = false,
  } = options;
  const file = fileOf(name, '');
  const opened = new File(file.path, 'w');
  const scale = (dimension: string, data: readonly number[]) => {
    const dataset = opened.create_dataset({ name: dimension, data: Float64Array.from(data) });
    dataset.make_scale(dimension);
    return dataset;
  };
  scale('valid_time', times).create_attribute('units', timeUnits);
  scale('latitude', latitudes);
  scale('longitude', [2, 2.25]);
  const shape = [times.length, latitudes.length, 2];
  const count = shape.reduce((product, length) => product * length);
  const data = Float32Array.from(options.values ?? Array.from({ length: count }, (_, at) => 280 + at));
  const stored = isOneChunk ? { chunks: shape, compression: 'gzip' as const } : {};
  const t = opened.create_dataset({ name: 't2m', data, shape, ...stored });
  ['valid_time', 'latitude', 'longitude'].forEach((each, axis) => t.attach_scale(axis, each));
  if (units !== '') t.create_attribute('units', units);
  t.create_attribute('scale_factor', new Float64Array(scales).fill(1), [scales]);
  opened.close();
  return file;
}

test('degrees Celsius are read as such, and only where the file says so', async () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  const celsius = await readNetCdf(await written('c.nc', { units: 'degC', values }), t2m);
  assert.deepEqual([celsius.units, celsius.values[0]], ['°C', 1]);
  const refused = async (options: Written, words: RegExp) =>
    assert.rejects(readNetCdf(await written('wrong.nc', options), t2m), refusal(words));
  await refused({ values }, /variable t2m: found values from 1 to 8, said to be K; expected 150 to 360 K/);
  await refused({ units: '', values }, /variable t2m: found no attribute "units"/);
  await refused({ units: 'degF', values }, /found the unit "degF"; expected K or °C/);
  await refused({ values: new Array<number>(8).fill(NaN) }, /found 8 values, all of them missing/);
  await refused({ values: [280, Infinity, 1, 1, 1, 1, 1, 1] }, /found an infinite value/);
});

test('times and places that are not evenly there are refused', async () => {
  const refused = async (options: Written, words: RegExp) =>
    assert.rejects(readNetCdf(await written('wrong.nc', options), t2m), refusal(words));
  await refused({ times: [3, 3] }, /variable valid_time: found 2020-01-01T03:00:00.000Z twice/);
  await refused({ timeUnits: 'months since 2020-01-01' }, /found the unit "months since 2020-01-01"/);
  await refused({ timeUnits: 'hours since 2020-13-01' }, /found the unit "hours since 2020-13-01"/);
  await refused(
    { latitudes: [49, 48.75, 48.25] },
    /found latitudes 49, 48.75, 48.25; expected evenly spaced/,
  );
  await refused({ latitudes: [149, 148.75] }, /found a latitude of 149; expected -90 to 90/);
  const unsorted = await readNetCdf(await written('unsorted.nc', { times: [5, 4] }), t2m);
  assert.deepEqual(unsorted.hours, [Date.UTC(2020, 0, 1, 4), Date.UTC(2020, 0, 1, 5)]);
  assert.equal(unsorted.values[0], 284);
});

test('an attribute that is not small is refused before it is read', async () => {
  await assert.rejects(
    readNetCdf(await written('large.nc', { scales: 5000 }), t2m),
    refusal(/attribute scale_factor of variable t2m: found 40000 bytes; expected at most 16384 bytes/),
  );
});

test('an attribute of 4 GB is refused before memory is taken', async () => {
  const { path } = await written('huge.nc');
  const bytes = (await import('node:fs')).readFileSync(path);
  const [count, huge] = [Buffer.alloc(8), Buffer.alloc(8)];
  count.writeBigUInt64LE(1237n);
  huge.writeBigUInt64LE(2n ** 29n);
  let patched = 0;
  for (let at = bytes.indexOf(count); at >= 0; at = bytes.indexOf(count, at + 1), patched++)
    huge.copy(bytes, at);
  assert.ok(patched >= 1);
  const before = process.memoryUsage().rss;
  await assert.rejects(readNetCdf(fileOf('huge.nc', bytes), t2m), refusal(/huge.nc.*found/));
  assert.ok(process.memoryUsage().rss - before < 200e6);
});

test('a small file for which HDF5 takes more memory than it may is refused by name', async () => {
  const [count, rows] = [1024, 4096];
  const file = await written('bomb.nc', {
    times: Array.from({ length: count }, (_, hour) => hour),
    latitudes: Array.from({ length: rows }, (_, row) => 60 - row / 100),
    values: new Array<number>(count * rows * 2).fill(280),
    isOneChunk: true,
  });
  assert.ok(statSync(file.path).size < 1e6);
  const read = (mostLibraryBytes: number) =>
    readNetCdf(file, { ...t2m, limits: { ...LIMITS, mostLibraryBytes } });
  await assert.rejects(
    read(2 ** 25),
    refusal(
      /bomb.nc: found a file for which HDF5 needs more than 33554432 bytes of memory; expected smaller/,
    ),
  );
  assert.equal((await read(2 ** 28)).values.length, count * rows * 2);
});

test('too many values are refused before memory is taken', async () => {
  const few = { ...limits, mostCells: 3 };
  const cells = readNetCdf(recorded('old-classic.nc'), { ...t2m, limits: few });
  await assert.rejects(cells, refusal(/variable t2m: found 4 × 3 cells; expected 1 to 3 cells/));
  const values = readNetCdf(recorded('old-hdf5.nc'), { ...t2m, limits: { ...limits, mostValues: 20 } });
  await assert.rejects(values, refusal(/found 2 hours of 12 cells; expected at most 20 values/));
  const bytes = readNetCdf(recorded('old-classic.nc'), { ...t2m, limits: { ...limits, mostBytes: 500 } });
  await assert.rejects(bytes, refusal(/found 792 bytes; expected at most 500 bytes/));
  assert.ok(testFolder().length > 0);
});
