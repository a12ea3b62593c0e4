// Heat: configurations of cities and raw data of the atmosphere and the ground, in; maps, tables and reports, out.
import { date, float, int, string } from '../shared/pipelines/columns.ts';
import { hours, minutes } from '../shared/pipelines/duration.ts';
import { contentType, jsonFile } from '../shared/pipelines/file-checks.ts';
import { files, table } from '../shared/pipelines/outputs.ts';
import { definePipeline } from '../shared/pipelines/pipeline.ts';
import { fromEnv } from '../shared/pipelines/setting.ts';
import { anyOf, bucket, manyOf } from '../shared/pipelines/source.ts';
import { watch } from '../shared/pipelines/trigger.ts';
import { indicators, metrics } from '../models/heat/documents.ts';

const key = { city: string(), period_start: date(), period_end: date() };
const keyColumns = ['city', 'period_start', 'period_end'] as const;

export const heat = definePipeline({
  name: 'heat',
  trigger: watch({
    schedule: '15 * * * *',
    freshness: hours(26),
    source: bucket({
      bucket: fromEnv('BUCKET'),
      prefix: '',
      files: {
        cities: manyOf(/^[^/]+\.ya?ml$/i, 'paris.yml'),
        raw: anyOf(/\.(grib2?|grb2?|nc4?|tiff?|geojson|txt)$/i, 'paris/era5_2024-08.nc'),
      },
      settleSeconds: fromEnv('SETTLE_SECONDS', '300'),
    }),
  }),
  job: { image: 'heat', cpu: 2, memory: '4Gi', timeout: minutes(60), attempts: 2 },
  outputs: [
    table({
      file: 'indicators.csv',
      columns: {
        ...key,
        intensity: float().nullable(),
        duration: float().nullable(),
        extent_km2: float().nullable(),
        max_temperature_c: float().nullable(),
        mean_temperature_c: float().nullable(),
        threshold_c: float(),
        days_above_threshold: float().nullable(),
        affected_population_estimate: float().nullable(),
        urban_heat_island_intensity_c: float().nullable(),
        percentile_95: float().nullable(),
        percentile_99: float().nullable(),
        computed_at: string(),
        report_html: string().nullable(),
        report_pdf: string().nullable(),
      },
      key: keyColumns,
      checks: [],
      table: { dataset: 'heat', table: 'indicators' },
    }),
    table({
      file: 'metrics.csv',
      columns: {
        ...key,
        rmse: float().nullable(),
        mae: float().nullable(),
        r2: float().nullable(),
        bias: float().nullable(),
        correlation: float().nullable(),
        baseline: string(),
        baseline_rmse: float().nullable(),
        improvement_percent: float().nullable(),
        spatial_resolution_m: float().nullable(),
        sample_count: int().nullable(),
        evaluation_date: string(),
      },
      key: keyColumns,
      checks: [],
      table: { dataset: 'heat', table: 'metrics' },
    }),
    files({
      name: 'maps',
      // `paris_temperature.tif`, `paris.zarr/t2m/0.0.0`
      pattern: /^[a-z0-9-]+(_|\.zarr\/)/,
      checks: [
        contentType(/\.tif$/, 'image/tiff'),
        contentType(/\.png$/, 'image/png'),
        jsonFile(/_indicators\.json$/, indicators),
        jsonFile(/_metrics\.json$/, metrics),
      ],
    }),
  ],
});
