// The grid of a city: whole cells on multiples of their size, which cover the extent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundsIn, targetGrid } from '../../../../jobs/heat/city/target-grid.ts';

const PARIS = [2.224, 48.815, 2.47, 48.902] as const;

const gridOf = (crs: string, resolution_m: number, bbox: readonly [number, number, number, number] = PARIS) =>
  targetGrid({ grid: { crs, resolution_m }, extent: { bbox_wgs84: [...bbox] } });

test('the cells cover the extent, and no whole cell is beyond it', () => {
  for (const crs of ['EPSG:3857', 'EPSG:2154', 'EPSG:32631', 'EPSG:4326']) {
    const { columns, rows, transform } = gridOf(crs, 200);
    const [size, , left, , step, top] = transform;
    const [west, south, east, north] = boundsIn(crs, PARIS);
    const high = -step;
    const slack = size * 0.0011;
    assert.ok(left <= west + slack && left > west - size, crs);
    assert.ok(top >= north - slack && top < north + high, crs);
    assert.ok(left + columns * size >= east - slack && left + columns * size < east + size, crs);
    assert.ok(top - rows * high <= south + slack && top - rows * high > south - high, crs);
    assert.ok(Math.abs(left / size - Math.round(left / size)) < 1e-6, crs);
  }
});

test('a box that was made of 128 × 128 cells and rounded to six decimals has as many', () => {
  const east = (128 * 200) / 111_319.49079327358;
  const { columns, rows } = gridOf('EPSG:4326', 200, [
    0,
    0,
    Number(east.toFixed(6)),
    Number(east.toFixed(6)),
  ]);
  assert.deepEqual([columns, rows], [128, 128]);
});

test('the sides are curves in another system: the box holds their bulges', () => {
  const [, south, , north] = boundsIn('EPSG:2154', [-2, 48, 8, 49]);
  const corners = boundsIn('EPSG:2154', [-2, 48, -2 + 1e-9, 49]);
  assert.ok(north > south);
  assert.ok(south < corners[1] - 10_000, 'the middle of the southern side lies south of its ends');
});
