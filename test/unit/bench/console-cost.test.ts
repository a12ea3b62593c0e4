// A tab of the console that is visible at work costs less than ten cents a month, nothing counted as free.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { billOf } from '../../../bench/cost/bill.ts';
import { countConsole, tabOf } from '../../../bench/cost/console.ts';

test('a tab that is visible 8 hours on 22 days over an idle mesh costs less than 0.10 dollar a month', async () => {
  const calls = await countConsole();
  assert.deepEqual(calls.unchanged, { classA: 0, classB: 1, keyUses: 0 });
  assert.ok(calls.page.classA >= 1 && calls.page.classB >= 2, 'a page reads at all');
  const { dollars } = billOf(tabOf(calls), { free: false });
  assert.ok(dollars > 0.01 && dollars < 0.1, String(dollars));
});
