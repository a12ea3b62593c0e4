// Stage 6: the indicators of heat over the period.
import type { Indicators } from '../../../../models/heat/documents.ts';
import { jsonStageFile, readSeriesFile } from '../files.ts';
import { rangeOf } from '../../formats/values.ts';
import type { Stage } from '../stage.ts';

const REASON = 'not computed yet';

export const indicators: Stage = {
  name: 'indicators',
  version: 1,
  reads: ['train', 'features'],
  settings: (city) => city.indicators,
  run: async ({ city, inputs, frozenAt }) => {
    const { values } = await readSeriesFile(inputs, 'train', 'fine.series');
    const { least, most, missing } = rangeOf(values);
    const sum = values.reduce((total, value) => (Number.isNaN(value) ? total : total + value), 0);
    const count = values.length - missing;
    const document: Indicators = {
      intensity: null,
      duration: null,
      extent_km2: null,
      max_temperature_c: least <= most ? most : null,
      mean_temperature_c: count > 0 ? sum / count : null,
      threshold_c: city.indicators.threshold_celsius,
      days_above_threshold: null,
      affected_population_estimate: null,
      urban_heat_island_intensity_c: null,
      percentile_95: null,
      percentile_99: null,
      computed_at: frozenAt,
      reasons: { intensity: REASON },
    };
    return [jsonStageFile('indicators.json', document)];
  },
};
