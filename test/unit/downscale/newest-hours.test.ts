// How many hours of a long training are learned, by the cells of its two grids.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Cover } from '../../../models/downscale/cover.ts';
import { newestHours } from '../../../models/downscale/newest-hours.ts';

const coverOf = (rows: number, columns: number, factor: number): Cover => ({
  ...{ coarse: { rows, columns }, down: factor, across: factor },
  ...{ top: 0, left: 0 },
});

const learned = (cover: Cover, hours: number): number => {
  const all = Array.from({ length: hours }, (_, at) => at * 3_600_000);
  const kept = newestHours({ rows: 1, columns: 1, hours: all, values: new Float32Array(hours) }, cover).hours;
  // The newest ones.
  assert.deepEqual(kept, all.slice(hours - kept.length));
  return kept.length;
};

test('a month of the shared sample is learned whole, and never more than a thousand hours', () => {
  assert.equal(learned(coverOf(8, 12, 4), 720), 720);
  assert.equal(learned(coverOf(2, 2, 4), 5_000), 1_000);
});

test('with more coarse cells, or more fine cells in each, fewer hours are learned', () => {
  const few = learned(coverOf(30, 40, 4), 5_000);
  assert.ok(few > 200 && few < 400, String(few));
  const fewer = learned(coverOf(30, 40, 32), 5_000);
  assert.ok(fewer > 24 && fewer < few / 2, String(fewer));
});

test('grids of which not even a day can be learned are refused with their cells', () => {
  assert.throws(
    () => learned(coverOf(100, 100, 32), 48),
    /^RangeError: 10000 coarse and 10240000 fine cells/,
  );
});
