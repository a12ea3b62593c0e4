// The contract of every object store: the one in memory, and Cloud Storage through its unmodified client and by plain calls.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { BoundError, TransientError } from '../../shared/errors.ts';
import type { gcsStore } from '../../shared/google/storage.ts';
import { compareAndSwap } from '../../shared/objects/json.ts';
import { MemoryStore } from '../../shared/objects/memory.ts';
import { ABSENT, type ObjectStore } from '../../shared/objects/store.ts';
import type { WatchedMesh } from './cloud.ts';
import { ADAPTERS, BUCKET, openStores, STORES, TEXT, THIN_BUCKET } from './stores.ts';

let mesh: WatchedMesh;
before(async () => {
  mesh = await openStores();
});
after(() => mesh.close());

/** From when the days of an object are counted, as its bucket sees it. */
function retiredAt(store: ObjectStore, name: string): number | undefined {
  if (store instanceof MemoryStore) return store.stored(name)?.customTimeMs;
  const { customTime } = mesh.cloud.storage.find(store.bucket, name)?.resource ?? {};
  return customTime === undefined ? undefined : Date.parse(customTime);
}

for (const [name, open] of Object.entries(STORES)) {
  describe(`an object store, ${name}`, () => {
    let store: ObjectStore;
    before(() => {
      store = open(mesh);
    });

    test('an object can be kept longer than others: its days are counted from later', async () => {
      const [now, day] = [Date.now(), 24 * 60 * 60 * 1000];
      await store.create('kept', 'x', 'text/plain');
      await store.create('kept longer', 'x', 'text/plain', {}, 30 * day);
      assert.ok(Math.abs((retiredAt(store, 'kept') ?? 0) - now) < day);
      assert.ok(Math.abs((retiredAt(store, 'kept longer') ?? 0) - now - 30 * day) < day);
    });

    test('what is absent is undefined, and its start and its stream are errors', async () => {
      assert.equal(await store.readText('absent', 100), undefined);
      assert.equal(await store.info('absent'), undefined);
      await assert.rejects(store.readStart('absent', 10));
      await assert.rejects(store.read('absent').toArray());
    });

    test('one version of an object is read, or none', async () => {
      const made = await store.create('versions.txt', 'one', TEXT);
      assert.ok(made.kind === 'landed');
      const read = async (generation: string) =>
        Buffer.concat((await store.read('versions.txt', generation).toArray()) as Buffer[]).toString();
      assert.equal(await read(made.generation), 'one');
      const replaced = await store.replace('versions.txt', made.generation, 'two', TEXT);
      assert.ok(replaced.kind === 'landed');
      assert.equal(await read(replaced.generation), 'two');
      await assert.rejects(read(made.generation));
    });

    test('an object is created once, and reads back whole with its generation', async () => {
      const made = await store.create('once.txt', 'één\n', TEXT);
      assert.ok(made.kind === 'landed');
      assert.deepEqual(await store.create('once.txt', 'two', TEXT), { kind: 'conflict' });
      assert.deepEqual(await store.readText('once.txt', 6), { text: 'één\n', generation: made.generation });
      const info = await store.info('once.txt');
      assert.ok(info && Math.abs(info.createdAtMs - Date.now()) < 3_600_000);
      assert.deepEqual(info, {
        createdAtMs: info.createdAtMs,
        contentType: TEXT,
        customTimeMs: info.customTimeMs,
        name: 'once.txt',
        generation: made.generation,
        sizeBytes: 6,
        md5: 'WXAjnPB+JRmhFHbl6oIO8A==',
        crc32c: 'ihT/4g==',
        metadata: {},
      });
    });

    test('a replacement lands at its generation, and conflicts at any other', async () => {
      const first = await store.create('swap.txt', '1', TEXT);
      assert.ok(first.kind === 'landed');
      const second = await store.replace('swap.txt', first.generation, '2', TEXT);
      assert.ok(second.kind === 'landed');
      assert.notEqual(second.generation, first.generation);
      assert.deepEqual(await store.replace('swap.txt', first.generation, '3', TEXT), { kind: 'conflict' });
      assert.deepEqual(await store.replace('never.txt', first.generation, '3', TEXT), { kind: 'conflict' });
      assert.equal((await store.readText('swap.txt', 10))?.text, '2');
    });

    test('a replacement of nothing lands where there is nothing, and conflicts otherwise', async () => {
      const first = await store.replace('head.txt', ABSENT, '1', TEXT);
      assert.ok(first.kind === 'landed');
      assert.deepEqual(await store.replace('head.txt', ABSENT, '2', TEXT), { kind: 'conflict' });
    });

    test('a version is copied once by the store itself, and an absent one is reported as absent', async () => {
      const name = 'of a folder/100 % #1? été%2F.bin';
      const made = await store.create(name, 'bytes', 'application/x-bytes');
      assert.ok(made.kind === 'landed');
      const source = { bucket: store.bucket, name, generation: made.generation };
      const copy = await store.copyFrom('copy of it', source, { bearsTime: true });
      assert.ok(copy.kind === 'landed');
      assert.partialDeepStrictEqual(await store.info('copy of it'), {
        generation: copy.generation,
        contentType: 'application/x-bytes',
        crc32c: (await store.info(name))?.crc32c,
      });
      assert.deepEqual(await store.copyFrom('copy of it', source, { bearsTime: true }), { kind: 'conflict' });
      const gone = { ...source, generation: '17' };
      assert.deepEqual(await store.copyFrom('no copy', gone, { bearsTime: false }), { kind: 'gone' });
      assert.deepEqual(await store.copyFrom('no copy', { ...source, name: 'never' }, { bearsTime: false }), {
        kind: 'gone',
      });
      assert.equal(await store.info('no copy'), undefined);
    });

    test('what is retired twice keeps its first time, and an absent one is no error', async () => {
      await store.replace('kept.txt', ABSENT, 'kept', TEXT);
      await store.retire('kept.txt', Date.UTC(2026, 0, 1));
      await store.retire('kept.txt', Date.UTC(2026, 5, 1));
      await store.retire('never.txt', Date.UTC(2026, 0, 1));
      assert.equal((await store.readText('kept.txt', 10))?.text, 'kept');
      assert.equal(retiredAt(store, 'kept.txt'), Date.UTC(2026, 0, 1));
    });

    test('a bucket says whose it is', async () => {
      assert.match(await store.projectNumber(), /^\d+$/);
    });

    test('an object is deleted at its generation alone, and an absent one counts as deleted', async () => {
      const first = await store.create('remove.txt', '1', TEXT);
      assert.ok(first.kind === 'landed');
      const second = await store.replace('remove.txt', first.generation, '2', TEXT);
      assert.ok(second.kind === 'landed');
      assert.deepEqual(await store.remove('remove.txt', first.generation), { kind: 'conflict' });
      assert.equal((await store.readText('remove.txt', 10))?.text, '2');
      assert.deepEqual(await store.remove('remove.txt', second.generation), { kind: 'landed' });
      assert.equal(await store.info('remove.txt'), undefined);
      assert.deepEqual(await store.remove('remove.txt', second.generation), { kind: 'landed' });
    });

    test('of writers that race, one lands', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, writer) => store.create('race.txt', String(writer), TEXT)),
      );
      assert.equal(answers.filter(({ kind }) => kind === 'landed').length, 1);
    });

    test('an object larger than asked for is an error that names it', async () => {
      await store.create('large.txt', 'x'.repeat(101), TEXT);
      await assert.rejects(
        store.readText('large.txt', 100),
        (error: unknown) =>
          error instanceof BoundError && error.message.includes(`gs://${store.bucket}/large.txt`),
      );
    });

    test('the start of an object is its first bytes, and of an empty one nothing', async () => {
      await store.create('start.txt', 'line one\nline two', TEXT);
      await store.create('empty.txt', '', TEXT);
      assert.equal((await store.readStart('start.txt', 8)).toString(), 'line one');
      assert.equal((await store.readStart('start.txt', 1000)).toString(), 'line one\nline two');
      assert.equal((await store.readStart('empty.txt', 8)).length, 0);
    });

    test('bytes are streamed in once and out again as they were', async () => {
      const bytes = Buffer.alloc(300_000, 'sluice ');
      const chunks = () => Readable.from([bytes.subarray(0, 100_001), bytes.subarray(100_001)]);
      assert.equal((await store.createFrom('bytes.bin', chunks(), TEXT)).kind, 'landed');
      assert.deepEqual(await store.createFrom('bytes.bin', chunks(), TEXT), { kind: 'conflict' });
      const back = Buffer.concat((await store.read('bytes.bin').toArray()) as Buffer[]);
      assert.ok(back.equals(bytes));
    });

    test('a reader may give up at any time: before it asks, before the answer, and after the first bytes', async () => {
      await store.create('given-up.bin', Buffer.alloc(300_000, 'sluice '), TEXT);
      store.read('given-up.bin').destroy();
      const early = store.read('given-up.bin');
      early.read();
      early.destroy();
      const late = store.read('given-up.bin');
      await once(late, 'readable');
      late.destroy();
      // What is thrown when the answer arrives fails this test: the runner sees it.
      const whole = Buffer.concat((await store.read('given-up.bin').toArray()) as Buffer[]);
      assert.equal(whole.length, 300_000);
      await wait(50);
    });

    test('a stream that breaks off leaves nothing behind', async () => {
      const broken = Readable.from(
        (async function* () {
          yield Buffer.alloc(1000);
          throw new Error('the source went away');
        })(),
      );
      await assert.rejects(store.createFrom('broken.bin', broken, TEXT), /the source went away/);
      assert.equal(await store.info('broken.bin'), undefined);
    });
  });
}

for (const [how, open] of Object.entries(ADAPTERS)) {
  test(`what is written once bears the time of it; what is swapped bears none, from its first write on, ${how}`, async () => {
    const bucket = how === 'of the client' ? BUCKET : THIN_BUCKET;
    const store = open(bucket, mesh.config);
    const timeOf = (name: string) => mesh.cloud.storage.find(bucket, name)?.resource.customTime;
    const before = new Date().toISOString();
    await store.create('timed/step.json', '{}', TEXT);
    await store.createFrom('timed/input.xlsx', Readable.from(['x']), TEXT);
    for (const name of ['timed/step.json', 'timed/input.xlsx'])
      assert.ok((timeOf(name) ?? '') >= before, name);
    assert.equal(await compareAndSwap(store, 'timed/state.json', undefined, { token: '1' }), true);
    assert.equal(timeOf('timed/state.json'), undefined);
    const generation = (await store.info('timed/state.json'))?.generation;
    assert.equal(await compareAndSwap(store, 'timed/state.json', generation, { token: '2' }), true);
    assert.equal(timeOf('timed/state.json'), undefined);
  });
}

/** A Cloud Storage that checks the right to overwrite before it checks the condition. */
async function refusing(
  stands: boolean,
  open: typeof gcsStore,
): Promise<{ store: ObjectStore; close: () => void }> {
  const server = createServer((request, response) => {
    const isRead = request.method === 'GET';
    request.resume().on('end', () => {
      response.writeHead(isRead ? (stands ? 200 : 404) : 403, { 'content-type': 'application/json' });
      const error = { code: isRead ? 404 : 403, message: 'an identity lacks storage.objects.something' };
      response.end(JSON.stringify(isRead && stands ? { name: 'x', generation: '1', size: '1' } : { error }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const config = { ...mesh.config, GOOGLE_API_ENDPOINT: `http://127.0.0.1:${port}` };
  return { store: open(BUCKET, config), close: () => server.close().closeAllConnections() };
}

for (const [how, open] of Object.entries(ADAPTERS)) {
  test(`a caller that may not overwrite gets a conflict where an object exists, and a missing right where none does, ${how}`, async () => {
    const standing = await refusing(true, open);
    assert.deepEqual(await standing.store.create('x', '1', TEXT), { kind: 'conflict' });
    assert.deepEqual(await standing.store.createFrom('x', Readable.from(['1']), TEXT), { kind: 'conflict' });
    await assert.rejects(standing.store.replace('x', '7', '1', TEXT), /lacks storage\.objects/);
    standing.close();
    const absent = await refusing(false, open);
    await assert.rejects(absent.store.create('x', '1', TEXT), TransientError);
    absent.close();
  });
}
