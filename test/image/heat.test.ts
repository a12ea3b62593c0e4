// Method: as in image.test.ts, for the image of the heat job, whose thread reads NetCDF-4 by WebAssembly.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { outputOf, SOURCES } from '../jobs/heat/small-run.ts';
import { buildImage, contained, type Image } from './image.ts';
import { thisMachine, whatIsMissing } from './machine.ts';

const skip =
  process.env['MESH_IMAGE'] === '1' ? false : 'it builds an image for minutes; npm run check:image does';
const LONGEST_MS = 3_600_000;
const MOST_TRIES = 10;

describe('the image of the heat job', { skip, timeout: LONGEST_MS }, () => {
  let folder: string;
  let image: Image;

  before(async () => {
    assert.equal(whatIsMissing(thisMachine), undefined);
    folder = mkdtempSync(join(tmpdir(), 'sluice-heat-image-'));
    image = await buildImage(folder, 'heat');
  });
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: MOST_TRIES }));

  test('starts Node itself, as a user that is not root', () => {
    assert.match(image.config.User, /^[1-9]\d*:[1-9]\d*$/);
    assert.deepEqual(image.config.Entrypoint, ['node', 'main.mjs']);
  });

  test('writes the bytes that the job writes as it stands in the tree', async (t) => {
    const asImage = await outputOf(t, contained(image));
    assert.deepEqual(asImage, await outputOf(t, SOURCES));
  });
});
