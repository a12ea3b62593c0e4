// The contract of a source folder, through the unmodified Drive client over a plain folder.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import { driveFolder } from '../../shared/google/drive.ts';
import type { SourceFolder } from '../../shared/sources/drive.ts';
import {
  isReadable,
  type ListedFile,
  type SnapshotFile,
  type SourceFile,
} from '../../shared/sources/snapshot.ts';
import { FOLDER_ID, startMesh, type WatchedMesh } from './cloud.ts';
import { openFolder, FOLDER_ID as SHARED_FOLDER_ID } from '../local/drive/folder.ts';

let mesh: WatchedMesh;
let source: SourceFolder;
before(async () => {
  mesh = await startMesh();
  source = driveFolder(mesh.config);
});
after(() => mesh.close());

const md5Hex = (text: string) => createHash('md5').update(text).digest('hex');
const write = (name: string, text: string) => writeFile(join(mesh.drive, name), text);

async function fileNamed(name: string): Promise<SourceFile> {
  const found = (await source.list(FOLDER_ID)).filter((file) => file.name === name);
  assert.equal(found.length, 1, name);
  return found[0] as SourceFile;
}

function observed(file: ListedFile | undefined): SnapshotFile {
  assert.ok(file !== undefined && isReadable(file));
  return { ...file, role: 'any' };
}
const textOf = async (stream: Readable | undefined) =>
  stream === undefined ? undefined : Buffer.concat((await stream.toArray()) as Buffer[]).toString();

test('a file is listed with its hash, size and time, and read as it is', async () => {
  // A file system rounds times, to two seconds at worst.
  const beforeMs = Date.now() - 2_000;
  await write('Transco.xlsx', 'bytes');
  const file = await fileNamed('Transco.xlsx');
  assert.deepEqual(file.content, { kind: 'md5', md5Hex: md5Hex('bytes') });
  assert.equal(file.sizeBytes, 5);
  assert.ok(beforeMs <= file.modifiedAtMs && file.modifiedAtMs <= Date.now() + 2_000);
  assert.equal(await textOf(await source.read(observed(file))), 'bytes');
  assert.deepEqual(await source.contentNow(observed(file)), file.content);
});

test('names with quotes, accents and spaces are listed as people wrote them', async () => {
  const names = [`L'été "2025".xlsx`, 'a  b.xlsx', '%2e.xlsx', 'été.xlsx'.normalize('NFD')];
  for (const name of names) await write(name, name);
  const listed = (await source.list(FOLDER_ID)).map(({ name }) => name);
  for (const name of names) assert.ok(listed.includes(name), name);
});

test('a change is detected by the content, and a snapshot is distinguished from the folder as it is now', async () => {
  await write('edited.xlsx', 'one');
  const before = await fileNamed('edited.xlsx');
  await write('edited.xlsx', 'two!');
  const now = await source.contentNow(observed(before));
  assert.deepEqual(now, { kind: 'md5', md5Hex: md5Hex('two!') });
  assert.equal((await fileNamed('edited.xlsx')).id, before.id);
});

test('subfolders are not listed, nor what lies in them, nor the trash', async () => {
  await mkdir(join(mesh.drive, 'sub.xlsx'), { recursive: true });
  await write('sub.xlsx/deep.xlsx', 'deep');
  await mkdir(join(mesh.drive, '.trash'), { recursive: true });
  await write('doomed.xlsx', 'x');
  const doomed = await fileNamed('doomed.xlsx');
  await rename(join(mesh.drive, 'doomed.xlsx'), join(mesh.drive, '.trash/doomed.xlsx'));
  const names = (await source.list(FOLDER_ID)).map(({ name }) => name);
  for (const hidden of ['sub.xlsx', 'deep.xlsx', 'doomed.xlsx']) assert.ok(!names.includes(hidden), hidden);
  assert.equal(await source.contentNow(observed(doomed)), undefined);
});

test('an absent file is undefined, not an error', async () => {
  await write('gone.xlsx', 'x');
  const gone = await fileNamed('gone.xlsx');
  await unlink(join(mesh.drive, 'gone.xlsx'));
  assert.equal(await source.contentNow(observed(gone)), undefined);
  const never = { ...observed(gone), id: 'never-was' };
  assert.equal(await source.contentNow(never), undefined);
  assert.equal(await source.read(never), undefined);
});

test('a Google Sheet is identified by its version, and read as a workbook', async () => {
  await mkdir(join(mesh.drive, '.sheets'), { recursive: true });
  await write('.sheets/s.xlsx', 'workbook one');
  await write('Openings.gsheet', JSON.stringify({ xlsx: '.sheets/s.xlsx' }));
  const sheet = (await source.list(FOLDER_ID)).find(({ content }) => content.kind === 'sheet-version');
  assert.ok(sheet?.content.kind === 'sheet-version');
  assert.match(sheet.name, /^Openings/);
  assert.equal(await textOf(await source.read(observed(sheet))), 'workbook one');
  await write('.sheets/s.xlsx', 'workbook two');
  const now = await source.contentNow(observed(sheet));
  assert.ok(now?.kind === 'sheet-version' && Number(now.version) > Number(sheet.content.version));
});

test('a Sheet too large to be exported is refused for good, with the reason', async () => {
  await write('.sheets/large.xlsx', 'x'.repeat(10 * 1024 * 1024 + 1));
  await write('Large.gsheet', JSON.stringify({ xlsx: '.sheets/large.xlsx' }));
  const sheet = (await source.list(FOLDER_ID)).find(({ name }) => name.startsWith('Large'));
  assert.ok(sheet);
  await assert.rejects(
    source.read(observed(sheet)),
    (error: unknown) =>
      error instanceof PermanentError && /"Large.*cannot be read from Drive/.test(error.message),
  );
});

test('a folder of a shared drive is listed and read as one of one’s own', async (t) => {
  const shared = await openFolder(t, { driveId: 'drive-1' });
  await shared.write('x.xlsx', 'shared');
  const folder = driveFolder({ ...mesh.config, GOOGLE_API_ENDPOINT: shared.url });
  const [file] = await folder.list(SHARED_FOLDER_ID);
  assert.equal(file?.name, 'x.xlsx');
  assert.equal(await textOf(await folder.read(observed(file))), 'shared');
  assert.deepEqual(await folder.contentNow(observed(file)), file.content);
});

test('1,001 files are listed over two pages, each once', async (t) => {
  const large = await openFolder(t);
  const names = Array.from({ length: 1001 }, (_, index) => `${index}.xlsx`);
  for (const name of names) await large.write(name, name);
  const folder = driveFolder({ ...mesh.config, GOOGLE_API_ENDPOINT: large.url });
  const files = await folder.list(SHARED_FOLDER_ID);
  assert.deepEqual(files.map(({ name }) => name).sort(), names.toSorted());
});

test('2,500 files are listed over three pages, each once', async (t) => {
  const large = await openFolder(t);
  const names = Array.from({ length: 2500 }, (_, index) => `${index}.xlsx`);
  for (const name of names) await large.write(name, name);
  // The third page is asked for: it is where the fault strikes.
  large.faults.plan({ method: 'GET', url: /\/drive\/v3\/files\?.*pageToken/, action: 503, skip: 1 });
  const folder = driveFolder({ ...mesh.config, GOOGLE_API_ENDPOINT: large.url });
  const files = await folder.list(SHARED_FOLDER_ID);
  assert.deepEqual(files.map(({ name }) => name).sort(), names.toSorted());
  assert.deepEqual(large.faults.unused(), []);
});

test('an id that is no id never reaches the query', async () => {
  await assert.rejects(source.list(`x' in parents or '1`), PermanentError);
});

test('a folder that is not shared is an error, and one that Drive does not answer for is transient', async () => {
  await assert.rejects(source.list('another-folder'), Error);
  mesh.cloud.api.faults.plan({ method: 'GET', url: /\/drive\/v3\/files\?/, action: 503, times: 9 });
  await assert.rejects(source.list(FOLDER_ID), TransientError);
  mesh.cloud.api.faults.clear();
});
