// When the fine temperatures can be learned, and the reason where they cannot.
import assert from 'node:assert/strict';
import test from 'node:test';
import { learnable } from '../../../../jobs/heat/training/learnable.ts';
import type { Grid, Series } from '../../../../jobs/heat/raster/grid.ts';

const grid = (west: number, north: number, step: number, rows: number, columns: number): Grid => ({
  crs: 'EPSG:4326',
  rows,
  columns,
  transform: [step, 0, west, 0, -step, north],
});
const series = (of: Grid, valueAt = (at: number) => at): Series => ({
  grid: of,
  hours: [0, 3_600_000],
  values: Float32Array.from({ length: 2 * of.rows * of.columns }, (_, at) => valueAt(at)),
  units: '°C',
  name: 't2m',
});
const REFERENCE = series(grid(2, 49, 0.25, 8, 8));

const reasonOf = (coarse: Series, reference?: Series): string => {
  const found = learnable(coarse, reference);
  assert.equal(found.kind, 'interpolate');
  return found.reason.text;
};

test('coarse cells beyond the reference are cut away, and the others keep their values', () => {
  const found = learnable(series(grid(1, 50, 1, 4, 4)), REFERENCE);
  assert.equal(found.kind, 'learn');
  assert.deepEqual(found.cover, { coarse: { rows: 2, columns: 2 }, down: 4, across: 4, top: 0, left: 0 });
  // Row 1, columns 1 and 2, then row 2; the same in the second hour, 16 cells later.
  assert.deepEqual([...found.coarse.values], [5, 6, 9, 10, 21, 22, 25, 26]);
  assert.deepEqual(found.grid, REFERENCE.grid);
});

test('without a reference, or one elsewhere, on another grid or without values, the reason says so', () => {
  const coarse = series(grid(2, 49, 1, 2, 2));
  assert.match(reasonOf(coarse), /no reference series/);
  assert.match(reasonOf(coarse, series(grid(20, 49, 0.25, 8, 8))), /no cell of the weather/);
  assert.match(reasonOf(coarse, series(grid(2, 49, 0.3, 8, 8))), /a whole number/);
  assert.match(
    reasonOf(coarse, { ...REFERENCE, grid: { ...REFERENCE.grid, crs: 'EPSG:3857' } }),
    /EPSG:3857/,
  );
  assert.match(
    reasonOf(
      coarse,
      series(REFERENCE.grid, () => NaN),
    ),
    /no cell of the reference/,
  );
  assert.match(
    reasonOf(
      series(coarse.grid, (at) => (at === 3 ? NaN : at)),
      REFERENCE,
    ),
    /lacks values/,
  );
});

test('a reference of more cells than can be learned from is not learned, and the reason says how many', () => {
  const side = 2_400;
  const large = grid(2, 49, 0.25 / side, side, side);
  const values = new Float32Array(side * side).fill(20);
  const one = { ...series(grid(2, 49, 0.25, 1, 1)), hours: [0], values: Float32Array.of(20) };
  // A coarse cell covers at most 64 × 64 fine ones.
  const coarse = { ...one, grid: grid(2, 49, 0.25 / 40, 40, 40), values: new Float32Array(1600).fill(20) };
  assert.match(
    reasonOf(coarse, { ...one, grid: large, values }),
    /^1600 coarse and 5760000 fine cells are too many to learn from even a day of them/,
  );
});

test('a coarse cell without values is no obstacle where the reference has none either', () => {
  const reference = series(REFERENCE.grid, (at) => {
    const [row, column] = [Math.floor((at % 64) / 8), at % 8];
    return row >= 4 && column >= 4 ? NaN : at;
  });
  const coarse = series(grid(2, 49, 1, 2, 2), (at) => (at % 4 === 3 ? NaN : at));
  assert.equal(learnable(coarse, reference).kind, 'learn');
});
