// The rows of the tables `heat.indicators` and `heat.metrics`: one of each for a city and its period.
import { stringify } from 'csv-stringify/sync';
import {
  indicators as indicatorsSchema,
  metrics as metricsSchema,
  type Indicators,
  type Metrics,
} from '../../../models/heat/documents.ts';
import { mapFile, mapsPointer, reportDocument, reportPage } from '../../../models/heat/published-files.ts';
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
  'urban_heat_island_day_c',
  'urban_heat_island_night_c',
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
/**
 * Where the files of the city are: the pointer, an object of the export bucket, and the names of files in the publication
 * that it names. A table's rows are made before its run is published, and a replay publishes them again elsewhere: so no
 * row can name an object, and the pointer always names those of the same run. The French page links its document: a
 * column more would keep older outputs from being replayed.
 */
const LINKS = ['files', 'temperature_map', 'report_html', 'report_html_fr', 'report_pdf'] as const;

export async function rowsOf(result: CityResult): Promise<CityRows> {
  const document = async (stage: StageName, name: string): Promise<unknown> =>
    JSON.parse((await result.results.get(stage)!.read(name)).toString('utf8'));
  return {
    result,
    indicators: indicatorsSchema.parse(await document('indicators', 'indicators.json')),
    metrics: metricsSchema.parse(await document('evaluate', 'metrics.json')),
  };
}

export const indicatorsCsv = (pipeline: string, rows: readonly CityRows[]): string =>
  csvOf(pipeline, INDICATOR_COLUMNS, rows, ({ indicators }) => indicators);

export const metricsCsv = (pipeline: string, rows: readonly CityRows[]): string =>
  csvOf(pipeline, METRIC_COLUMNS, rows, ({ metrics }) => metrics);

/** An unknown number is an empty cell, which is null in the table. */
const csvOf = (
  pipeline: string,
  columns: readonly string[],
  rows: readonly CityRows[],
  documentOf: (row: CityRows) => Readonly<Record<string, unknown>>,
): string =>
  stringify([
    [...KEY, ...columns, ...LINKS],
    ...rows.map((row) => [
      ...keyOf(row),
      ...columns.map((name) => documentOf(row)[name]),
      mapsPointer(pipeline),
      ...filesOf(row),
    ]),
  ]);

const keyOf = ({ result: { city } }: CityRows) => [city.city, city.period.start, city.period.end];

/** Null where the configuration wants no such file. */
function filesOf({ result: { city, results } }: CityRows): readonly (string | null)[] {
  const made = (['publish', 'report'] as const).flatMap((stage) => results.get(stage)?.files ?? []);
  const names = new Set(made.map(({ name }) => name));
  const wanted = [
    mapFile(city.city, 'temperature', 'tif'),
    reportPage(city.city, 'en'),
    reportPage(city.city, 'fr'),
    reportDocument(city.city, 'en'),
  ];
  return wanted.map((name) => (names.has(name) ? name : null));
}
