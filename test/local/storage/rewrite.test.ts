// Server-side rewrites: large objects take several calls, which the token ties together.
import type { Bucket } from '@google-cloud/storage';
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { codeOf, startService } from './service.ts';

const MEBIBYTE = 1024 * 1024;
const SOURCE = Buffer.alloc(2.5 * MEBIBYTE, 'rows,');

const BY_MEBIBYTE = { ifGenerationMatch: 0, maxBytesRewrittenPerCall: MEBIBYTE };

interface Answer {
  readonly done: boolean;
  readonly rewriteToken?: string;
  readonly totalBytesRewritten: string;
  readonly objectSize: string;
  readonly resource?: { readonly crc32c: string; readonly size: string };
}

interface Call {
  readonly to?: string;
  readonly token?: string | undefined;
  readonly query?: object;
  readonly body?: object;
}

/** One call of a rewrite of `source` that is carried out a mebibyte at a time. */
async function rewrite(
  bucket: Bucket,
  { to = 'copy', token, query = BY_MEBIBYTE, body = {} }: Call = {},
): Promise<Answer> {
  const [answer] = (await bucket.request({
    method: 'POST',
    uri: `/o/source/rewriteTo/b/bkt/o/${to}`,
    qs: { ...(token === undefined ? {} : { rewriteToken: token }), ...query },
    json: body,
  })) as unknown as [Answer];
  return answer;
}

async function startWithSource(context: TestContext) {
  const service = await startService(context);
  await service.bucket.file('source').save(SOURCE, { resumable: false, contentType: 'text/csv' });
  return service;
}

test('a rewrite continues from its token, and ends with the object', async (context) => {
  const { bucket, finalized } = await startWithSource(context);
  const first = await rewrite(bucket);
  assert.deepEqual(
    [first.done, first.totalBytesRewritten, first.objectSize, first.resource],
    [false, String(MEBIBYTE), String(SOURCE.length), undefined],
  );
  assert.deepEqual(await bucket.file('copy').exists(), [false]);
  const second = await rewrite(bucket, { token: first.rewriteToken });
  assert.deepEqual([second.done, second.totalBytesRewritten], [false, String(2 * MEBIBYTE)]);
  const last = await rewrite(bucket, { token: second.rewriteToken });
  assert.deepEqual(
    [last.done, last.totalBytesRewritten, last.rewriteToken],
    [true, String(SOURCE.length), undefined],
  );
  const [{ crc32c }] = await bucket.file('source').getMetadata();
  assert.equal(last.resource?.crc32c, crc32c);
  assert.ok((await bucket.file('copy').download())[0].equals(SOURCE));
  assert.deepEqual(
    finalized.map(({ name }) => name),
    ['source', 'copy'],
  );
});

test('without its token a rewrite begins anew each time', async (context) => {
  const { bucket } = await startWithSource(context);
  for (let calls = 0; calls < 4; calls++)
    assert.equal((await rewrite(bucket)).totalBytesRewritten, String(MEBIBYTE));
});

test('later calls may leave out all but the token, and keep to the parameters of the first', async (context) => {
  const { bucket } = await startWithSource(context);
  const { rewriteToken: token } = await rewrite(bucket, { body: { contentType: 'text/plain' } });
  const bare = {};
  await rewrite(bucket, { token, query: bare });
  await bucket.file('copy').save('other', { resumable: false });
  assert.equal(await codeOf(rewrite(bucket, { token, query: bare })), 412);
  await bucket.file('copy').delete();
  const { done, resource } = await rewrite(bucket, { token, query: bare });
  assert.deepEqual([done, (resource as { contentType?: string }).contentType], [true, 'text/plain']);
});

const OTHERS: Readonly<Record<string, Call>> = {
  'another name': { to: 'elsewhere' },
  'another condition': { query: { ...BY_MEBIBYTE, ifGenerationMatch: 7 } },
  'other metadata': { body: { contentType: 'text/html' } },
};
for (const [what, call] of Object.entries(OTHERS)) {
  test(`a token is refused for ${what} than it was given for`, async (context) => {
    const { bucket } = await startWithSource(context);
    const { rewriteToken: token } = await rewrite(bucket);
    await assert.rejects(rewrite(bucket, { ...call, token }), { code: 400, message: /does not match/ });
  });
}

test('a token that was never given, or is a week old, is refused', async (context) => {
  let nowMs = 1_700_000_000_000;
  const { bucket } = await startService(context, { clock: { now: () => nowMs, at: () => () => {} } });
  await bucket.file('source').save(SOURCE, { resumable: false });
  assert.equal(await codeOf(rewrite(bucket, { token: 'made-up' })), 400);
  const { rewriteToken: token } = await rewrite(bucket);
  nowMs += 8 * 24 * 3600 * 1000;
  assert.equal(await codeOf(rewrite(bucket, { token })), 400);
});

test('a source that is replaced meanwhile is not mixed with the new one: the rewrite ends', async (context) => {
  const { bucket } = await startWithSource(context);
  const { rewriteToken: token } = await rewrite(bucket);
  await bucket.file('source').save(Buffer.alloc(SOURCE.length, 'new'), { resumable: false });
  assert.equal(await codeOf(rewrite(bucket, { token })), 404);
  assert.deepEqual(await bucket.file('copy').exists(), [false]);
});

test('the source is pinned by its generation, or by a condition on it', async (context) => {
  const { bucket } = await startWithSource(context);
  const [{ generation }] = await bucket.file('source').getMetadata();
  await rewrite(bucket, { query: { ...BY_MEBIBYTE, sourceGeneration: generation } });
  await bucket.file('source').save('new', { resumable: false });
  assert.equal(
    await codeOf(rewrite(bucket, { query: { ...BY_MEBIBYTE, sourceGeneration: generation } })),
    404,
  );
  assert.equal(
    await codeOf(rewrite(bucket, { query: { ...BY_MEBIBYTE, ifSourceGenerationMatch: generation } })),
    412,
  );
});

test('the last call again, whose answer was lost, finds that the object is there', async (context) => {
  const { bucket } = await startWithSource(context);
  const { rewriteToken: token } = await rewrite(bucket);
  await rewrite(bucket, { token });
  assert.equal((await rewrite(bucket, { token })).done, true);
  assert.equal(await codeOf(rewrite(bucket, { token })), 412);
});

test('what would fail at the end fails at the first call', async (context) => {
  const { bucket } = await startWithSource(context);
  await bucket.file('copy').save('there', { resumable: false });
  assert.equal(await codeOf(rewrite(bucket)), 412);
  const nowhere = bucket.request({
    method: 'POST',
    uri: '/o/source/rewriteTo/b/none/o/copy',
    qs: {},
    json: {},
  });
  assert.equal(await codeOf(nowhere), 404);
  assert.equal(
    await codeOf(rewrite(bucket, { to: 'other', query: { maxBytesRewrittenPerCall: 1_000_000 } })),
    400,
  );
});

test('the client follows the tokens of a large object by itself', async (context) => {
  const { bucket } = await startService(context);
  const large = Buffer.alloc(70 * MEBIBYTE, 'large,');
  await bucket.file('large').save(large, { resumable: false });
  await bucket.file('large').copy(bucket.file('copy'));
  const [[source], [copy]] = await Promise.all([
    bucket.file('large').getMetadata(),
    bucket.file('copy').getMetadata(),
  ]);
  assert.deepEqual([copy.size, copy.crc32c], [source.size, source.crc32c]);
});

test('metadata that is given replaces all of the source’s, its custom time too', async (context) => {
  const { bucket } = await startService(context);
  const customTime = '2026-01-02T00:00:00Z';
  await bucket.file('a').save('A', {
    resumable: false,
    contentType: 'text/csv',
    metadata: { customTime, cacheControl: 'no-store', metadata: { k: 'v' } },
  });
  await bucket.file('a').copy(bucket.file('kept'));
  const [kept] = await bucket.file('kept').getMetadata();
  assert.deepEqual([kept.contentType, kept.customTime, kept.metadata], ['text/csv', customTime, { k: 'v' }]);
  await bucket.file('a').copy(bucket.file('replaced'), { contentType: 'text/plain' });
  const [replaced] = await bucket.file('replaced').getMetadata();
  assert.deepEqual(
    [replaced.contentType, replaced.customTime, replaced.cacheControl, replaced.metadata],
    ['text/plain', undefined, undefined, undefined],
  );
});

test('a composed object has no md5, and neither has its copy, which keeps its crc32c', async (context) => {
  const { bucket } = await startService(context);
  for (const name of ['1', '2']) await bucket.file(name).save(name, { resumable: false });
  await bucket.combine([bucket.file('1'), bucket.file('2')], bucket.file('all'));
  await bucket.file('all').copy(bucket.file('copy'));
  const [all] = await bucket.file('all').getMetadata();
  const [copy] = await bucket.file('copy').getMetadata();
  assert.deepEqual([copy.md5Hash, copy.crc32c, copy.size], [undefined, all.crc32c, '2']);
});
