// Method: the job is bundled as its image is, and runs from a folder without the tree and its libraries, on a file that
// the worker and its HDF5 read; its output must have the bytes of the job as it stands in the tree.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { bundleJob } from '../../../build/job.ts';
import { outputOf, SOURCES } from './small-run.ts';

const LONGEST_MS = 300_000;

describe('the bundle of the job', { timeout: LONGEST_MS }, () => {
  let folder: string;
  let programs: readonly string[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'heat-bundle-'));
    const built = join(folder, 'built');
    programs = await bundleJob('heat', built);
    // Moved: what it would read beside itself must be in it.
    cpSync(built, join(folder, 'app'), { recursive: true });
    rmSync(built, { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('has the job and the thread that reads NetCDF-4', () => {
    assert.ok(programs.includes('main.mjs') && programs.includes('netcdf-worker.mjs'), programs.join(', '));
  });

  test('writes the bytes that the job writes as it stands in the tree', async (t) => {
    const bundled = await outputOf(t, [process.execPath, join(folder, 'app', 'main.mjs')]);
    const sources = await outputOf(t, SOURCES);
    assert.ok(
      'saint-lo_temperature.tif' in sources && 'indicators.csv' in sources,
      Object.keys(sources).join(),
    );
    assert.deepEqual(bundled, sources);
  });
});
