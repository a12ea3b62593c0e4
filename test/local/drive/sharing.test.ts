// Who sees the folder: people it is shared with, and clients that know of shared drives.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Iam } from '../../../local/iam/iam.ts';
import { memoryState } from '../../../local/state/state.ts';
import { FOLDER_ID, openFolder, textOf, type DriveFolder } from './folder.ts';

const READER = 'detect-changes@p.iam.gserviceaccount.com';
const BOTH = { supportsAllDrives: true, includeItemsFromAllDrives: true };

test('a caller with whom the folder is not shared gets 404', async (t) => {
  const iam = new Iam({ state: memoryState(), projectId: 'p' });
  iam.ensureServiceAccount(READER);
  const folder = await openFolder(t, { authorize: iam.authorize, caller: READER });
  const q = `'${FOLDER_ID}' in parents`;
  await folder.write('a.xlsx', 'one');
  await assert.rejects(folder.client.files.list({ q }), { status: 404 });
  await assert.rejects(folder.client.files.get({ fileId: FOLDER_ID }), { status: 404 });
  await assert.rejects(folder.client.changes.getStartPageToken({}), { status: 404 });
  iam.grant({
    role: 'drive.reader',
    member: `serviceAccount:${READER}`,
    resource: `drive/folders/${FOLDER_ID}`,
  });
  const { data } = await folder.client.files.list({ q });
  assert.equal(data.files?.length, 1);
});

test('of two folders each has its own files, and is seen by those with whom it is shared', async (t) => {
  const iam = new Iam({ state: memoryState(), projectId: 'p' });
  iam.ensureServiceAccount(READER);
  const other = await mkdtemp(join(tmpdir(), 'drive-'));
  t.after(() => rm(other, { recursive: true, force: true }));
  const state = memoryState();
  const owner = await openFolder(t, { others: { 'folder-2': other }, state });
  await owner.write('a.xlsx', 'one');
  await writeFile(join(other, 'a.xlsx'), 'two');
  const inFolder = async (folder: DriveFolder, id: string) =>
    (await folder.client.files.list({ q: `'${id}' in parents`, fields: 'files(id,name,parents)' })).data
      .files;
  const [one] = (await inFolder(owner, FOLDER_ID)) ?? [];
  const [two] = (await inFolder(owner, 'folder-2')) ?? [];
  assert.deepEqual(
    [one?.name, one?.parents, two?.name, two?.parents],
    ['a.xlsx', [FOLDER_ID], 'a.xlsx', ['folder-2']],
  );
  assert.notEqual(one?.id, two?.id);
  const bytes = await owner.client.files.get(
    { fileId: String(two?.id), alt: 'media' },
    { responseType: 'arraybuffer' },
  );
  assert.equal(textOf(bytes.data), 'two');
  const all = await owner.client.files.list({});
  assert.equal(all.data.files?.length, 2);

  const resource = 'drive/folders/folder-2';
  iam.grant({ role: 'drive.reader', member: `serviceAccount:${READER}`, resource });
  const both = { others: { 'folder-2': other }, path: owner.path, state };
  const reader = await openFolder(t, { ...both, authorize: iam.authorize, caller: READER });
  assert.equal((await inFolder(reader, 'folder-2'))?.length, 1);
  assert.equal((await reader.client.files.list({})).data.files?.length, 1);
  await assert.rejects(inFolder(reader, FOLDER_ID), { status: 404 });
  await assert.rejects(reader.client.files.get({ fileId: String(one?.id) }), { status: 404 });
  const { data } = await reader.client.changes.list({ pageToken: '1' });
  assert.deepEqual(
    data.changes?.map(({ fileId }) => fileId),
    [two?.id],
  );
});

test('a folder in a shared drive is seen only by a client that sets both parameters', async (t) => {
  const folder = await openFolder(t, { driveId: 'D' });
  await folder.write('a.xlsx', 'one');
  const count = async (query: object) =>
    (await folder.client.files.list({ q: `'${FOLDER_ID}' in parents`, ...query })).data.files?.length;
  assert.equal(await count({}), 0);
  assert.equal(await count({ supportsAllDrives: true }), 0);
  assert.equal(await count({ includeItemsFromAllDrives: true }), 0);
  assert.equal(await count(BOTH), 1);
  assert.equal(await count({ ...BOTH, corpora: 'drive', driveId: 'D' }), 1);
  assert.equal(await count({ ...BOTH, corpora: 'allDrives' }), 1);
  await assert.rejects(count({ ...BOTH, corpora: 'drive', driveId: 'E' }), { message: /not found: E/ });
  await assert.rejects(count({ ...BOTH, driveId: 'D' }), { status: 400 });
});

test('a file in a shared drive is found only by a client that knows of shared drives', async (t) => {
  const folder = await openFolder(t, { driveId: 'D' });
  await folder.write('a.xlsx', 'one');
  const fileId = String((await folder.file('a.xlsx')).id);
  await assert.rejects(folder.client.files.get({ fileId }), { status: 404 });
  const { data } = await folder.client.files.get({ fileId, supportsAllDrives: true, fields: 'driveId' });
  assert.equal(data.driveId, 'D');
});

test('changes in a shared drive are listed for a client that supports shared drives', async (t) => {
  const folder = await openFolder(t, { driveId: 'D' });
  const start = await folder.client.changes.getStartPageToken({ driveId: 'D', supportsAllDrives: true });
  const pageToken = String(start.data.startPageToken);
  await folder.write('a.xlsx', 'one');
  const count = async (query: object) =>
    (await folder.client.changes.list({ pageToken, ...query })).data.changes?.length;
  assert.equal(await count({}), 0);
  assert.equal(await count({ ...BOTH, driveId: 'D' }), 1);
});

test('push channels are refused by name', async (t) => {
  const folder = await openFolder(t);
  const watch = folder.client.changes.watch({ pageToken: '1', requestBody: { id: 'c', type: 'web_hook' } });
  await assert.rejects(watch, { status: 501, message: /changes\/watch/ });
});
