// What becomes of writes to Cloud Storage whose answers are lost, through its unmodified client and by plain calls (law 3).
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { TransientError } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { thinStore } from '../../shared/google/thin-storage.ts';
import { compareAndSwap, createOnce, readJson } from '../../shared/objects/json.ts';
import { ABSENT, type WriteAnswer } from '../../shared/objects/store.ts';
import { startMesh, PROJECT, type WatchedMesh } from './cloud.ts';

const TEXT = 'text/plain';
const UPLOAD = /^\/upload\/storage\/v1\/b\/(store|thin)\/o/;
const schema = z.object({ token: z.string() });

let mesh: WatchedMesh;
before(async () => {
  mesh = await startMesh();
  for (const name of ['store', 'thin'])
    mesh.cloud.storage.ensureBucket({ name, location: 'EU', projectId: PROJECT });
});
after(() => mesh.close());

for (const [how, open, bucket] of [
  ['by its client', gcsStore, 'store'],
  ['by plain calls', thinStore, 'thin'],
] as const)
  describe(`Cloud Storage ${how}, when answers are lost`, () => {
    const lost = async (
      work: () => Promise<void>,
      ...faults: Parameters<WatchedMesh['cloud']['api']['faults']['plan']>
    ) => {
      mesh.cloud.api.faults.plan(...faults);
      await work();
      assert.deepEqual(mesh.cloud.api.faults.unused(), []);
      mesh.cloud.api.faults.clear();
    };

    test('a creation whose answer was lost meets itself', () =>
      lost(
        async () => {
          const store = open(bucket, mesh.config);
          assert.deepEqual(await createOnce(store, 'lost/create', schema, { token: 'mine' }), {
            token: 'mine',
          });
          assert.equal((await readJson(store, 'lost/create', schema))?.value.token, 'mine');
        },
        { method: 'POST', url: UPLOAD, action: 'lose-answer' },
      ));

    test('a swap whose answer was lost counts as landed', () =>
      lost(
        async () => {
          const store = open(bucket, mesh.config);
          assert.equal(await compareAndSwap(store, 'lost/swap', undefined, { token: '1' }), true);
          const read = await readJson(store, 'lost/swap', schema);
          assert.equal(await compareAndSwap(store, 'lost/swap', read?.generation, { token: '2' }), true);
          assert.equal(await compareAndSwap(store, 'lost/swap', read?.generation, { token: '3' }), false);
        },
        { method: 'POST', url: UPLOAD, action: 'lose-answer', skip: 1 },
      ));

    /** The raw answer to a swap that this fault strikes, and what stands after it. */
    const struckSwap = async (name: string, action: 'lose-answer' | 'lose-request' | 503) => {
      let answer: WriteAnswer | undefined;
      const store = open(bucket, mesh.config);
      await lost(
        async () => {
          answer = await store.replace(name, ABSENT, 'mine', TEXT);
        },
        { method: 'POST', url: UPLOAD, action },
      );
      return { answer, text: (await store.readText(name, 100))?.text };
    };

    test('a swap is sent once: what may have happened is unknown, with its cause', async () => {
      const happened = await struckSwap('unknown/happened', 'lose-answer');
      assert.equal(happened.text, 'mine');
      const lostAnswers = [happened];
      for (const action of ['lose-request', 503] as const) {
        const struck = await struckSwap(`unknown/${action}`, action);
        assert.equal(struck.text, undefined);
        lostAnswers.push(struck);
      }
      for (const { answer } of lostAnswers) {
        assert.ok(answer?.kind === 'unknown', answer?.kind);
        assert.ok(answer.cause instanceof TransientError);
        assert.match(answer.cause.message, /^writing gs:\/\/\w+\/unknown\//);
      }
    });

    test('a swap that no answer came of is written again, and given up after three', () =>
      lost(
        async () => {
          const store = open(bucket, mesh.config);
          assert.equal(await compareAndSwap(store, 'lost/twice', undefined, { token: '1' }), true);
          await assert.rejects(
            compareAndSwap(store, 'lost/always', undefined, { token: '1' }),
            (error: unknown) => error instanceof TransientError && /gave no answer to 3/.test(error.message),
          );
          assert.equal(await store.info('lost/always'), undefined);
        },
        { method: 'POST', url: UPLOAD, action: 503, times: 2 },
        { method: 'POST', url: UPLOAD, action: 'lose-request', skip: 1, times: 3 },
      ));

    test('a swap that is refused for coming too often has not happened, and waits a moment', () =>
      lost(
        async () => {
          const store = open(bucket, mesh.config);
          assert.equal((await store.replace('often.json', ABSENT, '1', TEXT)).kind, 'landed');
        },
        { method: 'POST', url: UPLOAD, action: 429 },
      ));

    test('what a swap is refused for with an answer is no unknown: it is thrown', async () => {
      const port = await mesh.cloud.api.listenAs('other@contract.iam.gserviceaccount.com');
      const config = { ...mesh.config, GOOGLE_API_ENDPOINT: `http://127.0.0.1:${port}` };
      await assert.rejects(open(bucket, config).replace('x', '7', '1', TEXT), /writing gs:\/\/\w+\/x/);
    });

    test('a creation, an upload and a copy of which the client gives up are unknown as well', async () => {
      const store = open(bucket, mesh.config);
      const made = await store.create('given-up/source', 'x', TEXT);
      assert.ok(made.kind === 'landed');
      const source = { bucket: bucket, name: 'given-up/source', generation: made.generation };
      const writes: Readonly<Record<string, () => Promise<{ readonly kind: string }>>> = {
        create: () => store.create('given-up/create', 'x', TEXT),
        createFrom: () => store.createFrom('given-up/createFrom', Readable.from(['x']), TEXT),
      };
      for (const [name, write] of Object.entries(writes)) {
        // The client does not repeat what was answered by half.
        const fault = { url: /upload_id=|uploadType=multipart/, action: { truncateAtBytes: 5 } };
        await lost(async () => assert.equal((await write()).kind, 'unknown', name), fault);
        assert.ok(await store.info(`given-up/${name}`), name);
      }
      // Nor a status that it does not know.
      const refuse = { status: 507, reason: 'unheardOf', message: 'a planned fault' };
      const copy = () => store.copyFrom('given-up/copyFrom', source, { bearsTime: false });
      await lost(async () => assert.equal((await copy()).kind, 'unknown'), {
        ...{ method: 'POST', url: /rewriteTo/, action: { refuse } },
      });
    });

    test('a deletion whose answer was lost counts as landed', () =>
      lost(
        async () => {
          const store = open(bucket, mesh.config);
          const made = await store.create('lost/delete', 'x', TEXT);
          assert.ok(made.kind === 'landed');
          assert.deepEqual(await store.remove('lost/delete', made.generation), { kind: 'landed' });
          assert.equal(await store.info('lost/delete'), undefined);
        },
        { method: 'DELETE', url: /lost%2Fdelete/, action: 'lose-answer' },
      ));

    test('a request that was lost, and a service that is away for a moment, are tried again', () =>
      lost(
        async () => {
          const store = open(bucket, mesh.config);
          assert.equal((await store.create('lost/request', 'x', TEXT)).kind, 'landed');
          assert.equal((await store.info('lost/request'))?.sizeBytes, 1);
        },
        { method: 'POST', url: UPLOAD, action: 503 },
        { method: 'GET', url: /lost%2Frequest/, action: 'lose-request' },
      ));

    test('a missing role is transient: an owner may grant it', async () => {
      const port = await mesh.cloud.api.listenAs('other@contract.iam.gserviceaccount.com');
      const config = { ...mesh.config, GOOGLE_API_ENDPOINT: `http://127.0.0.1:${port}` };
      await assert.rejects(
        open(bucket, config).info('once.txt'),
        (error: unknown) => error instanceof TransientError && /gs:\/\/\w+\/once\.txt/.test(error.message),
      );
    });
  });
