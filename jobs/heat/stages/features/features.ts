// Stage 3: what the ground is like: indices of the bands, and shares of and distances from what OpenStreetMap knows.
import type { Coded } from '../../../../models/heat/documents.ts';
import { targetGrid } from '../../city/target-grid.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import { distances } from '../../ground/distance.ts';
import { normalizedDifference } from '../../ground/indices.ts';
import { LAYERS, type Layer } from '../../ground/layers.ts';
import { outlinesIn, outlinesName } from '../../ground/outlines-file.ts';
import { coverOfPolygons, touched } from '../../ground/rasterise.ts';
import { cellCount, type Grid, type Raster } from '../../raster/grid.ts';
import { coded } from '../../texts/coded.ts';
import { jsonStageFile, rasterFile, readRaster } from '../files.ts';
import type { Stage, StageInputs } from '../stage.ts';
import { described, type FeatureLayer } from './metadata.ts';

export const features: Stage = {
  name: 'features',
  version: 3,
  reads: ['preprocess'],
  settings: ({ grid, extent }) => ({ grid, extent: extent.bbox_wgs84 }),
  run: async ({ city, inputs, progress }) => {
    const grid = targetGrid(city);
    const layers: FeatureLayer[] = [
      await indexOf(inputs, grid, 'ndvi', 'B08', 'B04'),
      await indexOf(inputs, grid, 'ndbi', 'B11', 'B08'),
      await shareOf(inputs, grid, 'water', 'water', 'scl-water'),
      await shareOf(inputs, grid, 'green', 'green', 'scl-green'),
      await shareOf(inputs, grid, 'built', 'buildings'),
    ];
    progress(0.6, 'features: distances');
    for (const layer of LAYERS) {
      const outlines = await outlinesOf(inputs, layer);
      if (outlines === undefined) continue;
      const values = distances(touched(outlines, grid), grid);
      const raster = { grid, values, units: 'm', name: `distance-${layer}` };
      layers.push({
        raster,
        source: `OpenStreetMap, ${layer}`,
        ...(outlines.length === 0 ? { reason: coded('layer-empty') } : {}),
      });
    }
    return [
      ...layers.map(({ raster }) => rasterFile(`${raster.name}.tif`, raster)),
      jsonStageFile('features_metadata.json', described(layers)),
    ];
  },
};

/** More of them than this are no speckles: the bands are not what they should be. */
const MOST_OUT_OF_RANGE = 0.05;

async function indexOf(
  inputs: StageInputs,
  grid: Grid,
  name: string,
  more: string,
  less: string,
): Promise<FeatureLayer> {
  const bands = [`${more}.tif`, `${less}.tif`] as const;
  const missing = bands.filter((band) => !inputs.names('preprocess').includes(band));
  const [first, second] = missing;
  if (first !== undefined)
    return empty(
      grid,
      name,
      second === undefined ? coded('no-band', { band: first }) : coded('no-bands', { first, second }),
    );
  const [one, other] = [
    await readRaster(inputs, 'preprocess', bands[0]),
    await readRaster(inputs, 'preprocess', bands[1]),
  ];
  const { raster, outOfRange } = normalizedDifference(name, one, other);
  const known = raster.values.filter((value) => !Number.isNaN(value)).length;
  if (outOfRange > MOST_OUT_OF_RANGE * (known + outOfRange))
    throw new UnusableFile({
      file: `the bands ${more} and ${less}`,
      found: `${outOfRange} of ${known + outOfRange} cells with a ${name.toUpperCase()} beyond -1 to 1`,
      expected: 'reflectances, which are not negative',
    });
  const reason = known === 0 ? { reason: coded('no-clear-cell') } : {};
  return { raster, source: `Sentinel-2, ${more} and ${less}`, outOfRange, ...reason };
}

/** From the outlines; from the classes of the scenes where there are none. */
async function shareOf(
  inputs: StageInputs,
  grid: Grid,
  name: string,
  layer: Layer,
  classes?: string,
): Promise<FeatureLayer> {
  const outlines = await outlinesOf(inputs, layer);
  if (outlines !== undefined) {
    const values = coverOfPolygons(outlines, grid);
    return { raster: { grid, values, units: '1', name }, source: `OpenStreetMap, ${layer}` };
  }
  if (classes !== undefined && inputs.names('preprocess').includes(`${classes}.tif`)) {
    const raster: Raster = { ...(await readRaster(inputs, 'preprocess', `${classes}.tif`)), name };
    return { raster, source: 'Sentinel-2, scene classification' };
  }
  return empty(grid, name, coded(classes === undefined ? 'no-outlines' : 'no-outlines-and-scene', { layer }));
}

const empty = (grid: Grid, name: string, reason: Coded): FeatureLayer => ({
  raster: { grid, values: new Float32Array(cellCount(grid)).fill(NaN), units: '1', name },
  source: null,
  reason,
});

const outlinesOf = async (inputs: StageInputs, layer: Layer) =>
  inputs.names('preprocess').includes(outlinesName(layer))
    ? outlinesIn(await inputs.read('preprocess', outlinesName(layer)))
    : undefined;
