// The values of GRIB and NetCDF files are those that GDAL reads, bit for bit, where GDAL reads the packing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSeries } from '../../../../jobs/heat/formats/read-series.ts';
import { python, skipGdal } from '../oracle.ts';
import { recorded } from './files.ts';

/** GDAL gives temperatures of GRIB in °C unless it is told to keep the unit. */
const PROGRAM = `
import json, sys, numpy
from osgeo import gdal
gdal.UseExceptions()
gdal.SetConfigOption('GRIB_NORMALIZE_UNITS', 'NO')
data = gdal.Open(sys.argv[1])
bands = []
for at in range(1, data.RasterCount + 1):
  band = data.GetRasterBand(at)
  values = band.ReadAsArray().astype('float64')
  if band.GetNoDataValue() is not None:
    values[values == band.GetNoDataValue()] = numpy.nan
  values = values * (band.GetScale() or 1) + (band.GetOffset() or 0)
  bands.append([None if numpy.isnan(v) else v for v in values.astype('float32').ravel().tolist()])
print(json.dumps(dict(columns=data.RasterXSize, rows=data.RasterYSize, bands=bands, place=data.GetGeoTransform())))
`;

interface Read {
  readonly columns: number;
  readonly rows: number;
  readonly bands: readonly (readonly (number | null)[])[];
  readonly place: readonly number[];
}

for (const [name, source] of [
  ...[
    'edition-1-two-hours.grib',
    'edition-1-missing.grib',
    'simple-1.grib2',
    'simple-missing.grib2',
    'complex-order-1.grib2',
    'complex-order-2.grib2',
    'complex-missing-1.grib2',
    'complex-missing-2.grib2',
  ].map((file) => [file, recorded(file).path] as const),
  ['old-offset64.nc', `NETCDF:${recorded('old-offset64.nc').path}:t2m`],
  ['old-hdf5.nc', `NETCDF:${recorded('old-hdf5.nc').path}:t2m`],
] as const)
  test(`GDAL reads the same values from ${name}`, { skip: skipGdal }, async () => {
    const expected = await python<Read>(PROGRAM, source);
    const { grid, values, hours } = await readSeries(recorded(name), { variable: 't2m' });
    assert.deepEqual(
      [grid.columns, grid.rows, hours.length],
      [expected.columns, expected.rows, expected.bands.length],
    );
    const found = Array.from(values, (value) => (Number.isNaN(value) ? null : value));
    assert.deepEqual(found, expected.bands.flat());
    const [west, width, , north, , height] = expected.place;
    const [a, , c, , e, f] = grid.transform;
    for (const [one, other] of [
      [a, width],
      [c, west],
      [e, height],
      [f, north],
    ] as const)
      assert.ok(Math.abs(one - other!) < 1e-4, `${one}, GDAL has ${other}`);
  });
