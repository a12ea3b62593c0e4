// `metrics.json`: the schema of its readers holds, nothing is invented, and stations are compared day by day.
import assert from 'node:assert/strict';
import test from 'node:test';
import { metricsOf, type Evaluated } from '../../../../jobs/heat/evaluation/metrics.ts';
import { stationPairs } from '../../../../jobs/heat/evaluation/station-pairs.ts';
import type { Grid, Series } from '../../../../jobs/heat/raster/grid.ts';
import { metrics as schema } from '../../../../models/heat/documents.ts';
import { coded } from '../../../../jobs/heat/texts/coded.ts';

const AT = '2025-07-01T06:00:00.000Z';
const NOTHING: Evaluated = {
  held: undefined,
  reason: coded('no-reference'),
  stations: undefined,
  xgboost: undefined,
  resolutionMetres: 200,
  evaluatedAt: AT,
};

test('without a truth each number is null with the reason, and the document is still valid', () => {
  const metrics = metricsOf(NOTHING);
  schema.parse(metrics);
  for (const name of ['rmse', 'mae', 'r2', 'bias', 'correlation', 'baseline_rmse', 'improvement_percent'])
    assert.equal((metrics as unknown as Record<string, unknown>)[name], null, name);
  assert.match(metrics.reasons!['rmse']!.text, /no reference series/);
  assert.match(metrics.reasons!['sample_count']!.text, /no reference series/);
  assert.match(metrics.reasons!['stations']!.text, /no stations/);
});

test('with a truth the numbers are those of the held-out hours, and R² may be below -1', () => {
  const held = {
    hours: [0],
    cells: 2,
    truth: [0, 1],
    predicted: [10, 11],
    baseline: [20, 21],
  };
  const metrics = metricsOf({ ...NOTHING, held, reason: null });
  schema.parse(metrics);
  assert.equal(metrics.rmse, 10);
  assert.equal(metrics.baseline_rmse, 20);
  assert.equal(metrics.improvement_percent, 50);
  assert.equal(metrics.sample_count, 2);
  assert.ok(metrics.r2! < -1);
  assert.deepEqual(Object.keys(metrics.reasons!), ['stations']);
});

const HOUR = 3_600_000;
const GRID: Grid = { crs: 'EPSG:4326', columns: 2, rows: 1, transform: [1, 0, 2, 0, -1, 49] };
/** 40 hours, a day and a part of one; the value of the second cell is the hour. */
const SERIES: Series = {
  grid: GRID,
  hours: Array.from({ length: 40 }, (_, at) => Date.UTC(2025, 5, 21) + at * HOUR),
  values: Float32Array.from({ length: 80 }, (_, at) => (at % 2 === 1 ? Math.floor(at / 2) : -5)),
  units: '°C',
  name: 't2m',
};

test('maxima, minima and means of whole days are compared in the cell of the station', () => {
  const days = {
    '2025-06-21': { tx: 22, tn: 1, tg: 11 },
    '2025-06-22': { tx: 99 },
  };
  const [pairs, ...others] = stationPairs([{ name: 'A', longitude: 3.5, latitude: 48.5, days }], SERIES);
  assert.deepEqual(others, []);
  const { about, ...values } = pairs!;
  assert.deepEqual(values, { station: 'A', observed: [22, 1, 11], modelled: [23, 0, 11.5] });
  // Maximum, minimum and mean; the span of the day; the place, whose height is not known.
  assert.deepEqual(
    about!.map(([kind, span, , , ...place]) => [kind, span, ...place]),
    [1, -1, 0].map((kind) => [kind, 23, 48.5, 3.5, NaN]),
  );
});

test('a missing measurement is no pair, and a station beyond the grid is none', () => {
  const at = (longitude: number, tx: number | null) => ({
    name: 'B',
    longitude,
    latitude: 48.5,
    days: { '2025-06-21': { tx } },
  });
  assert.deepEqual(stationPairs([at(3.5, null)], SERIES), [
    { station: 'B', observed: [], modelled: [], about: [] },
  ]);
  assert.deepEqual(stationPairs([at(4.1, 20)], SERIES), []);
});
