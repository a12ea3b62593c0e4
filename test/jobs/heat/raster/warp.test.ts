// The warp without GDAL at hand: values that GDAL gave, means that stay the same, places that are exact.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellAreasKm2 } from '../../../../jobs/heat/raster/areas.ts';
import type { Grid, Raster } from '../../../../jobs/heat/raster/grid.ts';
import { bandsOf, placesOn } from '../../../../jobs/heat/raster/places.ts';
import { transformation } from '../../../../jobs/heat/raster/projections.ts';
import { isKnownSystem } from '../../../../jobs/heat/raster/systems.ts';
import { warp, warpSeries, type Resampling } from '../../../../jobs/heat/raster/warp.ts';
import { utm, waves } from './fields.ts';

const source = utm(400, 300, 20);
const holes = (column: number, row: number) =>
  (column - 200) ** 2 + (row - 150) ** 2 < 900 || (column + row) % 97 === 0 || column < 12;

const fine: Grid = {
  crs: 'EPSG:3857',
  columns: 420,
  rows: 330,
  transform: [30, 0, 247_000, 0, -30, 6_257_500],
};
const coarse: Grid = {
  crs: 'EPSG:3857',
  columns: 50,
  rows: 36,
  transform: [200, 0, 249_000, 0, -200, 6_255_500],
};

// `gdal.Warp(..., errorThreshold=0)` of GDAL 3.6.2 gave these values, and so many cells without one.
const GOLDEN: readonly (readonly [Resampling, Grid, Readonly<Record<number, number>>, missing: number])[] = [
  ['nearest', fine, { 60_000: 21.0967102, 80_123: 22.458025, 100_001: 20.9441166 }, 23_182],
  ['bilinear', fine, { 60_000: 21.1632652, 80_123: 22.4107456, 100_001: 20.947237 }, 23_182],
  ['cubic', fine, { 60_000: 21.1697273, 80_123: 22.4061756, 100_001: 20.9556828 }, 23_182],
  ['bilinear', coarse, { 305: 17.2389812, 1000: 20.8767147, 1500: 19.8407784 }, 84],
  ['cubic', coarse, { 305: 17.3173084, 1000: 20.7388058, 1500: 19.7954273 }, 84],
];

for (const [resampling, target, expected, missing] of GOLDEN)
  test(`${resampling} to cells of ${target.transform[0]} m gives the values of GDAL`, () => {
    const { values } = warp(waves(source, holes), target, resampling);
    for (const [at, value] of Object.entries(expected))
      assert.ok(Math.abs(values[Number(at)]! - value) < 1e-3, `${values[Number(at)]} at ${at}, not ${value}`);
    assert.equal(
      values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0),
      missing,
    );
  });

test('a grid onto itself changes no value', () => {
  const field = waves(source, holes);
  for (const resampling of ['nearest', 'bilinear', 'cubic'] as const)
    assert.deepEqual(warp(field, source, resampling).values, field.values, resampling);
  const means = warp(field, source, 'conservative').values;
  means.forEach((value, at) =>
    assert.ok(Object.is(value, field.values[at]) || Math.abs(value - field.values[at]!) < 1e-5),
  );
});

test('places between the exact ones are exact to a 100,000th of a cell', () => {
  const place = placesOn(source, fine);
  let most = 0;
  for (const { firstRow, rows, x, y } of bandsOf(place, { origin: 0.5, columns: 420, rows: 330 }))
    for (let row = 0; row < rows; row += 7)
      for (let column = 0; column < 420; column += 11) {
        const [px, py] = place(column + 0.5, firstRow + row + 0.5);
        most = Math.max(most, Math.abs(x[row * 420 + column]! - px), Math.abs(y[row * 420 + column]! - py));
      }
  assert.ok(most < 2e-5, String(most));
});

const totalOf = ({ grid, values }: Raster): number => {
  const areas = cellAreasKm2(grid);
  return values.reduce((sum, value, at) => sum + (Number.isNaN(value) ? 0 : value * areas[at]!), 0);
};

test('the conservative mean keeps the sum over the area, across systems and sizes', () => {
  // The target covers the source wholly, with a border of empty cells.
  const field = waves({ ...source, columns: 100, rows: 80 });
  const one: Raster = { ...field, values: new Float32Array(8000).fill(1) };
  const target: Grid = {
    crs: 'EPSG:2154',
    columns: 70,
    rows: 60,
    transform: [50, 0, 642_300, 0, -50, 6_867_200],
  };
  // Cells of the border are covered in part; their share is the mean of a layer that is 1 inside and 0 outside.
  const wide: Grid = { ...source, columns: 160, rows: 140, transform: [20, 0, 442_400, 0, -20, 5_416_600] };
  const padded = (values: Float32Array): Raster => ({
    ...field,
    grid: wide,
    values: Float32Array.from({ length: 160 * 140 }, (_, at) => {
      const [column, row] = [(at % 160) - 30, Math.floor(at / 160) - 30];
      return column >= 0 && row >= 0 && column < 100 && row < 80 ? values[row * 100 + column]! : 0;
    }),
  });
  for (const values of [one.values, field.values]) {
    const before = totalOf({ ...field, values });
    const after = totalOf(warp(padded(values), target, 'conservative'));
    assert.ok(Math.abs(after / before - 1) < 1e-3, `${before} became ${after}`);
  }
});

test('in degrees a mean weighs cells by their true area', () => {
  const column: Grid = { crs: 'EPSG:4326', columns: 1, rows: 2, transform: [1, 0, 0, 0, -30, 60] };
  const field: Raster = { grid: column, values: Float32Array.of(1, 0), units: '1', name: 'north' };
  const whole: Grid = { ...column, rows: 1, transform: [1, 0, 0, 0, -60, 60] };
  const [mean] = warp(field, whole, 'conservative').values;
  const [north, south] = [45, 15].map((latitude) => Math.cos((latitude * Math.PI) / 180));
  assert.ok(Math.abs(mean! - north! / (north! + south!)) < 1e-6);
});

test('a series is warped hour by hour', () => {
  const field = waves(source);
  const values = new Float32Array(2 * field.values.length);
  values.set(field.values);
  values.set(
    field.values.map((value) => value + 1),
    field.values.length,
  );
  const series = { ...field, values, hours: [0, 3_600_000] };
  const warped = warpSeries(series, coarse, 'bilinear');
  const [one, two] = [warped.values.subarray(0, 1800), warped.values.subarray(1800)];
  assert.deepEqual(one, warp(field, coarse, 'bilinear').values);
  assert.ok(one.every((value, at) => Number.isNaN(value) || Math.abs(two[at]! - value - 1) < 1e-4));
});

test('areas are true, whatever the projection does to them', () => {
  // The box of Paris: 174.6 km² on the ellipsoid, 174.3 on a sphere.
  const box: Grid = {
    crs: 'EPSG:4326',
    columns: 10,
    rows: 10,
    transform: [0.0246, 0, 2.224, 0, -0.0087, 48.902],
  };
  const total = cellAreasKm2(box).reduce((sum, area) => sum + area);
  assert.equal(total.toFixed(1), '174.6');
  // Of the whole earth, as the ellipsoid has it.
  const earth: Grid = { crs: 'EPSG:4326', columns: 36, rows: 18, transform: [10, 0, -180, 0, -10, 90] };
  const globe = cellAreasKm2(earth).reduce((sum, area) => sum + area);
  assert.ok(Math.abs(globe - 510_065_621.7) < 1, String(globe));
  // At 48.86 degrees north Web Mercator shows 0.04 km² as 200 m × 200 m / 0.433.
  const web: Grid = {
    crs: 'EPSG:3857',
    columns: 1,
    rows: 1,
    transform: [200, 0, 261_000, 0, -200, 6_250_800],
  };
  assert.ok(Math.abs(cellAreasKm2(web)[0]! / 0.04 - 0.433) < 0.002, String(cellAreasKm2(web)[0]));
  const [zone] = cellAreasKm2(utm(1, 1, 1000));
  assert.ok(Math.abs(zone! - 1) < 0.001, String(zone));
});

test('coordinates are those of the registry', () => {
  // The Eiffel Tower, by PROJ 9.1.1 and GDAL (gdaltransform): EPSG:4326 to each system.
  const expected = {
    'EPSG:3857': [255_422.572, 6_250_835.062],
    'EPSG:32631': [448_251.796, 5_411_932.678],
    'EPSG:2154': [648_237.103, 6_862_249.443],
  };
  for (const [crs, [x, y]] of Object.entries(expected)) {
    const [px, py] = transformation('EPSG:4326', crs)(2.2945, 48.8582);
    assert.ok(Math.abs(px - x!) < 0.002 && Math.abs(py - y!) < 0.002, `${crs}: ${px}, ${py}`);
    const [longitude, latitude] = transformation(crs, 'EPSG:4326')(px, py);
    assert.ok(Math.abs(longitude - 2.2945) < 1e-8 && Math.abs(latitude - 48.8582) < 1e-8);
  }
  assert.ok(isKnownSystem('EPSG:32760') && !isKnownSystem('EPSG:32661') && !isKnownSystem('EPSG:27700'));
  assert.throws(() => transformation('EPSG:4326', 'EPSG:27700'), /EPSG:27700; expected EPSG:4326, EPSG:3857/);
});
