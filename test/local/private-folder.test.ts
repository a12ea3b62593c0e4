// The folder of the local cloud is readable by its owner only, new or found with wider rights.
import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openMesh } from '../../cli/local-mesh.ts';
import { privateFolder } from '../../local/state/private-folder.ts';

const rightsOf = (path: string): string => (lstatSync(path).mode & 0o777).toString(8);

test('a folder that others could read is closed to them, and a new one is made closed', () => {
  const root = mkdtempSync(join(tmpdir(), 'private-'));
  const former = process.umask(0);
  try {
    for (const folder of [join(root, 'new', 'data'), join(root, 'old')]) {
      if (folder.endsWith('old')) {
        mkdirSync(folder);
        chmodSync(folder, 0o777);
        writeFileSync(join(folder, 'kept'), 'kept');
      }
      privateFolder(folder);
      assert.equal(rightsOf(folder), '700');
    }
    assert.equal(statSync(join(root, 'old', 'kept')).size, 4);
  } finally {
    process.umask(former);
    rmSync(root, { recursive: true });
  }
});

test('all that a mesh writes is for its owner alone, also in a folder that stood open', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'private-mesh-'));
  const former = process.umask(0o022);
  t.after(() => {
    process.umask(former);
    rmSync(root, { recursive: true });
  });
  const folders = { data: join(root, 'data'), drive: join(root, 'drive') };
  for (const folder of Object.values(folders)) mkdirSync(folder, { mode: 0o755 });
  const cloud = await openMesh(folders, { moving: false });
  try {
    assert.equal(rightsOf(folders.data), '700');
    const written = readdirSync(folders.data, { recursive: true }).map(String);
    assert.ok(written.includes('state.db') && written.includes('running.json'));
    for (const path of written) assert.match(rightsOf(join(folders.data, path)), /^.00$/, path);
  } finally {
    await cloud.close();
  }
});
