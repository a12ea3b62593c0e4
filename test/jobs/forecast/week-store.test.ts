// The training cache as engines see it: kept once, met again, never replaced.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weekStoreIn } from '../../../jobs/forecast/learning/week-store.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';

const KEY = '0123456789abcdef'.repeat(4);

test('a week that was put is got again, byte for byte, from under its pipeline', async () => {
  const cache = new MemoryStore('training-cache');
  const store = weekStoreIn(cache, 'carmila');
  assert.equal(await store.get(KEY), undefined);
  const bytes = Buffer.from([0, 255, 128, 10, 13]);
  await store.put(KEY, bytes);
  assert.deepEqual(await store.get(KEY), bytes);
  assert.deepEqual(
    (await cache.list('', 10)).map(({ name }) => name),
    [`carmila/weeks/${KEY}`],
  );
  assert.equal(await weekStoreIn(cache, 'other').get(KEY), undefined);
});

test('the same bytes may be put again; other bytes are an error and change nothing', async () => {
  const store = weekStoreIn(new MemoryStore('training-cache'), 'carmila');
  await store.put(KEY, Buffer.from('one'));
  await store.put(KEY, Buffer.from('one'));
  await assert.rejects(store.put(KEY, Buffer.from('two')), /exists with other content/);
  assert.deepEqual(await store.get(KEY), Buffer.from('one'));
});

test('only hashes are keys, so that no key reaches another place', async () => {
  const store = weekStoreIn(new MemoryStore('training-cache'), 'carmila');
  for (const key of ['', 'abc', '../../x', `${KEY}/x`, KEY.toUpperCase(), `${KEY}\n`, 'g'.repeat(64)]) {
    await assert.rejects(store.get(key), /expected hex/, JSON.stringify(key));
    await assert.rejects(store.put(key, Buffer.from('x')), /expected hex/, JSON.stringify(key));
  }
});

test('a week larger than the bound is neither put nor got', async () => {
  const cache = new MemoryStore('training-cache');
  const store = weekStoreIn(cache, 'carmila');
  const large = Buffer.alloc(64 * 1024 * 1024 + 1);
  await assert.rejects(store.put(KEY, large), /has 67108865 bytes; a week has at most 67108864/);
  await cache.create(`carmila/weeks/${KEY}`, large, 'application/octet-stream');
  await assert.rejects(store.get(KEY), /a week has at most/);
});
