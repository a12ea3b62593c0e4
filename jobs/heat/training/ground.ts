// The ground of the fine cells, as the methods take it: each layer of the features, on the reference's grid.
import type { Ground } from '../../../models/downscale/downscaler.ts';
import type { Grid } from '../raster/grid.ts';
import { warp } from '../raster/warp.ts';
import { readRaster } from '../stages/files.ts';
import type { StageInputs } from '../stages/stage.ts';

/** Layers without any value are left out. */
export async function groundOn(grid: Grid, inputs: StageInputs): Promise<Ground> {
  const layers: Float32Array[] = [];
  for (const name of inputs.names('features').filter((file) => file.endsWith('.tif'))) {
    const raster = await readRaster(inputs, 'features', name);
    if (raster.values.every(Number.isNaN)) continue;
    layers.push(warp(raster, grid, 'bilinear').values);
  }
  return layers;
}
