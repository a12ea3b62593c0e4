// The ground of a city: indices of real bands, covers and distances of outlines, and masks of clouds.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { coverOfPolygons, touched } from '../../../../jobs/heat/ground/rasterise.ts';
import { distances, groundSides } from '../../../../jobs/heat/ground/distance.ts';
import { normalizedDifference } from '../../../../jobs/heat/ground/indices.ts';
import { classesOf } from '../../../../jobs/heat/ground/scene-classes.ts';
import { readGeoTiff } from '../../../../jobs/heat/formats/geotiff/read-geotiff.ts';
import { statisticsOf } from '../../../../jobs/heat/stages/features/metadata.ts';
import type { Geometry } from '../../../../jobs/heat/formats/geojson/geometry.ts';
import type { Grid, Raster } from '../../../../jobs/heat/raster/grid.ts';
import { warp } from '../../../../jobs/heat/raster/warp.ts';
import { targetGrid } from '../../../../jobs/heat/city/target-grid.ts';
import { features } from '../../../../jobs/heat/stages/features/features.ts';
import { rasterFile } from '../../../../jobs/heat/stages/files.ts';
import { refusal, shared, skipShared } from '../formats/files.ts';
import { cityOf, jsonNamed, runStage } from './run-stage.ts';

/** Ten by ten cells of one degree, from 0 to 10 E and 10 to 0 N. */
const grid: Grid = { crs: 'EPSG:4326', columns: 10, rows: 10, transform: [1, 0, 0, 0, -1, 10] };
const ring = (...points: readonly (readonly [number, number])[]) => Float64Array.from(points.flat());
const box = (west: number, south: number, east: number, north: number) =>
  ring([west, south], [east, south], [east, north], [west, north], [west, south]);
const polygon = (...rings: Float64Array[]): Geometry => ({ kind: 'polygon', rings });
const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

describe('the cover of polygons', () => {
  test('of a box is its exact share of each cell', () => {
    const cover = coverOfPolygons([polygon(box(1.25, 2.5, 3, 4))], grid);
    assert.ok(Math.abs(sum(cover) - 1.75 * 1.5) < 1e-6);
    // Row 7 is 2 to 3 N, of which the northern half is covered.
    assert.ok(Math.abs(cover[7 * 10 + 1]! - 0.375) < 1e-6);
    assert.equal(cover[6 * 10 + 2], 1);
    assert.equal(cover[0], 0);
  });

  test('of a triangle is near its area, and of a ring with a hole what is between', () => {
    const triangle = coverOfPolygons([polygon(ring([0, 0], [8, 0], [0, 8], [0, 0]))], grid);
    assert.ok(Math.abs(sum(triangle) - 32) < 0.05, String(sum(triangle)));
    const holed = coverOfPolygons([polygon(box(1, 1, 9, 9), box(3, 3, 5, 5))], grid);
    assert.ok(Math.abs(sum(holed) - 60) < 1e-5);
  });

  test('counts ground once where polygons overlap, and cuts what is outside', () => {
    const cover = coverOfPolygons([polygon(box(1, 1, 4, 4)), polygon(box(2, 2, 5, 5))], grid);
    assert.ok(Math.abs(sum(cover) - 14) < 1e-5);
    assert.equal(sum(coverOfPolygons([polygon(box(-50, -50, 60, 60))], grid)), 100);
    assert.equal(sum(coverOfPolygons([polygon(box(20, 20, 30, 30))], grid)), 0);
  });

  test('an outline that crosses itself is decided by even-odd', () => {
    const bow = coverOfPolygons([polygon(ring([0, 0], [4, 4], [4, 0], [0, 4], [0, 0]))], grid);
    assert.ok(Math.abs(sum(bow) - 8) < 0.05, String(sum(bow)));
  });
});

test('outlines that cross the grid a million times are refused before memory is taken for their places', () => {
  const edges = 1_000_000;
  const comb = Float64Array.from({ length: 2 * edges }, (_, at) => {
    const edge = at >> 1;
    return at % 2 === 0 ? (10 * edge) / edges : edge % 2 === 0 ? -1 : 11;
  });
  const words = /outlines of a layer.*: found more than 33554432 places where they cross the grid/;
  assert.throws(() => coverOfPolygons([polygon(comb)], grid), refusal(words));
  const wide: Grid = { ...grid, rows: 2000, transform: [1, 0, 0, 0, -0.005, 10] };
  assert.throws(() => touched([{ kind: 'line', path: comb }], wide), refusal(words));
});

describe('the distance from a layer', () => {
  test('is exact between the centres of cells, in metres of the ground', () => {
    const marked = new Uint8Array(100);
    marked[5 * 10 + 2] = 1;
    marked[0] = 1;
    const [width, height] = groundSides(grid);
    const found = distances(marked, grid);
    for (let at = 0; at < 100; at++) {
      const [column, row] = [at % 10, Math.floor(at / 10)];
      const each = [
        [2, 5],
        [0, 0],
      ].map(([x, y]) => Math.hypot((column - x!) * width, (row - y!) * height));
      assert.ok(Math.abs(found[at]! - Math.min(...each)) < 0.1, `cell ${at}`);
    }
  });

  test('of nothing is nowhere known', () => {
    assert.ok(distances(new Uint8Array(100), grid).every(Number.isNaN));
  });

  test('in Web Mercator is that of the ground, not of the map', () => {
    const mercator: Grid = {
      crs: 'EPSG:3857',
      columns: 10,
      rows: 10,
      transform: [200, 0, 260_000, 0, -200, 6_251_000],
    };
    const [width] = groundSides(mercator);
    assert.ok(Math.abs(width / 200 - Math.cos((48.857 * Math.PI) / 180)) < 1e-3, String(width));
  });

  test('a line marks the cells that it passes, however long it is', () => {
    const cells = touched([{ kind: 'line', path: ring([-1000, 5.5], [1000, 5.5]) }], grid);
    assert.equal(sum(Float32Array.from(cells)), 10);
    assert.equal(cells[4 * 10], 1);
    const outside = touched([{ kind: 'line', path: ring([-5, 20], [20, 20]) }], grid);
    assert.equal(sum(Float32Array.from(outside)), 0);
  });
});

describe('indices', () => {
  const band = (name: string, values: readonly number[]): Raster => ({
    grid: { ...grid, rows: 1, columns: values.length },
    values: Float32Array.from(values),
    units: '1',
    name,
  });

  test('beyond -1 to 1, or of bands without light, are empty and counted; a missing band is not counted', () => {
    const more = band('B08', [0.6, 0.3, 0, -0.2, NaN, 0.5]);
    const less = band('B04', [0.2, -0.1, 0, 0.1, 0.1, NaN]);
    const { raster, outOfRange } = normalizedDifference('ndvi', more, less);
    assert.ok(Math.abs(raster.values[0]! - 0.5) < 1e-6);
    assert.ok(raster.values.subarray(1).every(Number.isNaN));
    assert.equal(outOfRange, 3);
  });

  test('of bands that are no reflectances refuse the run; a few speckles do not', async () => {
    const city = cityOf({ grid: { crs: 'EPSG:3857', resolution_m: 1000 } });
    const target = targetGrid(city);
    const cells = target.columns * target.rows;
    const bands = (negative: number) =>
      (
        [
          ['B08', 0.5],
          ['B04', 0.1],
          ['B11', 0.3],
        ] as const
      ).map(([name, value]) => {
        const values = new Float32Array(cells).fill(value);
        if (name === 'B04') values.fill(-0.2, 0, negative);
        return rasterFile(`${name}.tif`, { grid: target, values, units: '1', name });
      });
    const few = Math.floor(cells / 25);
    const made = await runStage(features, city, { preprocess: bands(few) });
    const { layers } = jsonNamed(made, 'features_metadata.json') as {
      layers: Record<string, { out_of_range_cells: number; mean: number }>;
    };
    assert.equal(layers['ndvi']!.out_of_range_cells, few);
    assert.ok(Math.abs(layers['ndvi']!.mean - 0.4 / 0.6) < 1e-6);
    await assert.rejects(
      runStage(features, city, { preprocess: bands(Math.ceil(cells / 10)) }),
      refusal(
        /the bands B08 and B04: found \d+ of \d+ cells with a NDVI beyond -1 to 1; expected reflectances/,
      ),
    );
  });
});

describe('real bands', { skip: skipShared }, () => {
  const band = (name: string) => readGeoTiff(shared(`sentinel2/${name}.tif`));
  const near = (values: Float32Array, [min, max, mean]: readonly number[]) => {
    const found = statisticsOf(values);
    const shown = [found.min, found.max, found.mean].map((value) => value!.toFixed(4));
    assert.deepEqual(
      shown,
      [min, max, mean].map((value) => value!.toFixed(4)),
    );
  };
  const treichville = (day: string) => (name: string) => band(`abidjan-treichville/${day}_${name}`);

  // The values of the data's own README.
  for (const [day, ndvi, ndbi] of [
    ['2024-01-29', [-0.0246, 0.4987, 0.1048], [-0.193, 0.5259, 0.1018]],
    ['2025-01-13', [-0.1236, 0.3975, 0.0421], [-0.2427, 0.5108, 0.078]],
  ] as const)
    test(`of Treichville on ${day} have the indices that are known`, async () => {
      const of = treichville(day);
      near(normalizedDifference('ndvi', await of('B08'), await of('B04')).raster.values, ndvi);
      near(normalizedDifference('ndbi', await of('B11'), await of('B08')).raster.values, ndbi);
    });

  for (const [patch, ndvi, ndbi] of [
    ['75_43', [0.0877, 0.9302, 0.6311], [-0.592, 0.2165, -0.2583]],
    ['89_18', [0.1797, 0.9442, 0.8748], [-0.5664, 0.1099, -0.4277]],
  ] as const)
    test(`of the patch ${patch} have the indices that are known, with B11 of half the resolution`, async () => {
      const of = (name: string): Promise<Raster> =>
        band(`bigearthnet-33UUP/S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_${patch}_${name}`);
      const [near10, red, short] = [await of('B08'), await of('B04'), await of('B11')];
      near(normalizedDifference('ndvi', near10, red).raster.values, ndvi);
      const near20 = warp(near10, short.grid, 'conservative');
      near(normalizedDifference('ndbi', short, near20).raster.values, ndbi);
    });

  test('the picture of a classification is read as its classes', async () => {
    const { values } = await classesOf(shared('sentinel2/abidjan-treichville/2025-01-13_SCL.tif'));
    const count = (wanted: number) => values.filter((value) => value === wanted).length;
    // Thin cirrus and medium cloud, as the data's own README counts them.
    assert.deepEqual([count(10), count(8)], [9378, 1500]);
    assert.equal(values.filter(Number.isNaN).length, 0);
  });
});
