// The first three stages on real files and on small ones: what they make, what they note, and what they refuse.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { targetGrid } from '../../../../jobs/heat/city/target-grid.ts';
import { outlineFiles } from '../../../../jobs/heat/stages/ingest/outlines.ts';
import { sceneFiles } from '../../../../jobs/heat/stages/ingest/scenes.ts';
import { bandsOf } from '../../../../jobs/heat/stages/preprocess/bands.ts';
import { coverOf } from '../../../../models/downscale/cover.ts';
import { outlinesIn } from '../../../../jobs/heat/ground/outlines-file.ts';
import { features } from '../../../../jobs/heat/stages/features/features.ts';
import { ingest } from '../../../../jobs/heat/stages/ingest/ingest.ts';
import { hourNotes } from '../../../../jobs/heat/stages/ingest/hours.ts';
import { preprocess } from '../../../../jobs/heat/stages/preprocess/preprocess.ts';
import { netcdfOf } from '../../../../local/sample/city/netcdf.ts';
import { coded } from '../../../../jobs/heat/texts/coded.ts';
import type { Coded } from '../../../../models/heat/documents.ts';
import { shared, skipShared } from '../formats/files.ts';
import { refusalOf } from '../refusal.ts';
import { cityOf, fileNamed, jsonNamed, rasterNamed, rawFile, runStage, seriesNamed } from './run-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'heat-stages-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const FIRST = Date.parse('2025-06-21T00:00Z') / 3_600_000;

interface Small {
  readonly name?: string;
  readonly units?: string;
  readonly hours?: readonly number[];
  readonly side?: number;
  readonly step?: number;
  readonly value?: (hour: number, cell: number) => number;
}

let written = 0;

/** A NetCDF-3 file of the box around 2.35 E, 48.85 N. */
function small(
  { name = 't2m', units = 'K', hours = range(48), side = 12, step = 0.05, value = usual }: Small,
  as = 'test/era5.nc',
) {
  const centres = (middle: number, sign: number) =>
    Array.from({ length: side }, (_, at) =>
      Number((middle + sign * step * (at - (side - 1) / 2)).toFixed(6)),
    );
  const values = Float32Array.from({ length: hours.length * side * side }, (_, at) =>
    value(hours[Math.floor(at / side ** 2)]!, at % side ** 2),
  );
  const path = join(folder, `${++written}.nc`);
  const all = { name, units, hours: hours.map((hour) => FIRST + hour), values };
  writeFileSync(path, netcdfOf({ ...all, latitudes: centres(48.85, -1), longitudes: centres(2.35, 1) }));
  return rawFile({ path }, as);
}
const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const usual = (hour: number, cell: number) => 290 + Math.sin(hour / 4) + cell / 100;

const textsOf = (notes: unknown): readonly string[] => (notes as readonly Coded[]).map(({ text }) => text);

describe('weather', () => {
  test('comes in °C, at the hours of the period, around the box and on the grid of the city', async () => {
    const city = cityOf({ period: { start: '2025-06-22', end: '2025-06-22' } });
    const raw = [small({})];
    const ingested = await runStage(ingest(raw), city);
    assert.equal(seriesNamed(ingested, 't2m.series').units, 'K');
    const processed = await runStage(preprocess, city, { ingest: ingested });
    const [coarse, fine] = [
      seriesNamed(processed, 't2m.series'),
      seriesNamed(processed, 't2m_reprojected.series'),
    ];
    assert.deepEqual([coarse.units, coarse.hours.length, fine.hours.length], ['°C', 24, 24]);
    assert.equal(coarse.hours[0], Date.parse('2025-06-22T00:00Z'));
    assert.ok(coarse.grid.columns < 12 && coarse.grid.columns >= 6, `${coarse.grid.columns} columns`);
    assert.ok(fine.grid.columns > 50 && fine.grid.crs === 'EPSG:3857');
    assert.ok(fine.values.every((value) => value > 14 && value < 20));
    assert.deepEqual(jsonNamed(ingested, 'notes.json')['notes'], []);
  });

  test('of two files is one series; an hour in both is refused by name', async () => {
    const raw = [
      small({ hours: range(24) }, 'test/a.nc'),
      small({ hours: range(24).map((hour) => hour + 24) }, 'test/b.nc'),
    ];
    const made = await runStage(ingest(raw), cityOf());
    assert.equal(seriesNamed(made, 't2m.series').hours.length, 48);
    const twice = [small({ hours: range(24) }, 'test/a.nc'), small({ hours: range(30) }, 'test/b.nc')];
    const problem = await refusalOf(runStage(ingest(twice), cityOf()));
    assert.match(problem.found, /^2025-06-21T00:00:00.000Z, which test\/a.nc has as well/);
  });

  test('with gaps notes them', async () => {
    const hours = range(48).filter((hour) => hour < 5 || hour > 7);
    const made = await runStage(ingest([small({ hours })]), cityOf());
    assert.deepEqual(textsOf(jsonNamed(made, 'notes.json')['notes']), [
      't2m: 3 of 48 times are missing (2025-06-21T05:00Z, 2025-06-21T06:00Z, 2025-06-21T07:00Z)',
    ]);
  });

  test('with a time of no value, or of days that begin late, notes it', () => {
    const { grid } = {
      grid: { crs: 'EPSG:4326', columns: 1, rows: 1, transform: [1, 0, 0, 0, -1, 1] as const },
    };
    const notesOf = (hours: readonly number[], values: readonly number[]) =>
      textsOf(
        hourNotes('era5.nc', cityOf().period, {
          ...{ grid, units: 'K', name: 't2m', values: Float32Array.from(values) },
          hours: hours.map((hour) => (FIRST + hour) * 3_600_000),
        }),
      );
    assert.deepEqual(notesOf([0, 24], [290, NaN]), [
      't2m: 1 of 2 times have no value in any cell (2025-06-22T00:00Z)',
    ]);
    assert.deepEqual(notesOf([24, 48], [290, 291]), ['t2m: 1 of 2 times are missing (2025-06-21T00:00Z)']);
  });

  test('without an hour of the period, of another variable or of no file is refused with what is there', async () => {
    const late = cityOf({ period: { start: '2026-01-01', end: '2026-01-02' } });
    const period = await refusalOf(runStage(ingest([small({})]), late));
    assert.match(
      `${period.found}; ${period.expected}`,
      /from 2025-06-21T00:00Z to 2025-06-22T23:00Z; hours from 2026-01-01 to 2026-01-02/,
    );
    const wind = await refusalOf(runStage(ingest([small({ name: 'u10', units: 'm s**-1' })]), cityOf()));
    assert.match(`${wind.found}; ${wind.expected}`, /u10.*; the variable t2m/);
    const none = await refusalOf(runStage(ingest([small({}, 'elsewhere/era5.nc')]), cityOf()));
    assert.match(`${none.place} ${none.expected}`, /^sources.era5 files whose names begin with "test\/"/);
    // A file of the bucket does not stand in for one that is fetched.
    const fetched = cityOf({ sources: { era5: { provider: 'cds' } } });
    const cds = await refusalOf(runStage(ingest([small({})]), fetched));
    assert.match(`${cds.place} ${cds.expected}`, /^sources.era5 files that are fetched from cds/);
  });

  test('makes the extremes of days from the hours, and humidity from the dew point', async () => {
    const raw = [
      small({}, 'test/t.nc'),
      small({ name: 'd2m', value: (hour, cell) => usual(hour, cell) - 5 }, 'test/d.nc'),
    ];
    const made = await runStage(ingest(raw), cityOf({ variables: ['t2m', 'tx', 'tn', 'rh'] }));
    const [tx, tn, rh] = ['tx', 'tn', 'rh'].map((name) => seriesNamed(made, `${name}.series`));
    assert.deepEqual([tx!.hours.length, tn!.hours.length, rh!.units], [2, 2, '%']);
    const hourly = seriesNamed(made, 't2m.series');
    const ofDay = range(24).map((hour) => hourly.values[hour * 144 + 7]!);
    assert.deepEqual([tx!.values[7], tn!.values[7]], [Math.max(...ofDay), Math.min(...ofDay)]);
    // 17 °C with a dew point of 12 °C: about 72 %.
    assert.ok(rh!.values.every((value) => value > 70 && value < 75));
  });

  test('has no extreme of a day that lacks hours', async () => {
    const made = await runStage(ingest([small({ hours: range(41) })]), cityOf({ variables: ['t2m', 'tx'] }));
    assert.deepEqual(seriesNamed(made, 'tx.series').hours, [FIRST * 3_600_000]);
  });

  test('whose dew point is on another grid, or of other hours, has no humidity', async () => {
    const problemWith = (dew: Small) => {
      const files = [small({}, 'test/t.nc'), small({ name: 'd2m', ...dew }, 'test/d.nc')];
      return refusalOf(runStage(ingest(files), cityOf({ variables: ['t2m', 'rh'] })));
    };
    assert.match((await problemWith({ side: 11 })).found, /^11 × 11 cells of another grid/);
    assert.match((await problemWith({ hours: [60, 61] })).found, /^no hour that t2m has/);
  });

  test('that is made coarser keeps its means, is its own reference, and is covered by it', async () => {
    const city = cityOf({ sources: { era5: { coarsen: 3 } } });
    const ingested = await runStage(ingest([small({ side: 13 })]), city);
    const [coarse, fine] = [seriesNamed(ingested, 't2m.series'), seriesNamed(ingested, 'reference.series')];
    assert.deepEqual([coarse.grid.columns, fine.grid.columns], [4, 12]);
    const block = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => fine.values[row * 12 + column]!));
    assert.ok(Math.abs(coarse.values[0]! - block.reduce((sum, value) => sum + value, 0) / 9) < 1e-4);
    const processed = await runStage(preprocess, city, { ingest: ingested });
    const cover = coverOf(
      seriesNamed(processed, 'reference.series').grid,
      seriesNamed(processed, 't2m.series').grid,
    );
    assert.equal(cover.kind, 'cover');
  });

  test('around a smaller reference is cut to the cells that the reference covers whole', async () => {
    const city = cityOf({ sources: { era5: { path: 'test/era5' }, reference: { path: 'test/truth' } } });
    const raw = [small({}, 'test/era5.nc'), small({ side: 24, step: 0.0125 }, 'test/truth.nc')];
    const processed = await runStage(preprocess, city, { ingest: await runStage(ingest(raw), city) });
    const [fine, coarse] = [seriesNamed(processed, 'reference.series'), seriesNamed(processed, 't2m.series')];
    assert.equal(coverOf(fine.grid, coarse.grid).kind, 'cover');
    assert.equal(coarse.grid.columns, 6);
  });
});

describe('real files', { skip: skipShared }, () => {
  test('Treichville: a clouded scene is masked, and its gaps are filled from a clear one', async () => {
    const names = ['2024-01-29', '2025-01-13'].flatMap((day) =>
      ['B04', 'B08', 'B11', 'SCL'].map((band) => `${day}_${band}.tif`),
    );
    const raw = (wanted: string) =>
      names
        .filter((name) => name.includes(wanted))
        .map((name) => rawFile(shared(`sentinel2/abidjan-treichville/${name}`), `test/${name}`));
    const city = cityOf({
      extent: { bbox_wgs84: [-4.0205, 5.295, -4.0018, 5.316] },
      grid: { crs: 'EPSG:32630', resolution_m: 50 },
      sources: { era5: {}, sentinel2: { path: 'test/20' } },
    });
    const bands = async (wanted: string) => {
      const made = (await sceneFiles(city, raw(wanted))).files;
      const inputs = {
        names: () => made.map(({ name }) => name),
        read: async (_: unknown, name: string) => fileNamed(made, name),
      };
      return bandsOf(inputs, targetGrid(city));
    };
    const missing = async (wanted: string) =>
      (await rasterNamed(await bands(wanted), 'B08.tif')).values.filter(Number.isNaN).length;
    const [clear, clouded, both] = [await missing('2024'), await missing('2025'), await missing('20')];
    assert.ok(clouded > clear + 200, `${clouded} of a clouded scene, ${clear} of a clear one`);
    assert.equal(both, clear);
  });

  test('a scene of another place is refused', async () => {
    const raw = [
      small({}),
      rawFile(shared('sentinel2/abidjan-treichville/2024-01-29_B04.tif'), 'test/2024_B04.tif'),
    ];
    const city = cityOf({ sources: { era5: {}, sentinel2: {} } });
    assert.match((await refusalOf(runStage(ingest(raw), city))).found, /^a scene of another place/);
  });

  test('Helsinki: shares of water, green and buildings, and distances from roads', async () => {
    const raw = ['roads', 'buildings', 'water', 'green'].map((layer) =>
      rawFile(shared(`osm/helsinki-centre_${layer}.geojson`), `test/osm_${layer}.geojson`),
    );
    const city = cityOf({
      extent: { bbox_wgs84: [24.935, 60.164, 24.953, 60.179] },
      grid: { crs: 'EPSG:32635', resolution_m: 20 },
      sources: { era5: {}, osm: {} },
    });
    const { files } = outlineFiles(raw);
    assert.ok(outlinesIn(fileNamed(files, 'osm-buildings.geojson')).length >= 450);
    const made = await runStage(features, city, { preprocess: files });
    for (const layer of ['water', 'green', 'built']) {
      const { values } = await rasterNamed(made, `${layer}.tif`);
      assert.ok(values.every((value) => value >= 0 && value <= 1));
      assert.ok(
        values.some((value) => value > 0.9),
        layer,
      );
    }
    const { values } = await rasterNamed(made, 'distance-roads.tif');
    assert.ok(values.every((value) => value >= 0 && value < 500));
    const { layers } = jsonNamed(made, 'features_metadata.json') as {
      layers: Record<string, { reason?: Coded; mean: number | null }>;
    };
    assert.deepEqual(layers['ndvi']!.reason, coded('no-bands', { first: 'B08.tif', second: 'B04.tif' }));
    assert.ok(layers['built']!.mean! > 0.2 && layers['built']!.mean! < 0.7);
  });
});
