// GRIB of both editions gives the values that ecCodes and GDAL give; what is not supported is refused by name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { readGrib } from '../../../../jobs/heat/formats/grib/read-grib.ts';
import { rangeOf } from '../../../../jobs/heat/formats/values.ts';
import type { Series } from '../../../../jobs/heat/raster/grid.ts';
import { fileOf, recorded, recordedBytes, refusal, shared, skipShared } from './files.ts';

const t2m = { variable: 't2m' } as const;
const sumOf = ({ values }: Series) => crc32(new Uint8Array(values.buffer));

// Made as recorded/README.md says.
const EXPECTED: readonly (readonly [
  file: string,
  cells: number,
  missing: number,
  least: number,
  most: number,
  sum: number,
])[] = [
  ['edition-1-two-hours.grib', 3234, 0, 275.833251953125, 283.946533203125, 2561613980],
  ['edition-1-missing.grib', 1617, 234, 276.7568359375, 283.8759765625, 377080331],
  ['simple-1.grib2', 1617, 0, 276.7568359375, 283.8759765625, 2046501117],
  ['simple-missing.grib2', 480, 41, 276.8603515625, 283.1220703125, 14936873],
  ['ccsds-two-hours.grib2', 3234, 0, 275.833251953125, 283.946533203125, 2561613980],
  ['ccsds-missing.grib2', 480, 41, 276.8603515625, 283.1220703125, 14936873],
  ['ccsds-7-bits.grib2', 1617, 0, 276.7568359375, 283.8818359375, 3419627283],
  ['ccsds-22-bits.grib2', 1617, 0, 276.7568359375, 283.8759765625, 2046501117],
  ['ccsds-flat.grib2', 19200, 0, 275.1499938964844, 283.1226501464844, 2708922285],
  ['complex-order-1.grib2', 480, 0, 276.8603515625, 283.1220703125, 1952251679],
  ['complex-order-2.grib2', 480, 0, 276.8603515625, 283.1220703125, 1952251679],
  ['complex-missing-1.grib2', 480, 41, 276.8603515625, 283.1220703125, 14936873],
  ['complex-missing-2.grib2', 480, 41, 276.8603515625, 283.1220703125, 14936873],
];

for (const [file, cells, missing, least, most, sum] of EXPECTED) {
  test(`${file} has the values of ecCodes, bit for bit`, () => {
    const series = readGrib(recorded(file), t2m);
    const range = rangeOf(series.values);
    assert.deepEqual([series.values.length, range.missing, series.units], [cells, missing, 'K']);
    assert.ok(Math.abs(range.least - least) < 1e-4 && Math.abs(range.most - most) < 1e-4);
    assert.equal(sumOf(series), sum);
  });
}

test('both editions give the same hours on the same grid', () => {
  const [one, two] = ['edition-1-two-hours.grib', 'ccsds-two-hours.grib2'].map((name) =>
    readGrib(recorded(name), t2m),
  );
  assert.deepEqual(one!.grid, {
    crs: 'EPSG:4326',
    columns: 49,
    rows: 33,
    transform: [0.25, 0, -10.125, 0, -0.25, 58.125],
  });
  assert.deepEqual(two!.grid, one!.grid);
  assert.deepEqual(one!.hours, [Date.UTC(2019, 2, 1, 0), Date.UTC(2019, 2, 1, 1)]);
  assert.deepEqual(two!.hours, one!.hours);
});

test('only the cells of a box are kept', () => {
  const whole = readGrib(recorded('edition-1-two-hours.grib'), t2m);
  const box = { west: -1, south: 51, east: 0.5, north: 52.2 };
  const cut = readGrib(recorded('edition-1-two-hours.grib'), { ...t2m, within: box });
  assert.deepEqual(cut.grid, {
    ...whole.grid,
    columns: 7,
    rows: 6,
    transform: [0.25, 0, -1.125, 0, -0.25, 52.375],
  });
  assert.equal(cut.values[0], whole.values[23 * 49 + 36]);
  assert.equal(cut.values.at(-1), whole.values[33 * 49 + 28 * 49 + 42]);
  const far = { west: 20, south: 0, east: 30, north: 5 };
  const refused = refusal(
    /edition-1-two-hours.grib, message 1 at byte 0: found points from -10 to 2 E .* 20 to 30 E/,
  );
  assert.throws(() => readGrib(recorded('edition-1-two-hours.grib'), { ...t2m, within: far }), refused);
});

test('the shared sample is read whole', { skip: skipShared }, () => {
  const series = readGrib(shared('era5/era5-t2m-uk-2019-03-01_23.grib'), t2m);
  const { least, most, missing } = rangeOf(series.values);
  assert.deepEqual([series.hours.length, missing], [552, 0]);
  assert.deepEqual([least, most], [265.68017578125, 290.08837890625]);
  const mean = series.values.reduce((sum, value) => sum + value, 0) / series.values.length;
  assert.equal(mean.toFixed(2), '280.67');
});

const edited = (name: string, edit: (bytes: Buffer) => void): ReturnType<typeof fileOf> => {
  const bytes = recordedBytes(name);
  edit(bytes);
  return fileOf(name, bytes);
};

test('what is not supported is refused by name', () => {
  const refused = (file: ReturnType<typeof fileOf>, words: RegExp) =>
    assert.throws(() => readGrib(file, t2m), refusal(words));
  refused(
    recorded('jpeg.grib2'),
    /message 1 at byte 0: found packing template 5\.40 \(JPEG 2000\); expected .*5\.42/,
  );
  refused(recorded('second-order.grib'), /found complex \(second-order\) packing; expected simple packing/);
  const grid = (bytes: Buffer) => bytes.writeUInt16BE(40, bytes.indexOf(Buffer.from([0, 0, 0, 72, 3])) + 12);
  refused(edited('simple-1.grib2', grid), /grid template 3\.40 \(Gaussian latitudes\)/);
  refused(
    edited('simple-1.grib2', (bytes) => (bytes[7] = 3)),
    /found edition 3; expected edition 1 or 2/,
  );
  refused(
    fileOf('a.grib', 'CDF\u0001 and more'),
    /message 1 at byte 0: found the bytes 43444601; expected the letters GRIB/,
  );
  refused(fileOf('empty.grib', ''), /found an empty file/);
  refused(fileOf('zeros.grib', Buffer.alloc(500)), /expected the letters GRIB/);
});

test('a file of another variable says which it has', () => {
  const wind = edited('edition-1-two-hours.grib', (bytes) => ((bytes[16] = 165), (bytes[16 + 3360] = 166)));
  const words = /found u10 \(parameter 128.165\), v10 \(parameter 128.166\); expected the variable t2m/;
  assert.throws(() => readGrib(wind, t2m), refusal(words));
});

test('temperatures in another unit than the format has are refused', () => {
  const celsius = edited('ccsds-two-hours.grib2', (bytes) => {
    for (
      let at = bytes.indexOf(Buffer.from([0, 0, 0, 25, 5]));
      at >= 0;
      at = bytes.indexOf(Buffer.from([0, 0, 0, 25, 5]), at + 1)
    )
      bytes.writeFloatBE(bytes.readFloatBE(at + 11) - 273.15, at + 11);
  });
  const words =
    /variable t2m: found values from 2\.6832[56] to 10\.7965, said to be K; expected 150 to 360 K/;
  assert.throws(() => readGrib(celsius, t2m), refusal(words));
});

test('an hour that comes twice, or lies on another grid, is refused', () => {
  const two = recordedBytes('edition-1-two-hours.grib');
  const twice = fileOf('twice.grib', Buffer.concat([two, two.subarray(0, 3342)]));
  const words = /message 3 at byte 6720: found 2019-03-01T00:00:00.000Z, which message 1 at byte 0 has/;
  assert.throws(() => readGrib(twice, t2m), refusal(words));
  const mixed = fileOf('mixed.grib', Buffer.concat([two, recordedBytes('complex-order-1.grib2')]));
  assert.throws(() => readGrib(mixed, t2m), refusal(/found/));
});

test('a file cut off anywhere is refused, never read as something else', () => {
  for (const name of ['edition-1-two-hours.grib', 'ccsds-two-hours.grib2', 'complex-missing-2.grib2']) {
    const bytes = recordedBytes(name);
    const end = name.startsWith('edition-1') ? bytes.length - 18 : bytes.length;
    for (let length = 1; length < end; length += 97) {
      const cut = fileOf(name, bytes.subarray(0, length));
      const isWhole = name.startsWith('edition-1') && length >= 3342 && length <= 3360;
      if (!isWhole) assert.throws(() => readGrib(cut, t2m), refusal(/found/), `${name} cut at ${length}`);
    }
  }
});

test('a damaged byte gives a refusal or values, and never another error', () => {
  for (const name of [
    'edition-1-missing.grib',
    'ccsds-missing.grib2',
    'complex-missing-1.grib2',
    'simple-missing.grib2',
  ]) {
    for (let at = 0; at < 260; at++) {
      const damaged = edited(name, (bytes) => (bytes[at] = bytes[at]! ^ (1 << ((at * 5) % 8))));
      try {
        const series = readGrib(damaged, {
          ...t2m,
          limits: { mostCells: 1e6, mostValues: 1e6, mostBytes: 1e6, longestMs: 1, mostLibraryBytes: 0 },
        });
        assert.ok(rangeOf(series.values).most <= 360);
      } catch (error) {
        refusal(/found .*; expected /s)(error);
      }
    }
  }
});

test('a grid that is declared too large is refused before memory is taken', () => {
  const huge = edited('simple-1.grib2', (bytes) => {
    const grid = bytes.indexOf(Buffer.from([0, 0, 0, 72, 3]));
    bytes.writeUInt32BE(1_000_000, grid + 30);
    bytes.writeUInt32BE(1_000_000, grid + 34);
  });
  assert.throws(
    () => readGrib(huge, t2m),
    refusal(/found 1000000 × 1000000 cells; expected 1 to 16777216 cells/),
  );
});
