// Stage 5: how far the fine temperatures are from the truth, where one is known.
import type { Metrics } from '../../../../models/heat/documents.ts';
import { jsonStageFile } from '../files.ts';
import type { Stage } from '../stage.ts';

const REASON = 'no held-out truth';

export const evaluate: Stage = {
  name: 'evaluate',
  version: 1,
  reads: ['train'],
  settings: ({ grid }) => ({ grid }),
  run: async ({ city, frozenAt }) => {
    const metrics: Metrics = {
      rmse: null,
      mae: null,
      r2: null,
      bias: null,
      correlation: null,
      baseline: 'bicubic',
      baseline_rmse: null,
      improvement_percent: null,
      spatial_resolution_m: city.grid.resolution_m,
      sample_count: null,
      evaluation_date: frozenAt,
      reasons: { rmse: REASON },
    };
    return [jsonStageFile('metrics.json', metrics)];
  },
};
