// Buckets, and listing what is in them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Storage as Client } from '@google-cloud/storage';
import { codeOf, startService } from './service.ts';

test('a bucket is made once, found, labelled, listed, and deleted only when empty', async (context) => {
  const { bucket } = await startService(context);
  const client = bucket.storage;
  await client.createBucket('another', { location: 'EU' });
  assert.equal(await codeOf(client.createBucket('another')), 409);
  assert.equal((await client.bucket('another').getMetadata())[0].location, 'EU');
  await client.bucket('another').setLabels({ team: 'data' });
  assert.deepEqual((await client.bucket('another').getMetadata())[0].labels, { team: 'data' });
  const names = async () => (await client.getBuckets())[0].map((each) => each.name);
  assert.deepEqual(await names(), ['another', 'bkt']);
  await client.bucket('another').file('x').save('1', { resumable: false });
  await assert.rejects(client.bucket('another').delete(), { code: 409, message: /not empty/ });
  await client.bucket('another').file('x').delete();
  await client.bucket('another').delete();
  assert.deepEqual(await names(), ['bkt']);
  assert.equal(await codeOf(client.bucket('another').getMetadata()), 404);
});

test('a listing follows prefix, delimiter and offsets, in the byte order of names', async (context) => {
  const { bucket } = await startService(context);
  for (const name of ['a/1', 'a/b/2', 'a/b/3', 'a/c', 'b', '\u{1f600}', '\uffee']) {
    await bucket.file(name).save('x', { resumable: false });
  }
  const names = async (query: object) => (await bucket.getFiles(query))[0].map((file) => file.name);
  assert.deepEqual(await names({}), ['a/1', 'a/b/2', 'a/b/3', 'a/c', 'b', '\uffee', '\u{1f600}']);
  assert.deepEqual(await names({ prefix: 'a/b/' }), ['a/b/2', 'a/b/3']);
  assert.deepEqual(await names({ startOffset: 'a/b/3', endOffset: 'b' }), ['a/b/3', 'a/c']);
  const [files, , answer] = await bucket.getFiles({ prefix: 'a/', delimiter: '/', autoPaginate: false });
  assert.deepEqual(
    files.map((file) => file.name),
    ['a/1', 'a/c'],
  );
  assert.deepEqual((answer as { prefixes: string[] }).prefixes, ['a/b/']);
});

test('pages of any size give every object and prefix once', async (context) => {
  const { bucket, storage } = await startService(context);
  const names = Array.from({ length: 23 }, (_, at) => `${at % 3 === 0 ? 'dir' : 'f'}${at}/x${at % 2}`);
  for (const name of names) await bucket.file(name).save('x', { resumable: false });
  for (const maxResults of [1, 2, 7, 23, 1000]) {
    for (const delimiter of [undefined, '/']) {
      const observed: string[] = [];
      let pageToken: string | undefined;
      do {
        const page = storage.objects.list({
          bucket: 'bkt',
          maxResults,
          ...(delimiter !== undefined && { delimiter }),
          ...(pageToken !== undefined && { pageToken }),
        });
        observed.push(...page.items.map((item) => item.name), ...page.prefixes);
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined && observed.length <= names.length);
      const expected = delimiter === undefined ? names : names.map((name) => name.replace(/x\d$/, ''));
      assert.deepEqual(observed.sort(), [...expected].sort());
    }
  }
  const [page, next] = await bucket.getFiles({ maxResults: 20, autoPaginate: false });
  assert.equal(page.length, 20);
  assert.equal((await bucket.getFiles({ ...next, autoPaginate: false }))[0].length, 3);
  assert.equal(await codeOf(bucket.getFiles({ pageToken: 'not-ours' })), 400);
});

test('a client that only the environment points here works too', async (context) => {
  const { bucket, origin } = await startService(context);
  process.env.STORAGE_EMULATOR_HOST = origin;
  context.after(() => delete process.env.STORAGE_EMULATOR_HOST);
  const client = new Client({ projectId: 'p' });
  for (const resumable of [true, false]) await client.bucket('bkt').file('a/x').save('1', { resumable });
  assert.equal((await client.bucket('bkt').file('a/x').download())[0].toString(), '1');
  assert.deepEqual((await client.bucket('bkt').getFiles())[0].length, 1);
  await client.bucket('bkt').file('a/x').delete();
  assert.deepEqual(await bucket.file('a/x').exists(), [false]);
});
