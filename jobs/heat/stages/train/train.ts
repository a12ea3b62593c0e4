// Stage 4: the fine temperatures of the period. So far by interpolation alone.
import { targetGrid } from '../../city/target-grid.ts';
import { warpSeries } from '../../raster/warp.ts';
import { jsonStageFile, readSeriesFile, seriesFile } from '../files.ts';
import type { Stage } from '../stage.ts';

export const train: Stage = {
  name: 'train',
  version: 1,
  reads: ['preprocess'],
  settings: ({ grid, extent, model }) => ({ grid, extent: extent.bbox_wgs84, model }),
  run: async ({ city, inputs }) => {
    const coarse = await readSeriesFile(inputs, 'preprocess', 't2m.series');
    const fine = warpSeries(coarse, targetGrid(city), 'cubic');
    return [
      seriesFile('fine.series', fine),
      jsonStageFile('experiment.json', { methods: [], chosen: 'bicubic', expected_rmse: null }),
    ];
  },
};
