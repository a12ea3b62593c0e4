// A file's id stays; what it is called, where it lies and what it holds may change.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rename, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { memoryState, openState } from '../../../local/state/state.ts';
import { FOLDER_ID, openFolder } from './folder.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

test('a file is listed with its hash, size, type, times and parents', async (t) => {
  const folder = await openFolder(t);
  await folder.write('Transco.xlsx', 'codes');
  await utimes(join(folder.path, 'Transco.xlsx'), 1_700_000_000, 1_700_000_000.5);
  const file = await folder.file('Transco.xlsx');
  assert.equal(file.md5Checksum, md5('codes'));
  assert.equal(file.size, '5');
  assert.equal(file.mimeType, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
  assert.equal(file.modifiedTime, '2023-11-14T22:13:20.500Z');
  assert.deepEqual(file.parents, [FOLDER_ID]);
  assert.equal(file.version, '1');
  assert.ok(file.id && file.headRevisionId);
});

test('a renamed file keeps its id and revision, and its version rises', async (t) => {
  const folder = await openFolder(t);
  await folder.write('old.xlsx', 'a');
  const before = await folder.file('old.xlsx');
  await folder.move('old.xlsx', 'new.xlsx');
  const after = await folder.file('new.xlsx');
  assert.equal(after.id, before.id);
  assert.equal(after.headRevisionId, before.headRevisionId);
  assert.equal(after.version, '2');
  assert.equal((await folder.files()).length, 1);
});

test('a new content of the same length, written at once, is a new revision of the same file', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.xlsx', 'one');
  let before = await folder.file('a.xlsx');
  for (const content of ['two', 'six', 'ten', 'old', 'new']) {
    await folder.write('a.xlsx', content);
    const after = await folder.file('a.xlsx');
    assert.equal(after.md5Checksum, md5(content));
    assert.equal(after.id, before.id);
    assert.notEqual(after.headRevisionId, before.headRevisionId);
    assert.ok(Number(after.version) > Number(before.version));
    before = after;
  }
});

test('looking again changes nothing', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.xlsx', 'one');
  const before = await folder.files();
  assert.deepEqual(await folder.files(), before);
});

test('a file saved by an editor that renames a new one over it keeps its id', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.xlsx', 'one');
  const before = await folder.file('a.xlsx');
  await folder.write('~$a.xlsx', 'two');
  assert.equal((await folder.files()).length, 2);
  await folder.move('~$a.xlsx', 'a.xlsx');
  const after = await folder.file('a.xlsx');
  assert.equal(after.id, before.id);
  assert.equal(after.md5Checksum, md5('two'));
  assert.equal((await folder.files()).length, 1);
  await folder.move('a.xlsx', 'b.xlsx');
  assert.equal((await folder.file('b.xlsx')).id, before.id);
});

test('a file taken out is trashed, and the same file brought back has the same id', async (t) => {
  const folder = await openFolder(t);
  const outside = await openFolder(t);
  await folder.write('a.xlsx', 'one');
  const { id } = await folder.file('a.xlsx');
  const fileId = String(id);
  await folder.move('a.xlsx', `../${outside.path.split('/').at(-1)}/a.xlsx`);
  assert.deepEqual(await folder.files(), []);
  const { data } = await folder.client.files.get({ fileId, fields: 'trashed,name' });
  assert.deepEqual(data, { trashed: true, name: 'a.xlsx' });
  await assert.rejects(folder.client.files.get({ fileId, alt: 'media' }), { status: 404 });
  await outside.move('a.xlsx', `../${folder.path.split('/').at(-1)}/a.xlsx`);
  assert.equal((await folder.file('a.xlsx')).id, fileId);
});

test('another file under the name of one that was deleted before is another file', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.xlsx', 'one');
  const before = await folder.file('a.xlsx');
  await folder.remove('a.xlsx');
  assert.deepEqual(await folder.files(), []);
  await folder.write('a.xlsx', 'one');
  assert.notEqual((await folder.file('a.xlsx')).id, before.id);
});

test('the trash is a subfolder: its files are trashed, keep their bytes, and come back by their id', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.xlsx', 'one');
  const fileId = String((await folder.file('a.xlsx')).id);
  await folder.move('a.xlsx', '.trash/a.xlsx');
  assert.deepEqual(await folder.files(), []);
  const trashed = await folder.client.files.list({ q: `'${FOLDER_ID}' in parents and trashed = true` });
  assert.deepEqual(
    trashed.data.files?.map((file) => file.id),
    [fileId],
  );
  const bytes = await folder.client.files.get({ fileId, alt: 'media' }, { responseType: 'text' });
  assert.equal(bytes.data, 'one');
  await folder.move('.trash/a.xlsx', 'a.xlsx');
  assert.equal((await folder.file('a.xlsx')).id, fileId);
});

test('two files may have one name, as in Drive', async (t) => {
  const folder = await openFolder(t);
  await folder.write('Transco.xlsx', 'one');
  await folder.write('.duplicates/1/Transco.xlsx', 'two');
  const files = await folder.files();
  assert.deepEqual(
    files.map((file) => [file.name, file.md5Checksum]),
    [
      ['Transco.xlsx', md5('one')],
      ['Transco.xlsx', md5('two')],
    ],
  );
  assert.notEqual(files[0]?.id, files[1]?.id);
});

test('subfolders are entries without content, lock files are files, dotfiles and links are not there', async (t) => {
  const folder = await openFolder(t);
  await folder.write('2024/deep.xlsx', 'deep');
  await folder.write('~$a.xlsx', 'lock');
  await folder.write('.DS_Store', 'x');
  await symlink('/etc/hostname', join(folder.path, 'link.xlsx'));
  await symlink('/etc', join(folder.path, '.trash'));
  const files = await folder.files();
  assert.deepEqual(
    files.map((file) => [file.name, file.mimeType, file.md5Checksum === undefined]),
    [
      ['2024', 'application/vnd.google-apps.folder', true],
      ['~$a.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', false],
    ],
  );
});

test('ids, versions and revisions outlive a restart', async (t) => {
  const folder = await openFolder(t);
  const state = openState(join(folder.path, '.state/state.db'));
  t.after(() => state.close());
  await folder.write('a.xlsx', await readFile(new URL(import.meta.url)));
  const first = await openFolder(t, { path: folder.path, state });
  const second = await openFolder(t, { path: folder.path, state });
  assert.deepEqual(await second.files(), await first.files());
});

test('concurrent listings see the same files', async (t) => {
  const folder = await openFolder(t);
  const names = Array.from({ length: 40 }, (_, i) => `${10 + i}.csv`);
  await Promise.all(names.map((name) => folder.write(name, name)));
  const polls = await Promise.all(Array.from({ length: 8 }, () => folder.files()));
  for (const poll of polls) assert.deepEqual(poll, polls[0]);
  assert.deepEqual(
    polls[0]?.map((file) => file.name),
    names,
  );
});

test('two files that swap their names swap their contents, as a synchronised Drive sees it', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.xlsx', 'one');
  await folder.write('b.xlsx', 'two');
  const before = await folder.files();
  await folder.move('a.xlsx', 'c.xlsx');
  await folder.move('b.xlsx', 'a.xlsx');
  await folder.move('c.xlsx', 'b.xlsx');
  const after = await folder.files();
  assert.deepEqual(
    after.map((file) => file.id),
    before.map((file) => file.id),
  );
  assert.deepEqual(
    after.map((file) => file.md5Checksum),
    [md5('two'), md5('one')],
  );
});

test('a subfolder in the place of a file is another thing with another id', async (t) => {
  const folder = await openFolder(t);
  await folder.write('2024', 'a file');
  const before = await folder.file('2024');
  await folder.remove('2024');
  await folder.write('2024/a.xlsx', 'one');
  const after = await folder.file('2024');
  assert.notEqual(after.id, before.id);
  assert.equal(after.mimeType, 'application/vnd.google-apps.folder');
});

test('a folder that is not there is not an empty folder', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.xlsx', 'one');
  const before = await folder.file('a.xlsx');
  await rename(folder.path, `${folder.path}-away`);
  await assert.rejects(folder.files(), { status: 404 });
  await rename(`${folder.path}-away`, folder.path);
  assert.deepEqual(await folder.file('a.xlsx'), before);
});

test('files that an older catalog knew, which had one folder, are those of the first', async (t) => {
  const state = memoryState();
  const before = await openFolder(t, { state });
  await before.write('a.xlsx', 'one');
  const { id } = await before.file('a.xlsx');
  state.sql.exec('ALTER TABLE drive_files DROP COLUMN folder');
  const after = await openFolder(t, { state, path: before.path });
  assert.equal((await after.file('a.xlsx')).id, id);
});
