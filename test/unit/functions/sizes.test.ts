// The sizes of functions: those that Cloud Run refuses are refused before.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SMALL, WAITING, wrongSize } from '../../../shared/functions/size.ts';

describe('a size', () => {
  const WRONG: readonly (readonly [Partial<typeof SMALL>, RegExp])[] = [
    [{ cpu: 0.05 }, /size.cpu 0.05: expected 0.08 to 1/],
    [{ cpu: 0.3335 }, /size.cpu 0.3335/],
    [{ cpu: 3 }, /size.cpu 3: expected .* 2, 4, 6, 8/],
    [{ memory: '1Gi' }, /size.memory "1Gi": expected 128Mi to 512Mi for 0.333 cpu/],
    [{ memory: 'much' }, /size.memory "much"/],
    [{ cpu: 1, memory: '8Gi' }, /expected 128Mi to 4096Mi for 1 cpu/],
    [{ cpu: 8, memory: '2Gi' }, /expected 4096Mi to 32768Mi for 8 cpu/],
    [{ concurrency: 0 }, /size.concurrency 0: expected a whole number from 1/],
    [{ concurrency: 1.5 }, /size.concurrency 1.5/],
    [{ cpu: 0.999, concurrency: 2 }, /expected 1 below one cpu/],
    [{ maxInstances: 0 }, /size.maxInstances 0/],
    [{ minInstances: -1 }, /size.minInstances -1/],
  ];
  for (const [change, message] of WRONG) {
    test(`${JSON.stringify(change)} is refused`, () => {
      assert.match(wrongSize({ ...SMALL, ...change }).join('; '), message);
    });
  }

  test('of Cloud Run is taken', () => {
    const right = [
      SMALL,
      WAITING,
      { ...SMALL, cpu: 0.5, memory: '1Gi' },
      { ...WAITING, cpu: 2, memory: '8Gi' },
    ];
    for (const size of right) assert.deepEqual(wrongSize(size), []);
  });
});
