// The layers of a city among the files of the stages before.
import { LAYERS, type LayerName } from '../../../models/heat/published-files.ts';
import type { Raster } from '../raster/grid.ts';
import { readRaster, readSeriesFile } from '../stages/files.ts';
import type { StageInputs, StageName } from '../stages/stage.ts';
import { meanOf } from './layers.ts';

export const FINE = 'fine.series';

export type CityLayers = ReadonlyMap<LayerName, Raster>;

/** Undefined where the stage has no such file. */
export async function layerIn(
  inputs: StageInputs,
  stage: StageName,
  name: string,
): Promise<Raster | undefined> {
  return inputs.names(stage).includes(name) ? readRaster(inputs, stage, name) : undefined;
}

/** Those that there are: a city without a scene of Sentinel-2 has no indices of its ground. */
export async function layersIn(inputs: StageInputs): Promise<CityLayers> {
  const layers = new Map<LayerName, Raster>();
  for (const name of LAYERS) {
    const layer =
      name === 'temperature'
        ? meanOf(await readSeriesFile(inputs, 'train', FINE))
        : await layerIn(inputs, 'features', `${name}.tif`);
    if (layer !== undefined) layers.set(name, layer);
  }
  return layers;
}
