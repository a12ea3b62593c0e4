// JSON in the object store: the three answers of a write, each seen from its author's side.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { PermanentError, TransientError } from '../../../shared/errors.ts';
import { compareAndSwap, createOnce, parseJson, readJson, toJson } from '../../../shared/objects/json.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { WriteAnswer } from '../../../shared/objects/store.ts';

const schema = z.object({ token: z.string() });
const JSON_TYPE = 'application/json';

/** Writes land, and the client, whose first answer was lost, gets a conflict with itself. */
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

/** Loses the answers to the first writes; each of them has happened, or has not. */
class LosingStore extends MemoryStore {
  readonly #lost: ('happened' | 'did not happen')[];

  constructor(...lost: ('happened' | 'did not happen')[]) {
    super('b');
    this.#lost = lost;
  }

  override create(...write: Parameters<MemoryStore['create']>): Promise<WriteAnswer> {
    return this.#losing(() => super.create(...write));
  }

  override replace(...write: Parameters<MemoryStore['replace']>): Promise<WriteAnswer> {
    return this.#losing(() => super.replace(...write));
  }

  async #losing(write: () => Promise<WriteAnswer>): Promise<WriteAnswer> {
    const fate = this.#lost.shift();
    if (fate === undefined) return write();
    if (fate === 'happened') await write();
    return { kind: 'unknown', cause: new Error('the connection was reset') };
  }
}

test('a swap whose answer was lost landed if it is what stands, and is sent again if nothing has moved', async () => {
  const landed = new LosingStore('happened');
  assert.equal(await compareAndSwap(landed, 'x', undefined, { token: '1' }), true);
  const again = new LosingStore('did not happen', 'did not happen');
  assert.equal(await compareAndSwap(again, 'x', undefined, { token: '1' }), true);
  const generation = (await again.info('x'))?.generation;
  assert.equal(await compareAndSwap(again, 'x', generation, { token: '2' }), true);
  assert.equal((await readJson(again, 'x', schema))?.value.token, '2');
});

test('a swap whose answer was lost, after which another stands, did not land', async () => {
  const store = new LosingStore('happened', 'did not happen');
  await store.replace('x', '0', '{"token": "theirs"}', JSON_TYPE);
  assert.equal(await compareAndSwap(store, 'x', undefined, { token: 'mine' }), false);
});

test('a swap that lands late meets itself', async () => {
  const store = new MemoryStore('b');
  const { replace } = store;
  let late: (() => Promise<WriteAnswer>) | undefined;
  store.replace = async (...write) => {
    if (late !== undefined) await late();
    else {
      late = () => replace.apply(store, write);
      return { kind: 'unknown', cause: new Error('the call took too long') };
    }
    return replace.apply(store, write);
  };
  assert.equal(await compareAndSwap(store, 'x', undefined, { token: '1' }), true);
  assert.equal((await readJson(store, 'x', schema))?.value.token, '1');
});

test('a service that loses every answer is unavailable: the error reports that, and keeps the cause', async () => {
  const lost = Array.from({ length: 3 }, () => 'did not happen' as const);
  await assert.rejects(
    compareAndSwap(new LosingStore(...lost), 'x', undefined, { token: '1' }),
    (error: unknown) =>
      error instanceof TransientError &&
      /gs:\/\/b\/x gave no answer to 3 writes: the connection was reset/.test(error.message) &&
      error.cause instanceof Error,
  );
});

test('a creation whose answer was lost is what stands, or is worth another try', async () => {
  assert.deepEqual(await createOnce(new LosingStore('happened'), 'x', schema, { token: '1' }), {
    token: '1',
  });
  await assert.rejects(
    createOnce(new LosingStore('did not happen'), 'x', schema, { token: '1' }),
    (error: unknown) =>
      error instanceof TransientError && /gs:\/\/b\/x was not written: the connection/.test(error.message),
  );
});

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

test('a step object is created once, and a later writer gets the stored one', async () => {
  const store = new MemoryStore('b');
  assert.deepEqual(await createOnce(store, 'x', schema, { token: '1' }), { token: '1' });
  assert.deepEqual(await createOnce(store, 'x', schema, { token: '2' }), { token: '1' });
  const forgetful = new ForgetfulStore('b');
  assert.deepEqual(await createOnce(forgetful, 'x', schema, { token: '1' }), { token: '1' });
});

test('a conflict with an object that was deleted meanwhile leads to another try', async () => {
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
