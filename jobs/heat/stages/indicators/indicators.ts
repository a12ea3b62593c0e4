// Stage 6: the indicators of heat over the period, and their maps.
import { heatIsland, type Ground, type HeatIsland } from '../../indicators/heat-island.ts';
import { indicatorsOf } from '../../indicators/indicators.ts';
import { placeOf, type Series } from '../../raster/grid.ts';
import { transformation } from '../../raster/projections.ts';
import { coded } from '../../texts/coded.ts';
import { jsonStageFile, rasterFile, readRaster, readSeriesFile } from '../files.ts';
import type { Stage, StageInputs } from '../stage.ts';

export const indicators: Stage = {
  name: 'indicators',
  version: 4,
  reads: ['train', 'features'],
  settings: (city) => city.indicators,
  run: async ({ city, inputs, frozenAt }) => {
    const series = await readSeriesFile(inputs, 'train', 'fine.series');
    const { threshold_celsius: threshold, urban_heat_island_analysis: wantsIsland } = city.indicators;
    const island = wantsIsland ? await islandOf(series, inputs) : NOT_WANTED;
    const found = indicatorsOf(series, island, threshold, frozenAt);
    return [
      jsonStageFile('indicators.json', found.indicators),
      rasterFile('intensity.tif', found.intensity),
      rasterFile('days-above.tif', found.daysAbove),
    ];
  },
};

const NOT_WANTED: HeatIsland = {
  difference: null,
  night: null,
  day: null,
  builtCells: 0,
  vegetatedCells: 0,
  reason: coded('not-wanted'),
};

/** The layers of the features are on the grid of the fine temperatures. */
async function islandOf(series: Series, inputs: StageInputs): Promise<HeatIsland> {
  const layer = async (name: string) => (await readRaster(inputs, 'features', `${name}.tif`)).values;
  const ground: Ground = {
    ndvi: await layer('ndvi'),
    built: await layer('built'),
    green: await layer('green'),
    water: await layer('water'),
  };
  const { crs, columns, rows } = series.grid;
  const [longitude] = transformation(crs, 'EPSG:4326')(...placeOf(series.grid, columns / 2, rows / 2));
  return heatIsland(series, ground, longitude);
}
