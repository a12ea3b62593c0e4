// Train, evaluate and indicators one after the other, on generated fields with a known truth and on a city without one.
import assert from 'node:assert/strict';
import test from 'node:test';
import { city as citySchema } from '../../../../jobs/heat/city/city.ts';
import { targetGrid } from '../../../../jobs/heat/city/target-grid.ts';
import type { Grid, Series } from '../../../../jobs/heat/raster/grid.ts';
import { warpSeries } from '../../../../jobs/heat/raster/warp.ts';
import { evaluate } from '../../../../jobs/heat/stages/evaluate/evaluate.ts';
import { jsonStageFile, rasterFile, seriesFile } from '../../../../jobs/heat/stages/files.ts';
import { indicators } from '../../../../jobs/heat/stages/indicators/indicators.ts';
import { seriesIn } from '../../../../jobs/heat/stages/series-file.ts';
import type { StageFile, StageInputs, StageName } from '../../../../jobs/heat/stages/stage.ts';
import { train } from '../../../../jobs/heat/stages/train/train.ts';
import { textIn } from '../../../../jobs/heat/texts/coded.ts';
import {
  indicators as indicatorsSchema,
  metrics as metricsSchema,
} from '../../../../models/heat/documents.ts';
import { trainingOf } from '../../../../models/downscale/downscaler.ts';
import { deepFrozen } from '../stages/run-stage.ts';
import { COVER, differenceOf, generatedFields } from '../../../unit/downscale/generated-fields.ts';

const FROZEN_AT = '2025-07-01T06:00:00.000Z';
const HOURS = 168;
const [WEST, NORTH, STEP] = [2, 49, 0.05];
const gridOf = (rows: number, columns: number, step: number): Grid => ({
  crs: 'EPSG:4326',
  rows,
  columns,
  transform: [step, 0, WEST, 0, -step, NORTH],
});
const fields = generatedFields(HOURS);
const seriesOf = (grid: Grid, values: Float32Array): Series => ({
  grid,
  hours: fields.hours,
  values: values.map((value) => value - 273.15),
  units: '°C',
  name: 't2m',
});
const REFERENCE = seriesOf(gridOf(9, 12, STEP), fields.values);
const WEATHER = seriesOf(gridOf(3, 4, 3 * STEP), trainingOf(fields, COVER).coarse.values);

const cityOf = (type: string) =>
  citySchema.parse({
    city: 'testville',
    period: { start: '2024-05-01', end: '2024-05-07' },
    grid: { crs: 'EPSG:4326', resolution_m: 4000 },
    extent: { bbox_wgs84: [WEST + STEP, NORTH - 8 * STEP, WEST + 11 * STEP, NORTH - STEP] },
    sources: { era5: {}, reference: { path: 'x' }, stations: { path: 'y' } },
    model: { type },
    indicators: { threshold_celsius: 12 },
  });

type Files = Partial<Record<StageName, readonly StageFile[]>>;

const inputsOf = (files: Files): StageInputs => ({
  names: (stage) => (files[stage] ?? []).map(({ name }) => name),
  read: async (stage, name) => files[stage]!.find((file) => file.name === name)!.bytes,
});

/** A station in the middle, one degree warmer than the truth at its warmest; and one beyond the grid. */
const STATIONS = [
  {
    name: 'A',
    latitude: NORTH - 4.5 * STEP,
    longitude: WEST + 6.5 * STEP,
    days: { '2024-05-02': { tx: 15 } },
  },
  {
    name: 'B',
    latitude: NORTH - 5.5 * STEP,
    longitude: WEST + 3.5 * STEP,
    days: { '2024-05-03': { tn: 5 } },
  },
  { name: 'C', latitude: 0, longitude: 0, days: { '2024-05-02': { tx: 15 } } },
];

async function run(type: string, reference: readonly StageFile[]): Promise<Files> {
  const city = deepFrozen(cityOf(type));
  const target = targetGrid(city);
  const layer = (name: string, value: number) =>
    rasterFile(`${name}.tif`, {
      grid: target,
      values: new Float32Array(target.rows * target.columns).map((_, at) => (at % 2 === 0 ? value : 0)),
      units: '1',
      name,
    });
  const files: Files = {
    ingest: [jsonStageFile('stations.json', { stations: STATIONS })],
    preprocess: [
      seriesFile('t2m.series', WEATHER),
      seriesFile('t2m_reprojected.series', warpSeries(WEATHER, target, 'bilinear')),
      ...reference,
    ],
    features: [layer('ndvi', 0.8), layer('built', 0), layer('green', 1), layer('water', 0)],
  };
  for (const stage of [train(), evaluate(), indicators])
    files[stage.name] = await stage.run({
      city,
      inputs: inputsOf(files),
      frozenAt: FROZEN_AT,
      progress: (share) => assert.ok(share >= 0 && share <= 1, `progress ${share}`),
    });
  return files;
}

const json = (files: Files, stage: StageName, name: string) =>
  JSON.parse(files[stage]!.find((file) => file.name === name)!.bytes.toString()) as Record<string, unknown>;

test('with a reference: methods are mixed, and held-out hours and stations are scored', async () => {
  const one = await run('auto', [seriesFile('reference.series', REFERENCE)]);
  const names = one.train!.map(({ name }) => name);
  for (const name of ['fine.series', 'held-truth.series', 'held-prediction.series', 'held-bicubic.series'])
    assert.ok(names.includes(name), name);
  const metrics = metricsSchema.parse(json(one, 'evaluate', 'metrics.json'));
  // Four days of a changing weather are learned, so not all of it is known.
  assert.ok(metrics.rmse! < 0.8 * metrics.baseline_rmse!, `${metrics.rmse} of ${metrics.baseline_rmse}`);
  assert.ok(
    Math.abs((json(one, 'train', 'experiment.json')['expected_rmse'] as number) - metrics.rmse!) < 1e-9,
  );
  assert.ok(one.evaluate!.some(({ name }) => name === 'error.tif'));
  const stations = metrics['stations'] as { stations: number; raw: { count: number } };
  assert.deepEqual([stations.stations, stations.raw.count], [2, 2]);
  const fine = seriesIn(one.train!.find(({ name }) => name === 'fine.series')!.bytes);
  assert.deepEqual(fine.grid, targetGrid(cityOf('auto')));
  const truth = warpSeries(REFERENCE, fine.grid, 'bilinear');
  assert.ok(differenceOf(fine.values, truth.values) < metrics.baseline_rmse! / 2);
  const found = indicatorsSchema.parse(json(one, 'indicators', 'indicators.json'));
  assert.ok(found.max_temperature_c! > found.percentile_99! && found.percentile_99! > found.percentile_95!);
  assert.match(textIn('en', found.reasons!['urban_heat_island_intensity_c']!), /0 built/);
});

test('one method alone is validated, chosen and kept as a checkpoint; the same bytes come twice', async () => {
  const files = await run('ridge', [seriesFile('reference.series', REFERENCE)]);
  assert.deepEqual(await run('ridge', [seriesFile('reference.series', REFERENCE)]), files);
  assert.equal(json(files, 'train', 'experiment.json')['chosen'], 'ridge per cell');
  assert.ok(files.train!.some(({ name }) => name === 'checkpoint-ridge-per-cell.f32'));
});

test('without a reference the weather is interpolated, and every score is null with the reason', async () => {
  const files = await run('auto', []);
  const metrics = metricsSchema.parse(json(files, 'evaluate', 'metrics.json'));
  assert.equal(metrics.rmse, null);
  assert.match(textIn('en', metrics.reasons!['rmse']!), /no reference series/);
  assert.deepEqual(
    files.train!.map(({ name }) => name),
    ['fine.series', 'experiment.json'],
  );
  assert.equal(json(files, 'train', 'experiment.json')['chosen'], 'bicubic');
});

test('a U-Net that is asked for by itself is refused for a reference that its memory would not hold', async () => {
  const flat = (side: number, step: number): Series => ({
    ...WEATHER,
    grid: gridOf(side, side, step),
    hours: WEATHER.hours.slice(0, 2),
    values: new Float32Array(2 * side * side).fill(15),
  });
  const files: Files = {
    preprocess: [
      seriesFile('t2m.series', flat(65, 4 * STEP)),
      seriesFile('reference.series', flat(260, STEP)),
    ],
  };
  const work = { city: cityOf('unet'), inputs: inputsOf(files), frozenAt: FROZEN_AT, progress: () => {} };
  await assert.rejects(
    train().run(work),
    /the configuration of testville, model.type: found unet, for a reference of 67600 cells; expected at most 65536/,
  );
});
