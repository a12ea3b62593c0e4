// What is kept for a while: asked for once while it is fresh, forgotten where it failed, and bounded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptForAWhile } from '../../shared/kept-for-a-while.ts';

class Source {
  nowMs = 0;
  asked = 0;
  readonly kept = new KeptForAWhile<number>({ keptMs: 1000, most: 2, now: () => this.nowMs });

  of(key: string): Promise<number> {
    return this.kept.of(key, async () => ++this.asked);
  }
}

test('it is asked for once while it is fresh, also by many at once, and then again', async () => {
  const source = new Source();
  assert.deepEqual(await Promise.all([source.of('a'), source.of('a'), source.of('a')]), [1, 1, 1]);
  source.nowMs = 999;
  assert.equal(await source.of('a'), 1);
  source.nowMs = 1000;
  assert.equal(await source.of('a'), 2);
});

test('what failed is not kept, and what came after it is', async () => {
  const source = new Source();
  let fail: (error: Error) => void = () => undefined;
  const failing = source.kept.of('a', () => new Promise((_resolve, reject) => (fail = reject)));
  source.nowMs = 1000;
  assert.equal(await source.of('a'), 1);
  fail(new Error('lost'));
  await assert.rejects(failing, /lost/);
  assert.equal(await source.of('a'), 1);

  await assert.rejects(
    source.kept.of('b', () => Promise.reject(new Error('refused'))),
    /refused/,
  );
  assert.equal(source.kept.last('b'), undefined);
  assert.equal(await source.of('b'), 2);
});

test('beyond its bound the oldest is forgotten', async () => {
  const source = new Source();
  for (const key of ['a', 'b', 'c']) await source.of(key);
  assert.deepEqual([source.kept.last('a'), await source.kept.last('c')], [undefined, 3]);
  assert.equal(await source.of('b'), 2);
});
