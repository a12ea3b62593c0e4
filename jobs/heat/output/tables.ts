// The rows of the tables `heat.indicators` and `heat.metrics`: one of each for a city and its period.
import { stringify } from 'csv-stringify/sync';
import {
  indicators as indicatorsSchema,
  metrics as metricsSchema,
  type Indicators,
  type Metrics,
} from '../../../models/heat/documents.ts';
import type { CityResult } from '../stages/run-stages.ts';
import type { StageName } from '../stages/stage.ts';

export interface CityRows {
  readonly result: CityResult;
  readonly indicators: Indicators;
  readonly metrics: Metrics;
}

export const INDICATOR_COLUMNS = [
  'intensity',
  'duration',
  'extent_km2',
  'max_temperature_c',
  'mean_temperature_c',
  'threshold_c',
  'days_above_threshold',
  'affected_population_estimate',
  'urban_heat_island_intensity_c',
  'percentile_95',
  'percentile_99',
  'computed_at',
] as const;

export const METRIC_COLUMNS = [
  'rmse',
  'mae',
  'r2',
  'bias',
  'correlation',
  'baseline',
  'baseline_rmse',
  'improvement_percent',
  'spatial_resolution_m',
  'sample_count',
  'evaluation_date',
] as const;

const KEY = ['city', 'period_start', 'period_end'] as const;
/** The names of the published files, for those who read the table. */
const REPORTS = ['report_html', 'report_pdf'] as const;

export async function rowsOf(result: CityResult): Promise<CityRows> {
  const document = async (stage: StageName, name: string): Promise<unknown> =>
    JSON.parse((await result.results.get(stage)!.read(name)).toString('utf8'));
  return {
    result,
    indicators: indicatorsSchema.parse(await document('indicators', 'indicators.json')),
    metrics: metricsSchema.parse(await document('evaluate', 'metrics.json')),
  };
}

export const indicatorsCsv = (rows: readonly CityRows[]): string =>
  stringify([
    [...KEY, ...INDICATOR_COLUMNS, ...REPORTS],
    ...rows.map((row) => [
      ...keyOf(row),
      ...INDICATOR_COLUMNS.map((name) => row.indicators[name]),
      ...REPORTS.map((name) => reportOf(row, name === 'report_html' ? '.html' : '.pdf')),
    ]),
  ]);

export const metricsCsv = (rows: readonly CityRows[]): string =>
  stringify([
    [...KEY, ...METRIC_COLUMNS],
    ...rows.map((row) => [...keyOf(row), ...METRIC_COLUMNS.map((name) => row.metrics[name])]),
  ]);

const keyOf = ({ result: { city } }: CityRows) => [city.city, city.period.start, city.period.end];

/** Null where the configuration wants no such report. */
function reportOf({ result: { city, results } }: CityRows, ending: string): string | null {
  const name = `${city.city}_report${ending}`;
  return results.get('report')?.files.some((file) => file.name === name) === true ? name : null;
}
