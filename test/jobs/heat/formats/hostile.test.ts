// Small files that declare what would take all memory or time, or what no date and no place is: each is refused by name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lzw } from '../../../../jobs/heat/formats/cog/lzw.ts';
import { writeCog } from '../../../../jobs/heat/formats/cog/write-cog.ts';
import { readGeoTiff } from '../../../../jobs/heat/formats/geotiff/read-geotiff.ts';
import { readGrib } from '../../../../jobs/heat/formats/grib/read-grib.ts';
import { readNetCdf } from '../../../../jobs/heat/formats/netcdf/read-netcdf.ts';
import { axesOf } from '../../../../jobs/heat/raster/axes.ts';
import { geotiffOf } from '../../../../local/sample/city/geotiff.ts';
import { netcdfOf } from '../../../../local/sample/city/netcdf.ts';
import { fileOf, recordedBytes, refusal } from './files.ts';

const t2m = { variable: 't2m' } as const;
const HOUR = 3_600_000;

/** The sections 1 to 7 of a message of edition 2, which it must have once each. */
function sectionsOf(message: Buffer): ReadonlyMap<number, Buffer> {
  const sections = new Map<number, Buffer>();
  for (let at = 16; at < message.length - 4; at += message.readUInt32BE(at))
    sections.set(message[at + 4]!, Buffer.from(message.subarray(at, at + message.readUInt32BE(at))));
  return sections;
}

function messageOf(sections: readonly Buffer[]): Buffer {
  const header = Buffer.from(recordedBytes('simple-1.grib2').subarray(0, 16));
  const message = Buffer.concat([header, ...sections, Buffer.from('7777')]);
  message.writeBigUInt64BE(BigInt(message.length), 8);
  return message;
}

const own = () => sectionsOf(recordedBytes('simple-1.grib2'));
const NO_DATA = Buffer.from([0, 0, 0, 5, 7]);

/** Sections 4 to 7 of a field `hour` hours after the reference, all of whose values are `value`. */
function flat(hour: number, value: number): readonly Buffer[] {
  const [product, packing, bitmap] = [4, 5, 6].map((number) => own().get(number)!) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  product.writeUInt32BE(hour, 18);
  packing.writeFloatBE(value, 11);
  packing.fill(0, 15, 20);
  return [product, packing, bitmap, NO_DATA];
}

const gribOf = (name: string, change: (sections: ReadonlyMap<number, Buffer>) => void) => {
  const sections = own();
  change(sections);
  return fileOf(name, messageOf([...sections.values()]));
};

test('a message of thousands of fields is read once, and each field is at its hour', () => {
  const count = 8_000;
  const fields = Array.from({ length: count }, (_, hour) => flat(count - 1 - hour, 280 + hour / 100));
  const message = messageOf([own().get(1)!, own().get(3)!, ...fields.flat()]);
  const started = process.cpuUsage();
  const series = readGrib(fileOf('many.grib2', message), t2m);
  // Once for each field, it takes a minute and more.
  assert.ok(process.cpuUsage(started).user < 15e6);
  assert.equal(series.hours.length, count);
  const cells = series.grid.columns * series.grid.rows;
  for (const hour of [0, 1, 1_499, count - 1]) {
    assert.equal(series.hours[hour], series.hours[0]! + hour * HOUR);
    assert.equal(series.values[hour * cells], Math.fround(280 + (count - 1 - hour) / 100));
  }
});

test('a field without data that declares millions of columns is refused before its coordinates are made', () => {
  const wide = gribOf('wide.grib2', (sections) => {
    const columns = 2 ** 24;
    for (const [at, value] of [
      [6, columns],
      [30, columns],
      [34, 1],
    ] as const)
      sections.get(3)!.writeUInt32BE(value, at);
  });
  const before = process.memoryUsage().rss;
  assert.throws(
    () => readGrib(wide, t2m),
    refusal(/found 16777216 × 1 cells; expected at most 65535 rows and columns/),
  );
  assert.ok(process.memoryUsage().rss - before < 50e6);
});

test('dates that the calendar lacks, and times that no weather has, are refused', () => {
  const refused = (change: (sections: ReadonlyMap<number, Buffer>) => void, words: RegExp) =>
    assert.throws(() => readGrib(gribOf('time.grib2', change), t2m), refusal(words));
  refused((sections) => (sections.get(1)![17] = 75), /message 1 at byte 0: found the date 2019-3-1, 0:75:0/);
  refused((sections) => sections.get(1)!.writeUInt16BE(50, 12), /found the date 50-3-1/);
  refused((sections) => {
    sections.get(4)![17] = 12;
    sections.get(4)!.writeUInt32BE(2 ** 30, 18);
  }, /found a time of \d+ ms since 1970; expected a time of the years 1800 to 2299/);
  const older = recordedBytes('edition-1-two-hours.grib');
  older[8 + 16] = 61;
  assert.throws(
    () => readGrib(fileOf('time.grib', older), t2m),
    refusal(/message 1 at byte 0: found the date 2019-3-1, 0:61; expected a date of the calendar/),
  );
});

test('a packing whose numbers are not finite is damaged, and not a field without values', () => {
  const message = (reference: number) =>
    fileOf(
      'reference.grib2',
      messageOf([own().get(1)!, own().get(3)!, ...flat(0, 280), ...flat(1, reference)]),
    );
  assert.equal(readGrib(message(281), t2m).hours.length, 2);
  for (const reference of [NaN, Infinity])
    assert.throws(() => readGrib(message(reference), t2m), refusal(/found damaged data \(a reference of/));
});

/** Two hours of 3 × 3 points, in NetCDF-3. */
const classic = (hours: readonly number[]) =>
  netcdfOf({
    ...{ name: 't2m', units: 'K', hours, latitudes: [49, 48.9, 48.8], longitudes: [2, 2.1, 2.2] },
    values: new Float32Array(9 * hours.length).fill(290),
  });

test('times of a NetCDF file that are no dates are refused', async () => {
  assert.equal((await readNetCdf(fileOf('a.nc', classic([400_000, 400_001])), t2m)).hours.length, 2);
  await assert.rejects(
    readNetCdf(fileOf('late.nc', classic([400_000, 2_000_000_000])), t2m),
    refusal(/late.nc, variable .*time: found a time of \d+ ms since 1970; expected a time of the years/),
  );
});

test('a unit of twenty thousand letters is refused', async () => {
  const bytes = netcdfOf({
    ...{
      name: 't2m',
      units: 'K'.repeat(20_000),
      hours: [400_000],
      latitudes: [49, 48.9],
      longitudes: [2, 2.1],
    },
    values: new Float32Array(4).fill(290),
  });
  await assert.rejects(
    readNetCdf(fileOf('unit.nc', bytes), t2m),
    refusal(/attribute units of variable t2m: found 20000 values; expected at most 16384/),
  );
});

test('points closer than a metre are damaged coordinates', () => {
  const near = (step: number) => axesOf([48, 48 + step], [2, 2 + step]);
  assert.equal(near(1e-4).kind, 'layout');
  assert.partialDeepStrictEqual(near(1e-7), { kind: 'wrong', expected: 'at least 0.00001 degrees' });
});

const strips = () =>
  geotiffOf({
    ...{ columns: 40, rows: 30, epsg: 32631, west: 448_000, north: 5_411_000, cell: 10 },
    values: new Uint16Array(1200),
  });

test('a TIFF with more sizes of numbers than bands is refused', async () => {
  const bytes = Buffer.concat([strips(), Buffer.alloc(600_000, 16)]);
  // The third entry; its values now lie behind the file.
  const entry = bytes.readUInt32LE(4) + 2 + 2 * 12;
  assert.equal(bytes.readUInt16LE(entry), 258);
  bytes.writeUInt32LE(300_000, entry + 4);
  bytes.writeUInt32LE(bytes.length - 600_000, entry + 8);
  await assert.rejects(
    readGeoTiff(fileOf('bits.tif', bytes)),
    refusal(/bits.tif: found 300000 sizes of numbers/),
  );
});

test('a tile of LZW that stands for more than its cells is refused', async () => {
  const layer = {
    grid: {
      crs: 'EPSG:32631',
      columns: 20,
      rows: 10,
      transform: [10, 0, 448_000, 0, -10, 5_411_000] as const,
    },
    values: new Float32Array(200),
    units: '1',
    name: 'zeros',
  };
  const bytes = Buffer.concat([...writeCog(layer, 'lzw')]);
  const bomb = lzw(new Uint8Array(64e6));
  const start = bytes.readUInt32LE(4);
  for (let at = start + 2; at < start + 2 + 12 * bytes.readUInt16LE(start); at += 12) {
    if (bytes.readUInt16LE(at) === 324) bytes.writeUInt32LE(bytes.length, at + 8);
    if (bytes.readUInt16LE(at) === 325) bytes.writeUInt32LE(bomb.length, at + 8);
  }
  await assert.rejects(
    readGeoTiff(fileOf('bomb.tif', Buffer.concat([bytes, bomb]))),
    refusal(/damaged TIFF \(a tile of more than 1048576 bytes\)/),
  );
});
