// A command that only reads opens a stopped mesh as the last provisioning left it, and provisions it where that did not end.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LOCAL_PROJECT, openMesh, type MeshOptions } from '../../../cli/local-mesh.ts';
import { runsBucketOf } from '../../../shared/deployment.ts';

const root = mkdtempSync(join(tmpdir(), 'reopened-'));
const folders = { data: join(root, 'data'), drive: join(root, 'drive') };
mkdirSync(folders.drive);
after(() => rmSync(root, { recursive: true, force: true }));

const DETECT_CHANGES = `sluice-detect-changes@${LOCAL_PROJECT}.iam.gserviceaccount.com`;
const STATE = `projects/_/buckets/${runsBucketOf(LOCAL_PROJECT)}/objects/carmila/state.json`;

/** Opens the mesh for reading, says whether detect-changes may read the state, and closes it, without grants if `forgetful`. */
async function mayRead(options: MeshOptions = {}, forgetful = false): Promise<boolean> {
  const cloud = await openMesh(folders, { moving: false, ...options });
  try {
    return cloud.iam.allows(DETECT_CHANGES, 'storage.objects.get', STATE);
  } finally {
    if (forgetful) cloud.iam.resetBindings();
    await cloud.close();
  }
}

test('what was provisioned is there when the mesh is opened again for reading, and is not provisioned again', async () => {
  assert.ok(await mayRead());
  assert.ok(await mayRead({}, true));
  assert.equal(await mayRead(), false, 'it was provisioned again');
});

test('where the provisioning did not end, or was for other settings, a reader provisions', async () => {
  rmSync(join(folders.data, 'provisioned.json'));
  assert.ok(await mayRead({}, true));
  assert.ok(await mayRead({ config: { 'sluice:overdueSeconds': '7' } }));
});
