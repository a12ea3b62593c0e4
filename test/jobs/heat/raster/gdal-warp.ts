// What `gdalwarp -et 0` gives for a layer and a grid.
import { readFileSync } from 'node:fs';
import type { Grid, Raster } from '../../../../jobs/heat/raster/grid.ts';
import { fileOf } from '../formats/files.ts';
import { python } from '../oracle.ts';

const WARP = `
import sys, json, numpy
from osgeo import gdal, osr
gdal.UseExceptions()
source, target, method, path, out = [json.loads(sys.argv[1]), json.loads(sys.argv[2])] + sys.argv[3:]
def wkt(crs):
    s = osr.SpatialReference(); s.ImportFromEPSG(int(crs[5:])); return s.ExportToWkt()
def place(t): return (t[2], t[0], t[1], t[5], t[3], t[4])
def dataset(grid):
    d = gdal.GetDriverByName('MEM').Create('', grid['columns'], grid['rows'], 1, gdal.GDT_Float32)
    d.SetGeoTransform(place(grid['transform'])); d.SetProjection(wkt(grid['crs']))
    d.GetRasterBand(1).SetNoDataValue(float('nan')); return d
s = dataset(source)
s.GetRasterBand(1).WriteArray(numpy.fromfile(path, '<f4').reshape(source['rows'], source['columns']))
t = dataset(target); t.GetRasterBand(1).Fill(float('nan'))
gdal.Warp(t, s, resampleAlg=method, errorThreshold=0)
t.GetRasterBand(1).ReadAsArray().astype('<f4').tofile(out)
print('{}')
`;

export async function gdalWarp(
  { grid, values }: Raster,
  target: Grid,
  method: string,
): Promise<Float32Array> {
  const [input, output] = [fileOf('in.bin', new Uint8Array(values.buffer)), fileOf('out.bin', '')];
  await python(WARP, JSON.stringify(grid), JSON.stringify(target), method, input.path, output.path);
  return new Float32Array(new Uint8Array(readFileSync(output.path)).buffer);
}

export interface Difference {
  /** Between values that both have. */
  readonly most: number;
  readonly compared: number;
  /** Cells that only one of both has. */
  readonly onlyOne: number;
}

export function differenceOf(one: Float32Array, other: Float32Array): Difference {
  let [most, compared, onlyOne] = [0, 0, 0];
  one.forEach((value, at) => {
    const second = other[at]!;
    if (Number.isNaN(value) !== Number.isNaN(second)) onlyOne++;
    else if (!Number.isNaN(value)) {
      compared++;
      most = Math.max(most, Math.abs(value - second));
    }
  });
  return { most, compared, onlyOne };
}
