// JSON in the object store: the three answers of a write, each seen from its author's side.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import { compareAndSwap, createOnce, parseJson, readJson, toJson } from '../../shared/objects/json.ts';
import { MemoryStore } from '../../shared/objects/memory.ts';
import type { WriteAnswer } from '../../shared/objects/store.ts';

const schema = z.object({ token: z.string() });
const JSON_TYPE = 'application/json';

/** Writes land, and the client, whose first answer was lost, is told of a conflict with itself. */
class ForgetfulStore extends MemoryStore {
  override async create(name: string, content: string, contentType: string): Promise<WriteAnswer> {
    await super.create(name, content, contentType);
    return { kind: 'conflict' };
  }

  override async replace(
    name: string,
    generation: string,
    content: string,
    contentType: string,
  ): Promise<WriteAnswer> {
    await super.replace(name, generation, content, contentType);
    return { kind: 'conflict' };
  }
}

test('a swap lands once; the second one from the same generation does not', async () => {
  const store = new MemoryStore('b');
  assert.equal(await compareAndSwap(store, 'x', undefined, { token: '1' }), true);
  const read = await readJson(store, 'x', schema);
  assert.equal(await compareAndSwap(store, 'x', read?.generation, { token: '2' }), true);
  assert.equal(await compareAndSwap(store, 'x', read?.generation, { token: '3' }), false);
  assert.equal(await compareAndSwap(store, 'x', undefined, { token: '4' }), false);
  assert.equal((await readJson(store, 'x', schema))?.value.token, '2');
});

test('a conflict with oneself counts as landed, for a creation and for a replacement', async () => {
  const store = new ForgetfulStore('b');
  assert.equal(await compareAndSwap(store, 'x', undefined, { token: '1' }), true);
  const generation = (await store.info('x'))?.generation;
  assert.equal(await compareAndSwap(store, 'x', generation, { token: '2' }), true);
});

test('a conflict with another is none of ours, even if it says the same but for the token', async () => {
  const store = new ForgetfulStore('b');
  await compareAndSwap(store, 'x', undefined, { token: 'theirs' });
  assert.equal(await compareAndSwap(store, 'x', undefined, { token: 'mine' }), false);
});

test('a step object is created once, and whoever comes later meets what stands', async () => {
  const store = new MemoryStore('b');
  assert.deepEqual(await createOnce(store, 'x', schema, { token: '1' }), { token: '1' });
  assert.deepEqual(await createOnce(store, 'x', schema, { token: '2' }), { token: '1' });
  const forgetful = new ForgetfulStore('b');
  assert.deepEqual(await createOnce(forgetful, 'x', schema, { token: '1' }), { token: '1' });
});

test('a conflict with something that is gone by then is worth another try', async () => {
  const store = new MemoryStore('b');
  store.create = async () => ({ kind: 'conflict' });
  await assert.rejects(createOnce(store, 'x', schema, { token: '1' }), TransientError);
});

test('what is absent is undefined', async () => {
  assert.equal(await readJson(new MemoryStore('b'), 'x', schema), undefined);
});

test('malformed JSON is permanent, and names its place and what is wrong', async () => {
  const store = new MemoryStore('b');
  await store.create('p/half.json', '{"token": "1', JSON_TYPE);
  await store.create('p/wrong.json', '{"token": 1}', JSON_TYPE);
  await assert.rejects(
    readJson(store, 'p/half.json', schema),
    (error: unknown) => error instanceof PermanentError && error.message === 'gs://b/p/half.json is not JSON',
  );
  await assert.rejects(
    readJson(store, 'p/wrong.json', schema),
    (error: unknown) =>
      error instanceof PermanentError && /gs:\/\/b\/p\/wrong\.json .*token: /.test(error.message),
  );
  assert.throws(() => parseJson('[]', schema, 'here'), /here has the wrong form/);
});

test('what is written ends with a line end, and reads back as it was', () => {
  const value = { token: 'é "quoted"', nested: [1, null] };
  assert.ok(toJson(value).endsWith('}\n'));
  assert.deepEqual(JSON.parse(toJson(value)), value);
});
