// How the service follows the pointer: checks, refreshes, pins, and swaps under requests.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPointer } from '../../../shared/publications/pointer.ts';
import { until } from '../../waiting.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { movePointerTo, publishSample } from '../bikes/sample-model.ts';
import { ServicePlace, shownOf, standIn } from './service-place.ts';
import { ASKED, FIRST, pointerAt, SECOND, SECONDS, small, TASK, versionOf } from './followed.ts';

describe('a service that follows its model', xgboostHere, () => {
  test('answers 503 with Retry-After while none is published, and with the first one once it is', async () => {
    const place = new ServicePlace();
    const client = place.open('reg');
    const { status, headers, body } = shownOf(await client.predict(ASKED));
    assert.deepEqual([status, headers['retry-after'], body.code], [503, '10', 'MODEL_NOT_LOADED']);
    assert.equal((await client.get('/health')).status, 503);
    assert.equal((await client.get('/models')).body.champion, null);
    await publishSample(place.exports, small(1), { ...TASK, ordinal: 1 });
    assert.equal(await versionOf(client), undefined);
    place.nowMs += 10 * SECONDS;
    // Without a model, the request that begins a check waits for it.
    assert.equal(await versionOf(client), FIRST);
    assert.equal((await client.get('/health')).body.status, 'ok');
  });

  test('reads the pointer at most every 10 seconds, and does not let a request wait for it', async () => {
    const place = new ServicePlace();
    await publishSample(place.exports, small(1), { ...TASK, ordinal: 1 });
    let reads = 0;
    const client = place.open(
      'reg',
      standIn(place.exports, { list: (...args) => ((reads += 1), place.exports.list(...args)) }),
    );
    for (let request = 0; request < 50; request += 1) assert.equal(await versionOf(client), FIRST);
    assert.equal(reads, 1);
    await publishSample(place.exports, small(2), { ...TASK, ordinal: 2 });
    place.nowMs += 9 * SECONDS;
    assert.equal(await versionOf(client), FIRST);
    assert.equal(reads, 1);
    place.nowMs += SECONDS;
    assert.equal(await versionOf(client), FIRST);
    await until('the swap', async () => (await versionOf(client)) === SECOND || undefined);
    assert.equal(reads, 2);
  });

  test('at a request to refresh loads at once, and says what it serves', async () => {
    const place = new ServicePlace();
    await publishSample(place.exports, small(1), { ...TASK, ordinal: 1 });
    const client = place.open('reg');
    await client.refresh();
    await publishSample(place.exports, small(2), { ...TASK, ordinal: 2 });
    const { status, body } = await client.refresh();
    assert.deepEqual([status, body.changed, body.serving?.version], [200, true, SECOND]);
    assert.equal((await client.refresh()).body.changed, false);
  });

  test('at a request to refresh polls the pointer again, which may have moved after the check in progress read it', async () => {
    const place = new ServicePlace();
    await publishSample(place.exports, small(1), { ...TASK, ordinal: 1 });
    const held = Promise.withResolvers<void>();
    let polls = 0;
    const client = place.open(
      'reg',
      standIn(place.exports, {
        list: async (...args) => {
          const listed = await place.exports.list(...args);
          // The first poll waits with what it saw: that nothing is published.
          if ((polls += 1) > 1) return listed;
          await held.promise;
          return [];
        },
      }),
    );
    const health = client.get('/health');
    const refreshed = client.refresh();
    held.resolve();
    assert.equal((await refreshed).body.serving?.version, FIRST);
    await health;
  });

  test('shows a pin and a rollback, whose pointer names older files', async () => {
    const place = new ServicePlace();
    const [one, two] = [small(1), small(2)];
    await publishSample(place.exports, one, { ...TASK, ordinal: 1 });
    const first = await readPointer(place.exports, 'bikes', 'reg');
    await publishSample(place.exports, two, { ...TASK, ordinal: 2 });
    const client = place.open('reg');
    await client.refresh();
    await movePointerTo(place.exports, { ...first!.value, ordinal: 3, pinned: true });
    const { body } = await client.refresh();
    assert.equal(body.serving?.version, FIRST);
    const models = await client.get('/models');
    assert.equal(models.body.pinned, true);
    assert.equal(models.body.champion?.version, FIRST);
    assert.deepEqual(new Set(models.body.register?.map(({ version }) => version)), new Set([FIRST, SECOND]));
  });

  test('swaps under concurrent requests: each is answered by one version, and none fails', async () => {
    const place = new ServicePlace();
    const files = [small(1), small(2), small(3)];
    await publishSample(place.exports, files[0]!, { ...TASK, ordinal: 1 });
    const client = place.open('reg');
    await client.refresh();
    const expected = new Map<string, string>();
    for (const [index, each] of files.entries()) {
      await publishSample(place.exports, each, { ...TASK, ordinal: index + 2 });
      await client.refresh();
      const { body } = shownOf(await client.predict(ASKED));
      expected.set(body.model?.version ?? '', JSON.stringify(body.predictions));
    }
    assert.equal(new Set(expected.values()).size, 3);
    const pointers = await Promise.all([2, 3, 4].map(async (ordinal) => pointerAt(place, ordinal)));
    let swaps = 0;
    let answers = 0;
    let isOver = false;
    const asking = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const { status, body } = shownOf(await client.predict(ASKED));
        assert.equal(status, 200);
        assert.equal(JSON.stringify(body.predictions), expected.get(body.model?.version ?? ''));
        answers += 1;
        await new Promise(setImmediate);
      }
    });
    for (let swap = 0; swap < 30; swap += 1) {
      await movePointerTo(place.exports, { ...pointers[swap % 3]!, ordinal: 100 + swap });
      if ((await client.refresh()).body.changed === true) swaps += 1;
      // However quick the swaps are, requests are answered between them.
      const enough = answers + asking.length;
      await until('answers between two swaps', () => answers >= enough || undefined);
    }
    isOver = true;
    await Promise.all(asking);
    assert.ok(swaps >= 29 && answers > swaps, `${swaps} swaps, ${answers} answers`);
  });
});
