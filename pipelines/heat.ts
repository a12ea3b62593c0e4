// Heat: configurations of cities and raw data of the atmosphere and the ground, in; maps, tables and reports, out.
import { notCog } from '../models/heat/cog.ts';
import { indicators, metrics } from '../models/heat/documents.ts';
import { exportMetadata } from '../models/heat/export-metadata.ts';
import { MAPS, notPage, notPdf, notPng, TYPES } from '../models/heat/published-files.ts';
import { date, float, int, string } from '../shared/pipelines/columns.ts';
import { hours, minutes } from '../shared/pipelines/duration.ts';
import {
  checkedBy,
  contentType,
  countWithin,
  jsonFile,
  sizeWithin,
} from '../shared/pipelines/file-checks.ts';
import { files, table } from '../shared/pipelines/outputs.ts';
import { definePipeline } from '../shared/pipelines/pipeline.ts';
import { fromEnv } from '../shared/pipelines/setting.ts';
import { anyOf, bucket, manyOf } from '../shared/pipelines/source.ts';
import { watch } from '../shared/pipelines/trigger.ts';

const key = { city: string(), period_start: date(), period_end: date() };
const keyColumns = ['city', 'period_start', 'period_end'] as const;
/** A number that could not be computed is null. */
const number = () => float().nullable();
const positive = () => float().atLeast(0).nullable();
/** The pointer to the files, and names of files in the publication that it names. */
const links = {
  files: string(),
  temperature_map: string().nullable(),
  report_html: string().nullable(),
  report_html_fr: string().nullable(),
  report_pdf: string().nullable(),
};

const MEBIBYTE = 1024 * 1024;
const MOST_CITIES = 100;

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
  job: {
    image: 'heat',
    cpu: 2,
    memory: '4Gi',
    timeout: minutes(60),
    attempts: 2,
    // Addresses of the services that a configuration may name as a provider; those that they document when empty.
    settings: [
      fromEnv('CDS_URL', ''),
      fromEnv('STAC_URL', ''),
      fromEnv('OVERPASS_URL', ''),
      fromEnv('FILE_HOSTS', ''),
      // Of XGBoost; where the system's loader finds it when empty.
      fromEnv('XGBOOST_LIBRARY', ''),
    ],
    // Only the Climate Data Store asks for a key: without this setting, a city that names it is refused.
    secrets: { CDS_API_KEY: fromEnv('CDS_SECRET', '') },
  },
  outputs: [
    table({
      file: 'indicators.csv',
      columns: {
        ...key,
        intensity: positive(),
        duration: positive(),
        extent_km2: positive(),
        max_temperature_c: number(),
        mean_temperature_c: number(),
        threshold_c: float(),
        days_above_threshold: positive(),
        affected_population_estimate: positive(),
        urban_heat_island_intensity_c: number(),
        urban_heat_island_day_c: number(),
        urban_heat_island_night_c: number(),
        percentile_95: number(),
        percentile_99: number(),
        computed_at: string(),
        ...links,
      },
      key: keyColumns,
      checks: [],
      table: { dataset: 'heat', table: 'indicators' },
    }),
    table({
      file: 'metrics.csv',
      columns: {
        ...key,
        rmse: positive(),
        mae: positive(),
        r2: number(),
        bias: number(),
        correlation: number(),
        baseline: string(),
        baseline_rmse: positive(),
        improvement_percent: number(),
        spatial_resolution_m: positive(),
        sample_count: int().atLeast(0).nullable(),
        evaluation_date: string(),
        ...links,
      },
      key: keyColumns,
      checks: [],
      table: { dataset: 'heat', table: 'metrics' },
    }),
    files({
      name: MAPS,
      // `paris_temperature.tif`, `paris.zarr/t2m/0.0.0`
      pattern: /^[a-z0-9-]+(_|\.zarr\/)/,
      checks: [
        countWithin(/_indicators\.json$/, 1, MOST_CITIES),
        countWithin(/_metrics\.json$/, 1, MOST_CITIES),
        jsonFile(/_indicators\.json$/, indicators),
        jsonFile(/_metrics\.json$/, metrics),
        jsonFile(/_export_metadata\.json$/, exportMetadata),
        contentType(/\.tif$/, TYPES.tif),
        checkedBy(/\.tif$/, 'a cloud-optimized GeoTIFF', notCog),
        contentType(/\.png$/, TYPES.png),
        checkedBy(/\.png$/, 'a PNG picture', notPng),
        contentType(/\.html$/, TYPES.html),
        checkedBy(/\.html$/, 'a page of HTML', notPage),
        // Mostly frames of the period, which the job keeps small.
        sizeWithin(/\.html$/, 1_000, 8 * MEBIBYTE),
        contentType(/\.pdf$/, TYPES.pdf),
        checkedBy(/\.pdf$/, 'a document in PDF', notPdf),
        sizeWithin(/\.pdf$/, 1_000, 16 * MEBIBYTE),
      ],
    }),
  ],
});
