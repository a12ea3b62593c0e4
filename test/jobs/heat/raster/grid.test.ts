// A grid gives the coordinates of its cells, and a series the layer of one hour.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellCount, hourOf, placeOf, type Grid, type Series } from '../../../../jobs/heat/raster/grid.ts';

const grid: Grid = { crs: 'EPSG:4326', columns: 3, rows: 2, transform: [0.25, 0, -10.125, 0, -0.25, 58.125] };
const series: Series = {
  grid,
  hours: [0, 3_600_000],
  values: Float32Array.from({ length: 12 }, (_, index) => index),
  units: 'K',
  name: 't2m',
};

test('a place of the grid has coordinates, by corners of cells', () => {
  assert.equal(cellCount(grid), 6);
  assert.deepEqual(placeOf(grid, 0, 0), [-10.125, 58.125]);
  assert.deepEqual(placeOf(grid, 0.5, 0.5), [-10, 58]);
  const sheared: Grid = { ...grid, transform: [2, 1, 10, 3, -4, 20] };
  assert.deepEqual(placeOf(sheared, 5, 7), [2 * 5 + 7 + 10, 15 - 28 + 20]);
});

test('an hour of a series is a layer that shares its memory', () => {
  const layer = hourOf(series, 1);
  assert.deepEqual([...layer.values], [6, 7, 8, 9, 10, 11]);
  assert.equal(layer.values.buffer, series.values.buffer);
  assert.throws(() => hourOf(series, 2), /the series "t2m" has no hour 2; expected 0 to 1/);
});
