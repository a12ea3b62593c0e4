// The COG writer: GDAL validates it without a warning and reads the same bits; the bytes are the same at every call.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { getDecoder } from 'geotiff';
import { lzw } from '../../../../jobs/heat/formats/cog/lzw.ts';
import { floatPredictor } from '../../../../jobs/heat/formats/cog/predictor.ts';
import { halved, levelsOf } from '../../../../jobs/heat/formats/cog/overviews.ts';
import type { Compression } from '../../../../jobs/heat/formats/cog/tiles.ts';
import { writeCog } from '../../../../jobs/heat/formats/cog/write-cog.ts';
import type { Grid, Raster } from '../../../../jobs/heat/raster/grid.ts';
import { python, skipGdal } from '../oracle.ts';
import { utm, waves } from '../raster/fields.ts';
import { fileOf } from './files.ts';

const cogOf = (raster: Raster, compression?: Compression): Buffer =>
  Buffer.concat([...writeCog(raster, compression)]);

const GRIDS: Readonly<Record<string, Grid>> = {
  'a single tile in degrees': {
    crs: 'EPSG:4326',
    columns: 49,
    rows: 33,
    transform: [0.25, 0, -10.125, 0, -0.25, 58.125],
  },
  'three levels in UTM': utm(1100, 1030, 10),
  'exactly two tiles in Lambert-93': {
    crs: 'EPSG:2154',
    columns: 1024,
    rows: 512,
    transform: [25, 0, 642_500, 0, -25, 6_868_500],
  },
  'a turned grid': {
    crs: 'EPSG:3857',
    columns: 60,
    rows: 50,
    transform: [20, 5, 247_000, 5, -20, 6_257_500],
  },
};

const READ = `
import sys, json, numpy
from osgeo import gdal, osr
gdal.UseExceptions()
d = gdal.Open(sys.argv[1]); b = d.GetRasterBand(1); a = b.ReadAsArray()
w = numpy.fromfile(sys.argv[2], '<u4').reshape(a.shape)
t = d.GetGeoTransform()
print(json.dumps({
  'same': bool((a.view('<u4') == w).all()), 'crs': d.GetSpatialRef().GetAuthorityCode(None),
  'transform': [t[1], t[2], t[0], t[4], t[5], t[3]], 'nodata': str(b.GetNoDataValue()), 'unit': b.GetUnitType(),
  'name': b.GetDescription(), 'block': b.GetBlockSize(), 'overviews': b.GetOverviewCount(),
  'layout': d.GetMetadataItem('LAYOUT', 'IMAGE_STRUCTURE'),
  'compression': d.GetMetadataItem('COMPRESSION', 'IMAGE_STRUCTURE').lower()}))
`;

interface AsGdal {
  readonly same: boolean;
  readonly [key: string]: unknown;
}

const CASES = Object.entries(GRIDS).flatMap(([name, grid]) =>
  (['deflate', 'lzw'] as const).map((compression) => ({ name, grid, compression })),
);

for (const { name, grid, compression } of CASES)
  test(
    `GDAL finds ${name} by ${compression} valid, and reads the same bits`,
    { skip: skipGdal },
    async () => {
      const field = {
        ...waves(grid, (column, row) => (column * row) % 89 === 3),
        units: '°C',
        name: 't2m <&>',
      };
      const file = fileOf('cog.tif', cogOf(field, compression));
      const values = fileOf('cog.bin', new Uint8Array(field.values.buffer));
      const validator = [
        '-m',
        'osgeo_utils.samples.validate_cloud_optimized_geotiff',
        '--full-check=yes',
        file.path,
      ];
      const { stdout, stderr, status } = spawnSync('/usr/bin/python3', validator, { encoding: 'utf8' });
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, /is a valid cloud optimized GeoTIFF/);
      assert.doesNotMatch(stdout + stderr, /warning/i);
      const found = await python<AsGdal>(READ, file.path, values.path);
      const overviews = Math.ceil(Math.log2(Math.max(grid.columns, grid.rows, 512) / 512));
      assert.deepEqual(found, {
        ...{ same: true, crs: grid.crs.slice(5), transform: [...grid.transform], nodata: 'nan' },
        ...{ unit: '°C', name: 't2m <&>', block: [512, 512], overviews, layout: 'COG' },
        compression,
      });
    },
  );

const PLAIN = {
  // Room for the longest of them: a decoder inflates no more than a tile.
  tileWidth: 50_000,
  tileHeight: 1,
  predictor: 1,
  bitsPerSample: 8,
  samplesPerPixel: 1,
  planarConfiguration: 1,
};

const bufferOf = ({ buffer, byteOffset, length }: Buffer): ArrayBuffer =>
  (buffer as ArrayBuffer).slice(byteOffset, byteOffset + length);

test('what LZW writes is read again: codes of all lengths, a full table, and its last place', async () => {
  const decoder = await getDecoder(5, PLAIN);
  for (const length of [0, 1, 2, 255, 256, 257, 1023, 3835, 3836, 3837, 3838, 3839, 3840, 50_000]) {
    for (const values of [1, 2, 256]) {
      const bytes = Uint8Array.from({ length }, (_, at) => (Math.imul(at, 2_654_435_761) >>> 13) % values);
      const read = await decoder.decodeBlock(bufferOf(lzw(bytes)));
      assert.deepEqual(Buffer.from(read), Buffer.from(bytes), `${length} bytes of ${values} values`);
    }
  }
});

test('the same layer gives the same bytes, whatever its NaN are', () => {
  const field = waves(utm(30, 20, 10), (column) => column === 3);
  const bits = new Uint32Array(field.values.slice().buffer);
  bits.forEach((value, at) => (bits[at] = value === 0x7fc00000 ? 0xffc12345 : value));
  const other = { ...field, values: new Float32Array(bits.buffer) };
  assert.deepEqual(cogOf(other), cogOf(field));
});

test('directories stand before all tiles, and the file names its layout', () => {
  const bytes = cogOf(waves(utm(600, 10, 10)));
  assert.equal(bytes.subarray(0, 4).toString('latin1'), 'II*\0');
  assert.equal(bytes.readUInt32LE(4), 192);
  assert.match(
    bytes.toString('latin1', 8, 192),
    /^GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes\nLAYOUT=IFDS_BEFORE_DATA\n/,
  );
});

test('an overview is the mean of the valid cells', () => {
  const level = { columns: 3, rows: 3, values: Float32Array.of(1, 2, 3, 4, 5, 6, NaN, NaN, NaN) };
  assert.deepEqual(halved(level), { columns: 2, rows: 2, values: Float32Array.of(3, 4.5, NaN, NaN) });
  const sizes = levelsOf({ columns: 1100, rows: 5, values: new Float32Array(5500) }, 512).map(
    ({ columns }) => columns,
  );
  assert.deepEqual(sizes, [1100, 550, 275]);
});

test('the predictor is that of Adobe: bytes by significance, as differences along the row', () => {
  const bits = Int32Array.of(0x01020304, 0x11121314, 0xff000001, 0x00000000);
  const rows = [...floatPredictor(2, 2)(bits, 0, 2)].map((byte) => byte.toString(16));
  // 01 11 | 02 12 | 03 13 | 04 14 as differences, and ff 00 | 00 00 | 00 00 | 01 00.
  assert.deepEqual(rows.slice(0, 8), ['1', '10', 'f1', '10', 'f1', '10', 'f1', '10']);
  assert.deepEqual(rows.slice(8), ['ff', '1', '0', '0', '0', '0', '1', 'ff']);
});

test('a layer of the wrong size, or of an unknown system, is refused', () => {
  const field = waves(utm(4, 4, 10));
  const write = (raster: Raster) => () => cogOf(raster);
  assert.throws(write({ ...field, values: new Float32Array(3) }), /3 values for 4 × 4 cells/);
  assert.throws(
    write({ ...field, grid: { ...field.grid, crs: 'EPSG:27700' } }),
    /EPSG:27700; expected EPSG:4326/,
  );
});
