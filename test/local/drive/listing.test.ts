// What a listing finds, in which order, on which page, with which fields.
import assert from 'node:assert/strict';
import type { drive_v3 } from 'googleapis/build/src/apis/drive/index.js';
import { test } from 'node:test';
import { FOLDER_ID, openFolder, type DriveFolder } from './folder.ts';

const IN_FOLDER = `'${FOLDER_ID}' in parents`;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

async function namesOf(folder: DriveFolder, query: drive_v3.Params$Resource$Files$List): Promise<string[]> {
  const { data } = await folder.client.files.list(query);
  return (data.files ?? []).map((file) => file.name ?? '');
}

test('the query finds by folder, trash, name and type', async (t) => {
  const folder = await openFolder(t);
  await folder.write("L'Été and more.xlsx", 'a');
  await folder.write('b.csv', 'b');
  await folder.write('.trash/c.csv', 'c');
  await folder.write('sub/d.csv', 'd');
  const find = (q: string) => namesOf(folder, { q, orderBy: 'name' });
  assert.deepEqual(await find(IN_FOLDER), ["L'Été and more.xlsx", 'b.csv', 'c.csv', 'sub']);
  assert.deepEqual(await find(`${IN_FOLDER} and trashed=true`), ['c.csv']);
  assert.deepEqual(await find(`trashed != false and ${IN_FOLDER}`), ['c.csv']);
  assert.deepEqual(await find(`${IN_FOLDER} and name = 'L\\'Été and more.xlsx'`), ["L'Été and more.xlsx"]);
  assert.deepEqual(await find(`mimeType='text/csv' and trashed = false`), ['b.csv']);
  assert.deepEqual(
    await find(`${IN_FOLDER} and mimeType != 'application/vnd.google-apps.folder' and mimeType != '${XLSX}'`),
    ['b.csv', 'c.csv'],
  );
});

test('a clause, an order or a parameter that is not known is refused by its name', async (t) => {
  const folder = await openFolder(t);
  const refused: [drive_v3.Params$Resource$Files$List, RegExp][] = [
    [{ q: "name contains 'flux'" }, /name contains 'flux'/],
    [{ q: `${IN_FOLDER} and modifiedTime > '2024-01-01T00:00:00'` }, /modifiedTime > '2024/],
    [{ q: `${IN_FOLDER} or trashed = true` }, /in parents or trashed = true/],
    [{ q: 'not trashed = true' }, /not trashed = true/],
    [{ q: '(trashed = true)' }, /\( ?trashed = true ?\)/],
    [{ orderBy: 'folder,name' }, /folder,name/],
    [{ corpora: 'domain' }, /corpora=domain/],
    [{ includeLabels: 'x' }, /includeLabels/],
    [{ fields: 'files(owners)' }, /owners/],
  ];
  for (const [query, message] of refused) {
    await assert.rejects(folder.client.files.list(query), { status: 501, message });
  }
});

test('what is no query, page, size or field is invalid', async (t) => {
  const folder = await openFolder(t);
  const invalid: [drive_v3.Params$Resource$Files$List, RegExp][] = [
    [{ q: "name = 'open" }, /Invalid Value/],
    [{ q: 'trashed = true and' }, /Invalid Value/],
    [{ q: 'name = flux' }, /Invalid Value/],
    [{ pageToken: 'xyz' }, /Invalid Value/],
    [{ pageSize: 0 }, /within the range/],
    [{ pageSize: 1001 }, /within the range/],
    [{ fields: 'files(id,colour)' }, /Invalid field selection colour/],
    [{ fields: 'files(id' }, /Invalid field selection/],
    [{ fields: 'files(id))' }, /Invalid field selection/],
    [{ fields: 'constructor' }, /Invalid field selection constructor/],
  ];
  for (const [query, message] of invalid) {
    await assert.rejects(folder.client.files.list(query), { status: 400, message });
  }
});

test('a folder that is not known is not found', async (t) => {
  const folder = await openFolder(t);
  await assert.rejects(folder.client.files.list({ q: "'elsewhere' in parents" }), {
    status: 404,
    message: /File not found/,
  });
  await assert.rejects(folder.client.files.get({ fileId: 'nothing' }), {
    message: /File not found: nothing\./,
  });
});

test('without fields, Drive tells little', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.csv', 'a');
  const { data } = await folder.client.files.list({ q: IN_FOLDER });
  assert.deepEqual(Object.keys(data), ['kind', 'incompleteSearch', 'files']);
  assert.deepEqual(Object.keys(data.files?.[0] ?? {}), ['kind', 'id', 'name', 'mimeType']);
});

test('fields choose what is answered, and a page token that was not asked for is not given', async (t) => {
  const folder = await openFolder(t);
  await folder.write('a.csv', 'a');
  await folder.write('b.csv', 'b');
  const list = async (fields: string) =>
    (await folder.client.files.list({ q: IN_FOLDER, pageSize: 1, fields })).data;
  assert.deepEqual(Object.keys(await list('files/id')), ['files']);
  assert.deepEqual(Object.keys((await list('files/id')).files?.[0] ?? {}), ['id']);
  assert.deepEqual(Object.keys(await list('nextPageToken, files(name,size)')), ['files', 'nextPageToken']);
  assert.ok(Object.keys((await list('files(*)')).files?.[0] ?? {}).includes('md5Checksum'));
  const { data } = await folder.client.files.get({ fileId: FOLDER_ID, fields: 'id,mimeType' });
  assert.deepEqual(data, { id: FOLDER_ID, mimeType: 'application/vnd.google-apps.folder' });
});

test('pages give every file once, while others come and go', async (t) => {
  const folder = await openFolder(t);
  for (let i = 10; i < 20; i++) await folder.write(`${i}.csv`, String(i));
  const query = { q: `${IN_FOLDER} and trashed = false`, pageSize: 4, orderBy: 'name desc' };
  const first = await folder.client.files.list(query);
  assert.deepEqual(
    first.data.files?.map((file) => file.name),
    ['19.csv', '18.csv', '17.csv', '16.csv'],
  );
  await folder.remove('19.csv');
  await folder.write('99.csv', 'later');
  await folder.files();
  const observed: (string | null | undefined)[] = [];
  let pageToken = first.data.nextPageToken ?? undefined;
  while (pageToken !== undefined && observed.length < 20) {
    const { data } = await folder.client.files.list({ ...query, pageToken });
    observed.push(...(data.files ?? []).map((file) => file.name));
    pageToken = data.nextPageToken ?? undefined;
  }
  assert.deepEqual(observed, ['15.csv', '14.csv', '13.csv', '12.csv', '11.csv', '10.csv']);
  const foreign = { ...query, q: IN_FOLDER, pageToken: String(first.data.nextPageToken) };
  await assert.rejects(folder.client.files.list(foreign), { status: 400 });
});

test('a folder of 1500 files is hashed once, and then only what has changed', async (t) => {
  const folder = await openFolder(t);
  const names = Array.from({ length: 1500 }, (_, i) => `${i}.csv`);
  await Promise.all(names.map((name) => folder.write(name, name)));
  const list = async () => {
    const versions = new Map<string, string>();
    let pageToken: string | undefined;
    let pages = 0;
    do {
      const { data } = await folder.client.files.list({
        q: IN_FOLDER,
        pageSize: 1000,
        fields: 'nextPageToken,files(name,version)',
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      for (const file of data.files ?? []) versions.set(file.name ?? '', file.version ?? '');
      pageToken = data.nextPageToken ?? undefined;
    } while (pageToken !== undefined && ++pages < 10);
    return versions;
  };
  const before = await list();
  assert.equal(before.size, 1500);
  await folder.write('77.csv', 'changed');
  const after = await list();
  const changed = names.filter((name) => before.get(name) !== after.get(name));
  assert.deepEqual(changed, ['77.csv']);
});
