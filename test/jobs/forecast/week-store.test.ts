// The models bucket as engines see it: kept once, met again, never replaced.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weekStoreIn } from '../../../jobs/forecast/learning/week-store.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';

const KEY = '0123456789abcdef'.repeat(4);

test('a week that was put is got again, byte for byte, from under its pipeline', async () => {
  const models = new MemoryStore('models');
  const store = weekStoreIn(models, 'carmila');
  assert.equal(await store.get(KEY), undefined);
  const bytes = Buffer.from([0, 255, 128, 10, 13]);
  await store.put(KEY, bytes);
  assert.deepEqual(await store.get(KEY), bytes);
  assert.deepEqual(
    (await models.list('', 10)).map(({ name }) => name),
    [`carmila/weeks/${KEY}`],
  );
  assert.equal(await weekStoreIn(models, 'other').get(KEY), undefined);
});

test('the same bytes may be put again; other bytes are an error and change nothing', async () => {
  const store = weekStoreIn(new MemoryStore('models'), 'carmila');
  await store.put(KEY, Buffer.from('one'));
  await store.put(KEY, Buffer.from('one'));
  await assert.rejects(store.put(KEY, Buffer.from('two')), /stands there with other content/);
  assert.deepEqual(await store.get(KEY), Buffer.from('one'));
});

test('only hashes are keys, so that no key reaches another place', async () => {
  const store = weekStoreIn(new MemoryStore('models'), 'carmila');
  for (const key of ['', 'abc', '../../x', `${KEY}/x`, KEY.toUpperCase(), `${KEY}\n`, 'g'.repeat(64)]) {
    await assert.rejects(store.get(key), /expected hex/, JSON.stringify(key));
    await assert.rejects(store.put(key, Buffer.from('x')), /expected hex/, JSON.stringify(key));
  }
});

test('a week larger than the bound is neither put nor got', async () => {
  const models = new MemoryStore('models');
  const store = weekStoreIn(models, 'carmila');
  const large = Buffer.alloc(64 * 1024 * 1024 + 1);
  await assert.rejects(store.put(KEY, large), /has 67108865 bytes; a week has at most 67108864/);
  await models.create(`carmila/weeks/${KEY}`, large, 'application/octet-stream');
  await assert.rejects(store.get(KEY), /a week has at most/);
});
