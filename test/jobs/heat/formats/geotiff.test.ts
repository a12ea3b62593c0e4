// GeoTIFF: own and real files are read with the right values and places; what declares too much is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { writeCog } from '../../../../jobs/heat/formats/cog/write-cog.ts';
import { readGeoTiff } from '../../../../jobs/heat/formats/geotiff/read-geotiff.ts';
import { python, skipGdal } from '../oracle.ts';
import { utm, waves } from '../raster/fields.ts';
import { fileOf, refusal, shared, skipShared } from './files.ts';

const field = { ...waves(utm(700, 300, 10), (column, row) => column === row), units: 'K', name: 't2m' };
const cog = (): Buffer => Buffer.concat([...writeCog(field)]);

test('our own files are read with the same bits', async () => {
  const raster = await readGeoTiff(fileOf('cog.tif', cog()));
  assert.deepEqual(raster.grid, field.grid);
  assert.deepEqual([raster.units, raster.name], ['K', 't2m']);
  assert.ok(Buffer.from(raster.values.buffer).equals(Buffer.from(field.values.buffer)));
});

// To check against, as the README of the shared data has them: least, most and mean of NDVI, over all pixels.
test('Sentinel-2 gives the NDVI that is written down beside it', { skip: skipShared }, async () => {
  const band = (name: string) => readGeoTiff(shared(`sentinel2/${name}.tif`));
  const patch = 'bigearthnet-33UUP/S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_75_43_';
  for (const [start, crs, expected] of [
    ['abidjan-treichville/2024-01-29_', 'EPSG:4326', [-0.0246, 0.4987, 0.1048]],
    [patch, 'EPSG:32633', [0.0877, 0.9302, 0.6311]],
  ] as const) {
    const [red, near] = await Promise.all([band(`${start}B04`), band(`${start}B08`)]);
    assert.equal(red.grid.crs, crs);
    const ndvi = Array.from(
      red.values,
      (value, at) => (near.values[at]! - value) / (near.values[at]! + value),
    );
    const mean = ndvi.reduce((sum, value) => sum + value, 0) / ndvi.length;
    const found = [Math.min(...ndvi), Math.max(...ndvi), mean];
    found.forEach((value, at) =>
      assert.ok(Math.abs(value - expected[at]!) < 6e-5, `${start}: ${found.join()}`),
    );
  }
  const picture = await readGeoTiff(shared('sentinel2/abidjan-treichville/2024-01-29_SCL.tif'), { band: 3 });
  assert.deepEqual([picture.grid.columns, picture.grid.rows], [213, 239]);
});

const CREATE = `
import sys, json, numpy
from osgeo import gdal, osr
gdal.UseExceptions()
path, options = sys.argv[1], json.loads(sys.argv[2])
a = (numpy.arange(90 * 70) % 251).reshape(70, 90)
d = gdal.GetDriverByName('GTiff').Create(path, 90, 70, 2, getattr(gdal, options['type']), options['create'])
s = osr.SpatialReference(); s.ImportFromEPSG(options['epsg']); d.SetProjection(s.ExportToWkt())
d.SetGeoTransform(options['place'])
for n in (1, 2):
    b = d.GetRasterBand(n); b.WriteArray(a if n == 1 else a[::-1]); b.SetNoDataValue(7)
b.SetScale(0.5); b.SetOffset(-10); b.SetUnitType('degC'); b.SetDescription('second')
d.FlushCache(); d = None; print('{}')
`;

const OPTIONS = [
  ['GDT_Float32', ['COMPRESS=LZW', 'PREDICTOR=3', 'TILED=YES', 'BLOCKXSIZE=32', 'BLOCKYSIZE=16']],
  ['GDT_Int16', ['COMPRESS=DEFLATE', 'PREDICTOR=2', 'INTERLEAVE=BAND']],
  ['GDT_UInt16', ['COMPRESS=ZSTD', 'BIGTIFF=YES', 'TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=64']],
  ['GDT_Byte', ['COMPRESS=PACKBITS', 'ENDIANNESS=BIG']],
  ['GDT_Float64', ['COMPRESS=NONE', 'SPARSE_OK=TRUE']],
] as const;

for (const [type, create] of OPTIONS)
  test(`what GDAL writes as ${type} with ${create.join(', ')} is read`, { skip: skipGdal }, async () => {
    const file = fileOf('gdal.tif', '');
    const place = [640_000, 20, 0, 6_870_000, 0, -20];
    await python(CREATE, file.path, JSON.stringify({ type, create, epsg: 2154, place }));
    const [one, two] = [await readGeoTiff(file), await readGeoTiff(file, { band: 2 })];
    assert.deepEqual(one.grid, {
      crs: 'EPSG:2154',
      columns: 90,
      rows: 70,
      transform: [20, 0, 640_000, 0, -20, 6_870_000],
    });
    const stored = Float32Array.from({ length: 6300 }, (_, at) => (at % 251 === 7 ? NaN : at % 251));
    assert.deepEqual(one.values, stored);
    assert.deepEqual(
      [two.units, two.name, two.values[89]],
      ['°C', 'second', stored[69 * 90 + 89]! * 0.5 - 10],
    );
  });

/** Writes over the value of a tag of the first directory; counts and offsets of long arrays are behind it. */
function withTag(bytes: Buffer, tag: number, value: number): Buffer {
  const start = bytes.readUInt32LE(4);
  for (let entry = 0; entry < bytes.readUInt16LE(start); entry++) {
    const at = start + 2 + entry * 12;
    if (bytes.readUInt16LE(at) !== tag) continue;
    const isArray = bytes.readUInt32LE(at + 4) > 1 && bytes.readUInt16LE(at + 2) === 4;
    const place = isArray ? bytes.readUInt32LE(at + 8) : at + 8;
    if (bytes.readUInt16LE(at + 2) === 3) bytes.writeUInt16LE(value, place);
    else bytes.writeUInt32LE(value, place);
    return bytes;
  }
  throw new Error(`no tag ${tag}`);
}

const refused = async (bytes: Buffer, words: RegExp) =>
  assert.rejects(readGeoTiff(fileOf('bad.tif', bytes)), refusal(words));

test('a declared size of a million by a million is refused before memory is taken', async () => {
  const before = process.memoryUsage().rss;
  await refused(
    withTag(withTag(cog(), 256, 1e6), 257, 1e6),
    /bad.tif: found 1000000 × 1000000 cells; expected 1 to/,
  );
  assert.ok(process.memoryUsage().rss - before < 100e6);
});

test('tiles beyond the file, too many or too few of them, and other compressions are refused', async () => {
  await refused(
    withTag(cog(), 324, 4e9),
    /found tile 0 of \d+ bytes at byte 4000000000; expected bytes of the file/,
  );
  await refused(withTag(cog(), 325, 4e9), /found tile 0 of 4000000000 bytes/);
  await refused(withTag(cog(), 256, 5000), /found 2 offsets and 2 sizes of tiles; expected 10 of each/);
  await refused(withTag(cog(), 322, 60_000), /found tiles of 60000 × 512 cells; expected/);
  await refused(withTag(cog(), 259, 7), /found compression JPEG; expected none, LZW, deflate/);
  await refused(withTag(cog(), 259, 34712), /found compression JPEG 2000/);
  await refused(Buffer.from('no TIFF at all'), /found the bytes 6e6f2054; expected a TIFF file/);
  await refused(Buffer.alloc(0), /expected a TIFF file/);
});

test('a tile that inflates to more than its cells is refused', async () => {
  const bytes = cog();
  const bomb = deflateSync(Buffer.alloc(64e6));
  const at = bytes.length;
  const bigger = withTag(withTag(Buffer.concat([bytes, bomb]), 324, at), 325, bomb.length);
  await refused(bigger, /damaged TIFF \(Cannot create a Buffer larger than 1048576 bytes\)/);
});

test('a file cut off anywhere, or with a damaged byte, gives a refusal or values', async () => {
  const small = Buffer.concat([...writeCog({ ...waves(utm(20, 10, 10)), units: 'K' })]);
  for (let length = 0; length < small.length; length += 131)
    await assert.rejects(
      readGeoTiff(fileOf('cut.tif', small.subarray(0, length))),
      refusal(/found/),
      `${length}`,
    );
  for (let at = 0; at < small.length; at += 17) {
    const damaged = Buffer.from(small);
    damaged[at] = damaged[at]! ^ (1 << ((at * 5) % 8));
    try {
      await readGeoTiff(fileOf('damaged.tif', damaged), {
        limits: { mostCells: 1e6, mostValues: 1e6, mostBytes: 1e6, longestMs: 1, mostLibraryBytes: 0 },
      });
    } catch (error) {
      refusal(/found .*; expected /s)(error);
    }
  }
});

test('a file in a system that is not known is refused', async () => {
  const bytes = cog();
  const code = bytes.indexOf(Buffer.from([0x00, 0x0c, 0, 0, 1, 0, 0x77, 0x7f])) + 6;
  assert.equal(bytes.readUInt16LE(code), 32_631);
  bytes.writeUInt16LE(27_700, code);
  await refused(bytes, /found the coordinate system EPSG:27700; expected EPSG:4326/);
});
