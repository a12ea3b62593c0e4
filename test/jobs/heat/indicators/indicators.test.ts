// The indicators of small series, by hand; and the true area of the city whose area was once found 3.8 times too large.
import assert from 'node:assert/strict';
import test from 'node:test';
import { heatIsland, LEAST_CELLS, type Ground } from '../../../../jobs/heat/indicators/heat-island.ts';
import { indicatorsOf } from '../../../../jobs/heat/indicators/indicators.ts';
import { percentile, sorted } from '../../../../jobs/heat/indicators/percentiles.ts';
import { cellAreasKm2 } from '../../../../jobs/heat/raster/areas.ts';
import type { Grid, Series } from '../../../../jobs/heat/raster/grid.ts';
import { coded } from '../../../../jobs/heat/texts/coded.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2022, 6, 1);
const AT = '2022-08-01T00:00:00.000Z';
const NO_ISLAND = {
  difference: null,
  night: null,
  day: null,
  builtCells: 0,
  vegetatedCells: 0,
  reason: coded('no-value'),
};

/** Four cells in a row at the equator; all the same area. */
const ROW: Grid = { crs: 'EPSG:4326', columns: 4, rows: 1, transform: [0.01, 0, 0, 0, -0.01, 0.005] };

const series = (grid: Grid, hours: readonly number[], values: readonly number[]): Series => ({
  grid,
  hours,
  values: Float32Array.from(values),
  units: '°C',
  name: 't2m',
});

const near = (found: number | null, expected: number, within = 1e-5) =>
  assert.ok(found !== null && Math.abs(found - expected) < within, `${found}, expected ${expected}`);

/** Two hours on each of five days; days 1, 2 and 4 are above 30 °C somewhere. */
const WEEK = series(
  ROW,
  [0, 1, 2, 3, 4].flatMap((day) => [START + day * 24 * HOUR, START + (day * 24 + 12) * HOUR]),
  [
    [20, 20, 20, 20, 25, 26, 27, 28],
    [20, 20, 20, 20, 31, 32, 29, 28],
    [20, 20, 20, 31, 31, 33, 31, 28],
    [20, 20, 20, 20, 30, 30, 30, 30],
    [20, 20, 20, 20, 34, 20, 20, 20],
  ].flat(),
);

test('intensity, duration, extent, days and percentiles of a small week', () => {
  const { indicators, daysAbove, intensity } = indicatorsOf(WEEK, NO_ISLAND, 30, AT);
  near(indicators.intensity, (1 + 2 + 1 + 1 + 3 + 1 + 4) / 7);
  assert.equal(indicators.duration, 2);
  assert.equal(indicators.days_above_threshold, 3);
  assert.equal(indicators.days, 5);
  near(indicators.extent_km2, indicators.area_km2);
  assert.equal(indicators.max_temperature_c, 34);
  near(indicators.mean_temperature_c, WEEK.values.reduce((sum, value) => sum + value, 0) / 40);
  assert.deepEqual([...daysAbove.values], [3, 2, 1, 1]);
  assert.deepEqual([...intensity.values], [2, 2.5, 1, 1]);
  assert.equal(indicators.computed_at, AT);
});

test('a value at the threshold is not above it, and without any above there is no intensity', () => {
  const { indicators } = indicatorsOf(WEEK, NO_ISLAND, 34, AT);
  assert.equal(indicators.intensity, null);
  assert.match(indicators.reasons['intensity']!.text, /no value is above 34 °C/);
  assert.deepEqual([indicators.duration, indicators.days_above_threshold, indicators.extent_km2], [0, 0, 0]);
});

test('a day that lacks hours does not count, and cells without values have no area', () => {
  const hours = [...WEEK.hours, START + 5 * 24 * HOUR];
  const values = [...WEEK.values, 99, 99, 99, 99].map((value, at) => (at % 4 === 3 ? NaN : value));
  const { indicators, daysAbove } = indicatorsOf(series(ROW, hours, values), NO_ISLAND, 30, AT);
  assert.equal(indicators.days, 5);
  near(indicators.area_km2, (3 / 4) * cellAreasKm2(ROW).reduce((sum, area) => sum + area, 0));
  assert.ok(Number.isNaN(daysAbove.values[3]!));
});

test('a series without values has null for each number, each with a reason', () => {
  const empty = series(ROW, [START], [NaN, NaN, NaN, NaN]);
  const { indicators } = indicatorsOf(empty, NO_ISLAND, 30, AT);
  const nulls = Object.entries(indicators).filter(([, value]) => value === null);
  assert.equal(nulls.length, 12);
  for (const [name] of nulls) assert.ok(indicators.reasons[name], name);
});

test('cells that lack an hour of each day have values, and no day: numbers of days are null, each with a reason', () => {
  const values = WEEK.values.map((value, at) => (Math.floor(at / 4) % 2 === 0 ? NaN : value));
  const { indicators } = indicatorsOf(series(ROW, WEEK.hours, [...values]), NO_ISLAND, 30, AT);
  assert.equal(indicators.max_temperature_c, 34);
  near(
    indicators.area_km2,
    cellAreasKm2(ROW).reduce((sum, area) => sum + area, 0),
  );
  for (const name of ['duration', 'extent_km2', 'days_above_threshold'] as const) {
    assert.equal(indicators[name], null, name);
    assert.equal(indicators.reasons[name]?.code, 'no-whole-day');
  }
});

test('the extent of the Paris box is its true area: 174 km², not that of Web Mercator times any fixed cell', () => {
  const metres = ([longitude, latitude]: readonly [number, number]) => {
    const radius = 6378137;
    const radians = Math.PI / 180;
    return [
      radius * longitude * radians,
      radius * Math.log(Math.tan(Math.PI / 4 + (latitude * radians) / 2)),
    ] as const;
  };
  const [[west, south], [east, north]] = [metres([2.224, 48.815]), metres([2.47, 48.902])];
  for (const cells of [128, 32]) {
    const grid: Grid = {
      crs: 'EPSG:3857',
      columns: cells,
      rows: cells,
      transform: [(east - west) / cells, 0, west, 0, (south - north) / cells, north],
    };
    const hot = series(grid, [START], new Array<number>(cells * cells).fill(35));
    const { indicators } = indicatorsOf(hot, NO_ISLAND, 30, AT);
    near(indicators.extent_km2, 174.6, 0.1);
    near(indicators.extent_km2, indicators.area_km2);
  }
});

test('percentiles are those of numpy', () => {
  const values = sorted(Float32Array.of(3, NaN, 1, 2, 10));
  assert.equal(percentile(values, 0), 1);
  assert.equal(percentile(values, 0.5), 2.5);
  near(percentile(values, 0.95), 8.95);
  assert.equal(percentile(values, 1), 10);
  assert.equal(percentile(new Float32Array(), 0.5), null);
});

const SQUARE: Grid = { ...ROW, columns: 10, rows: 4 };
const ground = (share: (cell: number) => number): Ground => {
  const of = (value: (cell: number) => number) => Float32Array.from({ length: 40 }, (_, cell) => value(cell));
  return {
    built: of(share),
    ndvi: of((cell) => (share(cell) > 0 ? 0.1 : 0.7)),
    green: of(() => NaN),
    water: of((cell) => (cell >= 30 ? 1 : 0)),
  };
};

test('the heat island is the mean difference of built and vegetated cells, and one warm cell does not make it', () => {
  const hours = [START, START + 12 * HOUR];
  // Built cells first, then vegetated ones, then water, which counts as neither.
  const values = hours.flatMap((_, hour) =>
    Array.from({ length: 40 }, (_, cell) => (cell < 15 ? 22 + 2 * hour : cell < 30 ? 20 : 5)),
  );
  const city = ground((cell) => (cell < 15 ? 0.8 : 0));
  const found = heatIsland(series(SQUARE, hours, values), city, 0);
  assert.deepEqual([found.difference, found.night, found.day], [3, 2, 4]);
  assert.deepEqual([found.builtCells, found.vegetatedCells], [15, 15]);
  values[0] = 60;
  const warm = heatIsland(series(SQUARE, hours, values), city, 0);
  assert.ok(warm.difference! < 3 + 38 / 15);
});

test('the night is that of the sun at the longitude of the city', () => {
  const hours = [START, START + 12 * HOUR];
  const values = hours.flatMap((_, hour) => Array.from({ length: 40 }, (_, cell) => (cell < 15 ? hour : 0)));
  const city = ground((cell) => (cell < 15 ? 0.8 : 0));
  assert.equal(heatIsland(series(SQUARE, hours, values), city, 0).night, 0);
  assert.equal(heatIsland(series(SQUARE, hours, values), city, 179.9).night, 1);
});

test('a city without enough cells of one kind has no heat island, and says how many it has', () => {
  const few = ground((cell) => (cell < LEAST_CELLS - 1 ? 0.8 : 0));
  const found = heatIsland(series(SQUARE, [START], new Array<number>(40).fill(20)), few, 0);
  assert.equal(found.difference, null);
  assert.match(found.reason!.text, /9 built and 21 vegetated/);
});
