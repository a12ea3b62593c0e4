// What the Node client can do with objects, and how it is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, startService } from './service.ts';

test('bytes and metadata come back as they were saved', async (context) => {
  const { bucket, finalized } = await startService(context);
  const file = bucket.file('state/run 1%2F+é#?.json');
  await file.save('{"a":1}', {
    resumable: false,
    metadata: { contentType: 'application/json', cacheControl: 'no-store', metadata: { run: 'r1' } },
  });
  assert.equal((await file.download())[0].toString(), '{"a":1}');
  const [metadata] = await file.getMetadata();
  assert.equal(metadata.name, 'state/run 1%2F+é#?.json');
  assert.equal(metadata.size, '7');
  assert.equal(metadata.contentType, 'application/json');
  assert.equal(metadata.cacheControl, 'no-store');
  assert.deepEqual(metadata.metadata, { run: 'r1' });
  assert.equal(metadata.md5Hash, 'u2y1xo30ZSlByvZSo2by2A==');
  assert.equal(metadata.crc32c, 'z/fVag==');
  assert.equal(metadata.metageneration, '1');
  assert.deepEqual(
    finalized.map((object) => [object.name, object.generation]),
    [[metadata.name, metadata.generation]],
  );
});

test('a JSON body is stored byte for byte, whichever way it is uploaded', async (context) => {
  const { bucket, origin } = await startService(context);
  const text = '{ "spaces" :   [1, 2.0] }\r\n\r\n';
  await bucket.file('multipart').save(text, { resumable: false, contentType: 'application/json' });
  await bucket.file('resumable').save(text, { contentType: 'application/json' });
  const media = await fetch(`${origin}/upload/storage/v1/b/bkt/o?uploadType=media&name=media`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
  });
  assert.equal(media.status, 200);
  for (const name of ['multipart', 'resumable', 'media']) {
    assert.equal((await bucket.file(name).download())[0].toString(), text, name);
    assert.equal((await bucket.file(name).getMetadata())[0].contentType, 'application/json', name);
  }
});

test('an empty object can be uploaded and downloaded', async (context) => {
  const { bucket } = await startService(context);
  for (const resumable of [true, false]) {
    await bucket.file('empty').save('', { resumable });
    assert.equal((await bucket.file('empty').download())[0].length, 0);
  }
});

test('a range of bytes is served alone, and one past the end is refused', async (context) => {
  const { bucket, origin } = await startService(context);
  await bucket.file('digits').save('0123456789', { resumable: false });
  assert.equal((await bucket.file('digits').download({ start: 2, end: 4 }))[0].toString(), '234');
  const get = (range: string) =>
    fetch(`${origin}/download/storage/v1/b/bkt/o/digits?alt=media`, { headers: { range } });
  const last = await get('bytes=-3');
  assert.equal(last.status, 206);
  assert.equal(last.headers.get('content-range'), 'bytes 7-9/10');
  assert.equal(await last.text(), '789');
  assert.equal((await get('bytes=10-')).status, 416);
});

test('a gzip object goes out packed, and the client unpacks it', async (context) => {
  const { bucket } = await startService(context);
  await bucket.file('z.csv').save('a,b\n1,2\n', { resumable: false, gzip: true });
  assert.equal((await bucket.file('z.csv').getMetadata())[0].contentEncoding, 'gzip');
  assert.equal((await bucket.file('z.csv').download())[0].toString(), 'a,b\n1,2\n');
});

test('an object that does not exist is 404, with the text of the product', async (context) => {
  const { bucket } = await startService(context);
  assert.deepEqual(await bucket.file('nope').exists(), [false]);
  await assert.rejects(bucket.file('nope').getMetadata(), { code: 404, message: 'No such object: bkt/nope' });
  await assert.rejects(bucket.file('nope').delete(), { code: 404, message: 'No such object: bkt/nope' });
  await assert.rejects(bucket.storage.bucket('none').file('x').getMetadata(), {
    code: 404,
    message: 'The specified bucket does not exist.',
  });
});

test('an old generation does not exist once it is replaced', async (context) => {
  const { bucket } = await startService(context);
  await bucket.file('x').save('1', { resumable: false });
  const [{ generation }] = await bucket.file('x').getMetadata();
  await bucket.file('x').save('2', { resumable: false });
  const old = bucket.file('x', { generation: generation as string });
  assert.equal(await codeOf(old.getMetadata()), 404);
  assert.equal(await codeOf(old.download()), 404);
  assert.equal((await bucket.file('x').download())[0].toString(), '2');
});

test('metadata merges key by key, and null takes a key away', async (context) => {
  const { bucket } = await startService(context);
  const file = bucket.file('x');
  await file.save('1', { resumable: false, metadata: { metadata: { a: '1', b: '2' } } });
  await file.setMetadata({ metadata: { b: null, c: '3' }, contentType: 'text/plain' });
  const [metadata] = await file.getMetadata();
  assert.deepEqual(metadata.metadata, { a: '1', c: '3' });
  assert.equal(metadata.contentType, 'text/plain');
  assert.equal(metadata.metageneration, '2');
});

test('custom metadata has its limit, also when it grows by patches', async (context) => {
  const { bucket } = await startService(context);
  const half = 'x'.repeat(5000);
  await bucket.file('x').save('1', { resumable: false, metadata: { metadata: { a: half } } });
  assert.equal(await codeOf(bucket.file('x').setMetadata({ metadata: { b: half } })), 400);
  await bucket.file('x').setMetadata({ metadata: { a: null, b: half } });
});

test('copy, move and combine make new objects with the right bytes and one event each', async (context) => {
  const { bucket, finalized } = await startService(context);
  await bucket
    .file('a')
    .save('A', { resumable: false, contentType: 'text/csv', metadata: { metadata: { k: 'v' } } });
  await bucket.file('a').copy(bucket.file('b'));
  await bucket.file('b').move(bucket.file('c'));
  await bucket.combine([bucket.file('a'), bucket.file('c'), bucket.file('a')], bucket.file('all.csv'));
  assert.equal((await bucket.file('all.csv').download())[0].toString(), 'AAA');
  const [composed] = await bucket.file('all.csv').getMetadata();
  assert.equal(composed.md5Hash, undefined);
  assert.equal(composed.componentCount, 3);
  assert.deepEqual((await bucket.file('c').getMetadata())[0].metadata, { k: 'v' });
  assert.deepEqual(await bucket.file('b').exists(), [false]);
  assert.deepEqual(
    finalized.map((object) => object.name),
    ['a', 'b', 'c', 'all.csv'],
  );
});

test('a copy keeps its bytes when its source is deleted', async (context) => {
  const { bucket } = await startService(context);
  await bucket.file('a').save('kept', { resumable: false });
  await bucket.file('a').copy(bucket.file('b'));
  await bucket.file('a').delete();
  assert.equal((await bucket.file('b').download())[0].toString(), 'kept');
});

test('names that the product refuses are refused, and 1,024 bytes are not too many', async (context) => {
  const { bucket } = await startService(context);
  const save = (name: string) => bucket.file(name).save('x', { resumable: false });
  for (const name of ['..', '.', 'a\nb', 'é'.repeat(513)]) assert.equal(await codeOf(save(name)), 400, name);
  const longest = 'é'.repeat(512);
  await save(longest);
  assert.equal((await bucket.file(longest).download())[0].toString(), 'x');
});

test('what is not implemented is refused by name, never silently accepted', async (context) => {
  const { bucket } = await startService(context);
  await assert.rejects(bucket.getFiles({ softDeleted: true }), { code: 501, message: /softDeleted/ });
  await assert.rejects(bucket.setMetadata({ versioning: { enabled: true } }), {
    code: 501,
    message: /bucket\.versioning/,
  });
  await assert.rejects(bucket.file('x').save('1', { resumable: false, predefinedAcl: 'private' }), {
    code: 501,
    message: /predefinedAcl/,
  });
  await assert.rejects(bucket.file('x').save('1', { resumable: false, metadata: { temporaryHold: true } }), {
    code: 501,
    message: /object\.temporaryHold/,
  });
});

test('an event that cannot be recorded takes its object with it', async (context) => {
  const { bucket, storage } = await startService(context, {
    onFinalized: () => {
      throw new Error('no room for the event');
    },
  });
  await assert.rejects(
    bucket.file('x').save('1', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } }),
  );
  assert.equal(storage.find('bkt', 'x'), undefined);
});

test('fields cut a listing and an object to what is asked for, the page token too', async (context) => {
  const { bucket } = await startService(context);
  for (const name of ['in/a', 'in/b', 'in/c'])
    await bucket.file(name).save('1', { resumable: false, metadata: { metadata: { k: 'v', l: 'w' } } });
  const list = async (fields: string) =>
    (await bucket.request({
      method: 'GET',
      uri: '/o',
      qs: { prefix: 'in/', maxResults: 2, fields },
    })) as unknown as [Record<string, unknown>];
  const [page] = await list('items(name,size),nextPageToken');
  assert.deepEqual(page['items'], [
    { name: 'in/a', size: '1' },
    { name: 'in/b', size: '1' },
  ]);
  assert.equal(typeof page['nextPageToken'], 'string');
  assert.deepEqual(await list('items/metadata/k').then(([found]) => found), {
    items: [{ metadata: { k: 'v' } }, { metadata: { k: 'v' } }],
  });
  assert.equal(await codeOf(list('items(nam)')), 400);
  assert.equal(await codeOf(list('items(acl)')), 501);
  const [files] = await bucket.getFiles({ prefix: 'in/', fields: 'items(name,generation),nextPageToken' });
  assert.deepEqual(
    files.map(({ name }) => name),
    ['in/a', 'in/b', 'in/c'],
  );
});
