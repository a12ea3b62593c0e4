// The contract of the listings of every object store: order, bounds, pages, and what they show of an object.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BoundError } from '../../shared/errors.ts';
import { MemoryStore } from '../../shared/objects/memory.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { WatchedMesh } from './cloud.ts';
import { plantObjects } from './plant.ts';
import { ADAPTERS, BUCKET, openStores, STORES, TEXT } from './stores.ts';

let mesh: WatchedMesh;
before(async () => {
  mesh = await openStores();
});
after(() => mesh.close());

/** The one in memory is written to; into the other the objects are planted, as a thousand uploads take their time. */
async function plant(store: ObjectStore, names: readonly string[]): Promise<void> {
  if (store instanceof MemoryStore) for (const name of names) await store.create(name, name, TEXT);
  else
    plantObjects(
      mesh.cloud.storage,
      store.bucket,
      names.map((name) => [name, name]),
    );
}

for (const [name, open] of Object.entries(STORES)) {
  describe(`the listings of an object store, ${name}`, () => {
    let store: ObjectStore;
    before(() => {
      store = open(mesh);
    });

    test('the metadata of an object is shown by its listing', async () => {
      const metadata = { outcome: 'published', reason: '100%25 of it' };
      await store.create('metadata/once.json', '{}', TEXT, metadata);
      await store.create('metadata/once.json', '{}', TEXT, { outcome: 'failed' });
      await store.create('metadata/twice.json', '{}', TEXT);
      const listed = await store.list('metadata/', 10);
      assert.deepEqual(
        listed.map((info) => info.metadata),
        [metadata, {}],
      );
      assert.deepEqual((await store.info('metadata/once.json'))?.metadata, metadata);
    });

    test('a listing is sorted by bytes, starts at the given name, and has a bound', async () => {
      for (const key of ['l/b', 'l/a', 'l/Z', 'l/é', 'l/a/1', 'm/a']) await store.create(key, key, TEXT);
      const namesFrom = async (startAt?: string) =>
        (await store.list('l/', 10, startAt)).map((info) => info.name);
      assert.deepEqual(await namesFrom(), ['l/Z', 'l/a', 'l/a/1', 'l/b', 'l/é']);
      assert.deepEqual(await namesFrom('l/a/'), ['l/a/1', 'l/b', 'l/é']);
      assert.equal((await store.list('l/', 5)).length, 5);
      await assert.rejects(store.list('l/', 4), BoundError);
      assert.deepEqual(await store.list('none/', 4), []);
    });

    test('the first objects of a listing are read without a bound on the others', async () => {
      for (const name of ['f/1', 'f/2', 'f/3', 'f/4']) await store.create(name, 'x', 'text/plain');
      const names = async (most: number, startAt?: string, endBefore?: string) =>
        (await store.first('f/', most, startAt, endBefore)).map((info) => info.name);
      assert.deepEqual(await names(2), ['f/1', 'f/2']);
      assert.deepEqual(await names(2, 'f/2'), ['f/2', 'f/3']);
      assert.deepEqual(await names(9, 'f/2', 'f/4'), ['f/2', 'f/3']);
      assert.deepEqual(await names(4), ['f/1', 'f/2', 'f/3', 'f/4']);
      assert.deepEqual(await store.first('nothing/', 1), []);
    });

    test('a listing ends before the given name', async () => {
      for (const key of ['e/1', 'e/2', 'e/2/1', 'e/3']) await store.create(key, key, TEXT);
      const namesOf = async (startAt?: string, endBefore?: string) =>
        (await store.list('e/', 10, startAt, endBefore)).map((info) => info.name);
      assert.deepEqual(await namesOf(undefined, 'e/2'), ['e/1']);
      assert.deepEqual(await namesOf('e/2', 'e/3'), ['e/2', 'e/2/1']);
      assert.deepEqual(await namesOf('e/3', 'e/3'), []);
    });

    for (const count of [1001, 2500]) {
      test(`${count} objects are listed over several pages, each once and in order`, async () => {
        const prefix = `many-${count}/`;
        const names = Array.from({ length: count }, (_, index) => `${prefix}${10_000 + index}`);
        await plant(store, names);
        const listed = async (limit: number, startAt?: string) =>
          (await store.list(prefix, limit, startAt)).map((info) => info.name);
        assert.deepEqual(await listed(1_000_000), names);
        assert.deepEqual(await listed(count), names);
        assert.deepEqual(await listed(count, names[700]), names.slice(700));
        await assert.rejects(
          listed(count - 1),
          (error: unknown) =>
            error instanceof BoundError &&
            error.message === `there are more than ${count - 1} objects under gs://${store.bucket}/${prefix}`,
        );
        await assert.rejects(listed(10), BoundError);
      });
    }
  });
}

for (const [how, open] of Object.entries(ADAPTERS)) {
  test(`a page that Cloud Storage does not give at first is asked for again, and nothing is missing, ${how}`, async () => {
    const names = Array.from({ length: 2100 }, (_, index) => `again/${10_000 + index}`);
    const store = open(BUCKET, mesh.config);
    await plant(store, names);
    mesh.cloud.api.faults.plan({ method: 'GET', url: /\/o\?.*pageToken/, action: 503, skip: 1 });
    const listed = await store.list('again/', 10_000);
    assert.deepEqual(mesh.cloud.api.faults.unused(), []);
    mesh.cloud.api.faults.clear();
    assert.deepEqual(
      listed.map(({ name }) => name),
      names,
    );
  });
}
