// Stage 3: what the ground is like: vegetation and built ground from the bands, and shares of water, green and buildings.
import type { Raster } from '../../raster/grid.ts';
import { jsonStageFile, rasterFile, readRaster, readSeriesFile } from '../files.ts';
import type { Stage, StageFile, StageInputs } from '../stage.ts';

export const features: Stage = {
  name: 'features',
  version: 1,
  reads: ['preprocess'],
  settings: () => ({}),
  run: async ({ inputs }) => {
    const { grid } = await readSeriesFile(inputs, 'preprocess', 't2m_reprojected.series');
    const ndvi = await indexOf(inputs, 'ndvi', 'B08.tif', 'B04.tif');
    const ndbi = await indexOf(inputs, 'ndbi', 'B11.tif', 'B08.tif');
    const empty = (name: string): Raster => ({
      grid,
      values: new Float32Array(grid.columns * grid.rows).fill(NaN),
      units: '1',
      name,
    });
    const files: StageFile[] = ['water', 'green', 'built'].map((name) =>
      rasterFile(`${name}.tif`, empty(name)),
    );
    return [
      rasterFile('ndvi.tif', ndvi ?? empty('ndvi')),
      rasterFile('ndbi.tif', ndbi ?? empty('ndbi')),
      ...files,
      jsonStageFile('features_metadata.json', { layers: ['ndvi', 'ndbi', 'water', 'green', 'built'] }),
    ];
  },
};

async function indexOf(
  inputs: StageInputs,
  name: string,
  more: string,
  less: string,
): Promise<Raster | undefined> {
  const names = inputs.names('preprocess');
  if (!names.includes(more) || !names.includes(less)) return undefined;
  const [one, other] = [
    await readRaster(inputs, 'preprocess', more),
    await readRaster(inputs, 'preprocess', less),
  ];
  const values = one.values.map((value, at) => (value - other.values[at]!) / (value + other.values[at]!));
  return { grid: one.grid, values, units: '1', name };
}
