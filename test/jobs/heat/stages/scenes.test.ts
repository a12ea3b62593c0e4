// How reflectances of scenes are stored: with and without the offset that products have from baseline 04.00 on.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sceneFiles } from '../../../../jobs/heat/stages/ingest/scenes.ts';
import { geotiffOf } from '../../../../local/sample/city/geotiff.ts';
import { cityOf, rasterNamed, rawFile } from './run-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'heat-scenes-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const CELLS = 400;
const place = { columns: 20, rows: 20, epsg: 32631, west: 448_000, north: 5_411_000, cell: 500 };

/** A band whose first cell has no value, and whose others are `numbers` one after the other. */
function band(name: string, numbers: readonly number[]) {
  const path = join(folder, `${name}-${numbers.join('-')}.tif`);
  const values = Uint16Array.from({ length: CELLS }, (_, at) =>
    at === 0 ? 0 : numbers[at % numbers.length]!,
  );
  writeFileSync(path, geotiffOf({ ...place, values }));
  return rawFile({ path }, `test/s_${name}.tif`);
}

const read = async (
  b04: readonly number[],
  b08: readonly number[],
  sentinel2: Record<string, unknown> = {},
) => {
  const city = cityOf({ sources: { era5: {}, sentinel2 } });
  const { files, notes } = await sceneFiles(city, [band('B04', b04), band('B08', b08)]);
  const [red, infrared] = [await rasterNamed(files, '1_B04.tif'), await rasterNamed(files, '1_B08.tif')];
  return { red: red.values, infrared: infrared.values, notes: notes.map(({ text }) => text).join('\n') };
};

test('whole numbers are ten thousandths, and harmonised ones need no offset', async () => {
  const { red, infrared, notes } = await read([400, 800], [3000, 5000]);
  assert.deepEqual([red[2], infrared[1]], [Math.fround(0.04), 0.5]);
  assert.doesNotMatch(notes, /offset/);
});

test('the configured offset is added to whole numbers, of which 0 is no value', async () => {
  const { red, infrared, notes } = await read([1400, 1800], [4000, 6000], { boa_add_offset: -1000 });
  assert.deepEqual([red[2], infrared[1]], [Math.fround(0.04), 0.5]);
  assert.ok(Number.isNaN(red[0]));
  assert.doesNotMatch(notes, /offset/);
});

test('a scene without dark pixels in any band gets a note that names the key', async () => {
  const { notes } = await read([1400, 1800], [4000, 6000]);
  assert.match(
    notes,
    /^test\/s: nearly all numbers are 1000 or more;.*sources.sentinel2.boa_add_offset: -1000$/m,
  );
});

test('an offset that no product has is refused by its key', () => {
  assert.throws(
    () => cityOf({ sources: { era5: {}, sentinel2: { boa_add_offset: -20_000 } } }),
    /boa_add_offset/,
  );
});
