// The rows of two publications are read within the memory of an instance: files of a bounded size, one pair at a time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LARGEST_BYTES, rowsOf } from '../../../functions/console/reading/stored-rows.ts';
import { turns } from '../../../functions/console/reading/turns.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { PublishedTable } from '../../../shared/outputs/published.ts';

test('work begins when the work before it has ended, even where that failed', async () => {
  const inTurn = turns();
  const happened: string[] = [];
  const work = (name: string, fails = false) =>
    inTurn(async () => {
      happened.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      happened.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const all = await Promise.allSettled([work('a'), work('b', true), work('c')]);
  assert.deepEqual(happened, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  assert.deepEqual(
    all.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
});

test('a file of the largest size is read, a larger one is not, and one that is gone is neither', async () => {
  const results = new MemoryStore('results');
  const header = 'mall\n';
  const rows = `${'x'.repeat(1023)}\n`.repeat(LARGEST_BYTES / 1024);
  const largest = header + rows.slice(header.length);
  await results.create('largest.csv', largest, 'text/csv');
  await results.create('larger.csv', `${largest}x`, 'text/csv');
  const read = (object: string) => rowsOf({ object } as PublishedTable, results);
  assert.equal((await read('largest.csv'))?.length, LARGEST_BYTES / 1024);
  assert.equal(await read('larger.csv'), 'too-large');
  assert.equal(await read('gone.csv'), undefined);
});
