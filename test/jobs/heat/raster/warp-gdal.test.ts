// The warp gives what exact GDAL gives, within 0.001 °C on a field of 10 °C, and the same mask.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid } from '../../../../jobs/heat/raster/grid.ts';
import { warp, type Resampling } from '../../../../jobs/heat/raster/warp.ts';
import { skipGdal } from '../oracle.ts';
import { utm, waves } from './fields.ts';
import { differenceOf, gdalWarp } from './gdal-warp.ts';

const NAMES = { nearest: 'near', bilinear: 'bilinear', cubic: 'cubic', conservative: 'average' } as const;

const source = utm(400, 300, 20);
const grid = (crs: string, columns: number, rows: number, transform: Grid['transform']): Grid => ({
  crs,
  columns,
  rows,
  transform,
});

const TARGETS: Readonly<Record<string, Grid>> = {
  'Web Mercator': grid('EPSG:3857', 420, 330, [30, 0, 247_000, 0, -30, 6_257_500]),
  'Lambert-93': grid('EPSG:2154', 300, 220, [20, 0, 643_200, 0, -20, 6_866_000]),
  degrees: grid('EPSG:4326', 400, 300, [0.00027, 0, 2.225, 0, -0.00018, 48.895]),
  'the next UTM zone': grid('EPSG:32632', 380, 380, [20, 0, 2_700, 0, -20, 5_434_000]),
};
const COARSER: Readonly<Record<string, Grid>> = {
  '200 m in Web Mercator': grid('EPSG:3857', 50, 36, [200, 0, 249_000, 0, -200, 6_255_500]),
  '70 m in Lambert-93': grid('EPSG:2154', 90, 70, [70, 0, 643_200, 0, -70, 6_867_500]),
  '60 m of the same system': grid('EPSG:32631', 120, 90, [60, 0, 443_210, 0, -60, 5_415_730]),
};

const holes = (column: number, row: number) =>
  (column - 200) ** 2 + (row - 150) ** 2 < 900 || (column + row) % 97 === 0 || column < 12;

async function isAsGdal(
  target: Grid,
  resampling: Resampling,
  missing: typeof holes | undefined,
  most: number,
): Promise<void> {
  const field = waves(source, missing);
  const own = warp(field, target, resampling).values;
  const difference = differenceOf(own, await gdalWarp(field, target, NAMES[resampling]));
  assert.ok(difference.compared > target.columns * target.rows * 0.2, JSON.stringify(difference));
  assert.equal(difference.onlyOne, 0, JSON.stringify(difference));
  assert.ok(difference.most <= most, JSON.stringify(difference));
}

for (const [name, target] of Object.entries(TARGETS))
  for (const resampling of ['nearest', 'bilinear', 'cubic'] as const)
    for (const missing of [undefined, holes])
      test(`${resampling} to ${name}${missing ? ' with missing cells' : ''}`, { skip: skipGdal }, () =>
        isAsGdal(target, resampling, missing, resampling === 'nearest' ? 0 : 1e-3),
      );

for (const [name, target] of Object.entries(COARSER))
  for (const resampling of ['bilinear', 'cubic'] as const)
    for (const missing of [undefined, holes])
      test(
        `${resampling}, stretched, to ${name}${missing ? ' with missing cells' : ''}`,
        { skip: skipGdal },
        () => isAsGdal(target, resampling, missing, 1e-3),
      );

test('the mean over the area, where both grids are parallel', { skip: skipGdal }, () =>
  isAsGdal(COARSER['60 m of the same system']!, 'conservative', holes, 1e-3),
);
