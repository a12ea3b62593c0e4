// Which fine cells a coarse cell covers is found from coordinates, whatever the factor and the turn of the longitudes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { coverOf, covered, type PlacedGrid } from '../../../models/downscale/cover.ts';

const CRS = 'EPSG:4326';
const grid = (west: number, north: number, step: number, rows: number, columns: number): PlacedGrid => ({
  crs: CRS,
  rows,
  columns,
  transform: [step, 0, west, 0, -step, north],
});
const FINE = grid(-10.125, 58.125, 0.25, 33, 49);

test('a coarse grid of the first rows and columns covers blocks of 4 × 4', () => {
  assert.deepEqual(coverOf(FINE, grid(-10.125, 58.125, 1, 8, 12)), {
    kind: 'cover',
    cover: { coarse: { rows: 8, columns: 12 }, down: 4, across: 4, top: 0, left: 0 },
  });
});

test('a coarse grid within the fine one has an offset, also where longitudes run to 360', () => {
  const found = coverOf(FINE, grid(-9.625 + 360, 57.125, 0.5, 3, 5));
  assert.deepEqual(found, {
    kind: 'cover',
    cover: { coarse: { rows: 3, columns: 5 }, down: 2, across: 2, top: 4, left: 2 },
  });
});

for (const [name, coarse, found] of [
  ['beyond the fine grid', grid(-10.125, 58.125, 1, 9, 12), /rows from 58.125 to 49.125/],
  ['between the edges of the fine grid', grid(-10, 58.125, 1, 8, 12), /first edge is at -10/],
  ['of no whole factor', grid(-10.125, 58.125, 0.6, 8, 12), /of 0.6/],
  ['finer than the fine grid', grid(-10.125, 58.125, 0.1, 8, 12), /of 0.1/],
  ['of another CRS', { ...FINE, crs: 'EPSG:3857' }, /EPSG:3857/],
] as const)
  test(`a coarse grid ${name} is refused with what was found`, () => {
    const covering = coverOf(FINE, coarse);
    assert.equal(covering.kind, 'wrong');
    assert.match(covering.found, found);
  });

test('the covered cells are cut out in their sequence', () => {
  const values = Float32Array.from({ length: 2 * 3 * 4 }, (_, at) => at);
  const cover = { coarse: { rows: 1, columns: 1 }, down: 2, across: 2, top: 1, left: 2 };
  const cut = covered({ rows: 3, columns: 4, hours: [0, 1], values }, cover);
  assert.deepEqual([...cut.values], [6, 7, 10, 11, 18, 19, 22, 23]);
});
