// The layers of a city among the files of the stages before, and why one is missing.
import { z } from 'zod';
import { coded as codedText, type Coded } from '../../../models/heat/documents.ts';
import type { LayerName } from '../../../models/heat/published-files.ts';
import { rangeOf } from '../formats/values.ts';
import type { Raster } from '../raster/grid.ts';
import { readJsonFile, readRaster, readSeriesFile } from '../stages/files.ts';
import type { StageInputs, StageName } from '../stages/stage.ts';
import { coded } from '../texts/coded.ts';
import { meanOf } from './layers.ts';

export const FINE = 'fine.series';
const METADATA = 'features_metadata.json';
const INDICES = ['ndvi', 'ndbi'] as const;
const NO_SCENE = coded('no-scene');

const described = z.looseObject({
  layers: z.record(z.string(), z.looseObject({ reason: codedText.optional() })),
});

export interface CityLayers {
  /** Those that have a value somewhere. */
  readonly layers: ReadonlyMap<LayerName, Raster>;
  /** Of the others. */
  readonly reasons: Readonly<Record<string, Coded>>;
}

/** Undefined where the stage has no such file, or no cell of it has a value. */
export async function layerIn(
  inputs: StageInputs,
  stage: StageName,
  name: string,
): Promise<Raster | undefined> {
  if (!inputs.names(stage).includes(name)) return undefined;
  const raster = await readRaster(inputs, stage, name);
  return isEmpty(raster) ? undefined : raster;
}

const isEmpty = ({ values }: Raster): boolean => rangeOf(values).missing === values.length;

/** A city without a clear scene of Sentinel-2 has no indices of its ground. */
export async function layersIn(inputs: StageInputs): Promise<CityLayers> {
  const layers = new Map<LayerName, Raster>();
  const reasons: Record<string, Coded> = {};
  const temperature = meanOf(await readSeriesFile(inputs, 'train', FINE));
  if (isEmpty(temperature)) reasons['temperature'] = coded('no-hour');
  else layers.set('temperature', temperature);
  const hasMetadata = inputs.names('features').includes(METADATA);
  const known = hasMetadata ? described.parse(await readJsonFile(inputs, 'features', METADATA)).layers : {};
  for (const name of INDICES) {
    const layer = await layerIn(inputs, 'features', `${name}.tif`);
    if (layer === undefined) reasons[name] = known[name]?.reason ?? NO_SCENE;
    else layers.set(name, layer);
  }
  return { layers, reasons };
}
