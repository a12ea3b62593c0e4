// The files of a city's earlier stages, made small and with known values, for the tests of publishing and reporting.
import { city as citySchema, type City } from '../../../../jobs/heat/city/city.ts';
import type { Grid, Raster, Series } from '../../../../jobs/heat/raster/grid.ts';
import { jsonStageFile, rasterFile, seriesFile } from '../../../../jobs/heat/stages/files.ts';
import type { StageFile, StageInputs, StageName, StageWork } from '../../../../jobs/heat/stages/stage.ts';
import { coded } from '../../../../jobs/heat/texts/coded.ts';

export const FROZEN_AT = '2024-08-01T06:00:00.000Z';
export const START = Date.UTC(2024, 6, 1);
const HOUR_MS = 3_600_000;

export const GRID: Grid = {
  crs: 'EPSG:32631',
  columns: 60,
  rows: 44,
  transform: [200, 0, 446_000, 0, -200, 5_416_000],
};

export const cityOf = (changes: Record<string, unknown> = {}): City =>
  citySchema.parse({
    city: 'paris',
    period: { start: '2024-07-01', end: '2024-07-03' },
    grid: { crs: GRID.crs, resolution_m: 200 },
    extent: { bbox_wgs84: [2.224, 48.815, 2.47, 48.902] },
    sources: { era5: {} },
    ...changes,
  });

/** A warm middle, a warm afternoon, and no value in one corner. */
export function fineSeries(hours = 72, grid = GRID): Series {
  const cells = grid.columns * grid.rows;
  const warmth = Array.from({ length: cells }, (_, cell) => {
    const [row, column] = [Math.floor(cell / grid.columns), cell % grid.columns];
    const away = Math.hypot(column / grid.columns - 0.5, row / grid.rows - 0.5);
    return column + row < 8 ? NaN : 5 * Math.exp(-5 * away);
  });
  const values = new Float32Array(hours * cells);
  for (let hour = 0; hour < hours; hour++) {
    const day = 6 * Math.cos(((hour - 15) / 24) * 2 * Math.PI) + hour / 24;
    for (let cell = 0; cell < cells; cell++) values[hour * cells + cell] = 24 + day + warmth[cell]!;
  }
  const times = Array.from({ length: hours }, (_, hour) => START + hour * HOUR_MS);
  return { grid, hours: times, values, units: '°C', name: 't2m' };
}

export function layer(name: string, units: string, value: (share: number) => number, grid = GRID): Raster {
  const cells = grid.columns * grid.rows;
  const values = Float32Array.from({ length: cells }, (_, cell) => value(cell / cells));
  return { grid, name, units, values };
}

const REASON = coded('no-reference');

export const METRICS = {
  ...{ rmse: 0.2612, mae: 0.181, r2: 0.972, bias: -0.0123, correlation: 0.987 },
  ...{ baseline: 'bicubic', baseline_rmse: 0.667, improvement_percent: 60.8, spatial_resolution_m: 200 },
  ...{ sample_count: 123_456, evaluation_date: FROZEN_AT },
  by_hour: Array.from({ length: 24 }, (_, hour) => ({
    hour,
    count: 100,
    rmse: 0.2 + hour / 200,
    baseline_rmse: 0.5 + hour / 100,
  })),
  stations: {
    stations: 2,
    raw: { count: 60, rmse: 2.5, bias: -1.9 },
    corrected: { count: 60, rmse: 1.4, bias: 0.1 },
    by_station: ['Orly', 'Évry <b>&amp;'].map((station) => ({
      station,
      raw: { count: 30, rmse: 2.4, bias: -1.8 },
      corrected: { count: 30, rmse: 1.3, bias: 0.2 },
    })),
  },
};

export const UNKNOWN_METRICS = {
  ...{ rmse: null, mae: null, r2: null, bias: null, correlation: null },
  ...{ baseline: 'bicubic', baseline_rmse: null, improvement_percent: null, spatial_resolution_m: 200 },
  ...{ sample_count: null, evaluation_date: FROZEN_AT },
  reasons: { rmse: REASON, mae: REASON, r2: REASON, bias: REASON, correlation: REASON },
};

export const INDICATORS = {
  ...{
    intensity: 2.345,
    duration: 3,
    extent_km2: 1234.56,
    max_temperature_c: 36.71,
    mean_temperature_c: 26.04,
  },
  ...{ threshold_c: 30, days_above_threshold: 3, affected_population_estimate: null },
  ...{ urban_heat_island_intensity_c: 1.53, urban_heat_island_night_c: 2.71, urban_heat_island_day_c: -0.4 },
  ...{ percentile_95: 33.3, percentile_99: 35.5, computed_at: FROZEN_AT },
  reasons: { affected_population_estimate: coded('no-population') },
};

export const EXPERIMENT = {
  chosen: 'ridge',
  reason: null,
  methods: [
    { name: 'bicubic', rmse: 0.667 },
    { name: 'ridge', rmse: 0.277 },
  ],
};

/** Its name comes from the bucket. */
const NOTE = coded('suspect-values', { file: 'TX_<none>.txt', count: 2_345 });

type Files = Readonly<Partial<Record<StageName, readonly StageFile[]>>>;

/** A city with everything that a report can show. */
export const fullFiles = (series = fineSeries()): Files => ({
  ingest: [jsonStageFile('notes.json', { files: [], notes: [NOTE] })],
  features: [
    rasterFile(
      'ndvi.tif',
      layer('ndvi', '1', (share) => share - 0.1, series.grid),
    ),
    rasterFile(
      'ndbi.tif',
      layer('ndbi', '1', (share) => 0.4 - share, series.grid),
    ),
  ],
  train: [seriesFile('fine.series', series), jsonStageFile('experiment.json', EXPERIMENT)],
  evaluate: [
    jsonStageFile('metrics.json', METRICS),
    rasterFile(
      'error.tif',
      layer('error', '°C', (share) => share / 2, series.grid),
    ),
  ],
  indicators: [
    jsonStageFile('indicators.json', INDICATORS),
    rasterFile(
      'intensity.tif',
      layer('intensity', '°C', (share) => 3 * share, series.grid),
    ),
    rasterFile(
      'days-above.tif',
      layer('days', '1', (share) => Math.floor(4 * share), series.grid),
    ),
  ],
});

export const NO_NDVI = coded('no-bands', { first: 'B08.tif', second: 'B04.tif' });
export const NO_NDBI = coded('no-bands', { first: 'B11.tif', second: 'B08.tif' });

/** A city without Sentinel data, reference, stations and maps of heat. */
export const bareFiles = (series = fineSeries()): Files => ({
  ingest: [jsonStageFile('notes.json', { files: [], notes: [] })],
  features: [
    rasterFile(
      'ndvi.tif',
      layer('ndvi', '1', () => NaN, series.grid),
    ),
    rasterFile(
      'ndbi.tif',
      layer('ndbi', '1', () => NaN, series.grid),
    ),
    jsonStageFile('features_metadata.json', {
      layers: { ndvi: { reason: NO_NDVI }, ndbi: { reason: NO_NDBI }, built: {} },
    }),
  ],
  train: [
    seriesFile('fine.series', series),
    jsonStageFile('experiment.json', { chosen: 'bicubic', reason: REASON, methods: [] }),
  ],
  evaluate: [jsonStageFile('metrics.json', UNKNOWN_METRICS)],
  indicators: [jsonStageFile('indicators.json', INDICATORS)],
});

export function inputsOf(files: Files): StageInputs {
  const of = (stage: StageName) => files[stage] ?? [];
  return {
    names: (stage) =>
      of(stage)
        .map(({ name }) => name)
        .toSorted(),
    read(stage, name) {
      const found = of(stage).find((file) => file.name === name);
      return found === undefined
        ? Promise.reject(new Error(`${stage} has no ${name}`))
        : Promise.resolve(Buffer.from(found.bytes));
    },
  };
}

export const workOf = (files: Files, city: City = cityOf()): StageWork => ({
  city,
  inputs: inputsOf(files),
  frozenAt: FROZEN_AT,
  progress: () => {},
});
