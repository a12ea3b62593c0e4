// The log of changes: where each file stands now, in the order of its last change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../../local/clock.ts';
import { openState } from '../../../local/state/state.ts';
import { openFolder, type DriveFolder } from './folder.ts';

async function changesSince(folder: DriveFolder, token: string, pageSize = 100) {
  const { data } = await folder.client.changes.list({
    pageToken: token,
    pageSize,
    supportsAllDrives: true,
    includeItemsFromAllDrives: true,
    fields: 'newStartPageToken,nextPageToken,changes(fileId,removed,file(name,trashed,md5Checksum))',
  });
  return data;
}

async function startToken(folder: DriveFolder): Promise<string> {
  return String((await folder.client.changes.getStartPageToken({})).data.startPageToken);
}

test('a change is listed once per file, with the file as it is now', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.xlsx', 'one');
  const token = await startToken(folder);
  assert.deepEqual((await changesSince(folder, token)).changes, []);
  await folder.write('b.xlsx', 'two');
  const fileB = await folder.file('b.xlsx');
  await folder.move('a.xlsx', 'c.xlsx');
  await folder.files();
  await folder.write('b.xlsx', 'three');
  const { changes, newStartPageToken } = await changesSince(folder, token);
  assert.deepEqual(
    changes?.map((change) => [change.file?.name, change.removed]),
    [
      ['c.xlsx', false],
      ['b.xlsx', false],
    ],
  );
  assert.equal(changes?.[1]?.fileId, fileB.id);
  assert.deepEqual((await changesSince(folder, String(newStartPageToken))).changes, []);
});

test('a file that leaves is trashed; one that leaves the trash is removed, and only its id is known', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.xlsx', 'one');
  await folder.write('.trash/b.xlsx', 'two');
  const token = await startToken(folder);
  await folder.remove('a.xlsx');
  await folder.remove('.trash/b.xlsx');
  const { changes } = await changesSince(folder, token);
  const trashed = changes?.find((change) => change.removed === false);
  const removed = changes?.find((change) => change.removed === true);
  assert.equal(changes?.length, 2);
  assert.deepEqual([trashed?.file?.name, trashed?.file?.trashed], ['a.xlsx', true]);
  assert.equal(removed?.file, undefined);
  await assert.rejects(folder.client.files.get({ fileId: String(removed?.fileId) }), { status: 404 });
});

test('a file that left 30 days ago is removed for good', async (t) => {
  const clock = new VirtualClock();
  const folder = await openFolder(t, { clock });
  await folder.write('a.xlsx', 'one');
  const fileId = String((await folder.file('a.xlsx')).id);
  await folder.remove('a.xlsx');
  const token = await startToken(folder);
  clock.advance(30 * 24 * 3600 * 1000 - 1);
  assert.deepEqual((await changesSince(folder, token)).changes, []);
  clock.advance(1);
  assert.deepEqual((await changesSince(folder, token)).changes, [{ fileId, removed: true }]);
});

test('only the last page tells where to go on later', async (t) => {
  const folder = await openFolder(t);
  const token = await startToken(folder);
  for (const name of ['a', 'b', 'c']) await folder.write(name, name);
  const first = await changesSince(folder, token, 2);
  assert.equal(first.changes?.length, 2);
  assert.equal(first.newStartPageToken, undefined);
  const last = await changesSince(folder, String(first.nextPageToken), 2);
  assert.equal(last.changes?.length, 1);
  assert.equal(last.nextPageToken, undefined);
  assert.equal(last.newStartPageToken, await startToken(folder));
});

test('a token is good after a restart, and what is no token is refused', async (t) => {
  const folder = await openFolder(t);
  const state = openState(`${folder.path}/.state/state.db`);
  t.after(() => state.close());
  const first = await openFolder(t, { path: folder.path, state });
  const token = await startToken(first);
  await folder.write('a.xlsx', 'one');
  const second = await openFolder(t, { path: folder.path, state });
  assert.equal((await changesSince(second, token)).changes?.length, 1);
  await assert.rejects(changesSince(second, 'soon'), { status: 400, message: /Invalid Value/ });
});
