// Runs the job as its container does, on one small city whose weather is a file of HDF5, beside a Cloud Storage of its own.
import assert from 'node:assert/strict';
import type { Bucket } from '@google-cloud/storage';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startService } from '../../local/storage/service.ts';
import { RUN, runJob } from '../forecast/container.ts';
import { recorded } from './formats/files.ts';

/** The job as it stands in the tree. */
export const SOURCES: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../../../jobs/heat/main.ts', import.meta.url)),
];
const FOLDER = `heat/${RUN}/attempt-1/`;

const CONFIGURATION = `
city: saint-lo
period: { start: 2018-12-31, end: 2019-01-01 }
grid: { crs: EPSG:3857, resolution_m: 5000 }
extent: { bbox_wgs84: [-0.4, 48.5, 0.1, 49.0] }
sources: { era5: { path: era5 } }
`;

/** The hash of each file that the manifest names. */
export async function outputOf(t: TestContext, command: readonly string[]): Promise<Record<string, string>> {
  const { bucket, origin } = await startService(t);
  await freeze(bucket);
  const { code, stdout, stderr } = await runJob(origin, { PIPELINE: 'heat' }, command);
  assert.equal(code, 0, stdout + stderr);
  const [text] = await bucket.file(`${FOLDER}output.json`).download();
  const { files } = JSON.parse(text.toString('utf8')) as { files?: readonly { readonly name: string }[] };
  assert.ok(files !== undefined, text.toString('utf8'));
  const hashes: Record<string, string> = {};
  for (const { name } of files) {
    const [bytes] = await bucket.file(FOLDER + name).download();
    hashes[name] = createHash('sha256').update(bytes).digest('hex');
  }
  return hashes;
}

async function freeze(bucket: Bucket): Promise<void> {
  const sources = [
    { role: 'cities', name: 'saint-lo.yml', bytes: Buffer.from(CONFIGURATION) },
    { role: 'raw', name: 'era5.nc', bytes: readFileSync(recorded('old-hdf5.nc').path) },
  ];
  const files = [];
  for (const [index, { role, name, bytes }] of sources.entries()) {
    const object = `heat/${RUN}/input/${role}-${index}.frozen`;
    await bucket.file(object).save(bytes, { resumable: false });
    const md5 = createHash('md5').update(bytes).digest('base64');
    files.push({ role, name, object, sizeBytes: bytes.length, md5 });
  }
  const manifest = { pipeline: 'heat', run: RUN, revision: 'r', files, frozenAt: '2025-03-31T00:00:00Z' };
  await bucket.file(`heat/${RUN}/input.json`).save(JSON.stringify(manifest), { resumable: false });
}
