// Weeks of counters that mislead: swapped directions and half-broken devices.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { changedRows } from '../../../models/bikes/changed-places.ts';
import { deadRows } from '../../../models/bikes/dead-runs.ts';
import type { Observations } from '../../../models/bikes/observations.ts';
import { FIRST_HOUR, generatedCounts } from '../../jobs/train-bikes/counts.ts';

const DAYS = 112;
const END = FIRST_HOUR + DAYS * 24;
const SWAP = END - 40 * 24;

const marked = (observations: Observations, upTo: number): Map<number, number> => {
  const changed = changedRows(observations, upTo, deadRows(observations, upTo));
  const found = new Map<number, number>();
  changed.forEach((mark, row) => {
    const counter = observations.counter[row]!;
    if (mark === 1) found.set(counter, (found.get(counter) ?? 0) + 1);
  });
  return found;
};

/** Counters 0 and 1 are the directions of one place, and change places on the day of the swap. */
const swapped = (): Observations => {
  const observations = generatedCounts(DAYS, 5, (count, counter, hour) => {
    if (counter > 1) return count;
    return (counter === 0) === hour < SWAP ? count * 6 : count;
  });
  const [first, , ...others] = observations.counters;
  return { ...observations, counters: [first!, { ...first!, name: 'counter 1' }, ...others] };
};

it('marks what a place counted before its directions changed places, and no other place', () => {
  const found = marked(swapped(), END);
  assert.deepEqual([...found.keys()], [0, 1]);
  // The four weeks that hold the day of the swap are neither as before nor as now.
  for (const rows of found.values()) assert.ok(rows >= 56 * 24 && rows <= 84 * 24, `${rows} rows`);
});

it('knows nothing of a change before it happens', () => {
  assert.equal(marked(swapped(), SWAP).size, 0);
});

it('marks the weeks in which a counter was half broken, even if they are the newest', () => {
  const broken = generatedCounts(DAYS, 5, (count, counter, hour) =>
    counter === 2 && hour >= END - 28 * 24 ? Math.floor(count / 20) : count,
  );
  assert.deepEqual([...marked(broken, END).keys()], [2]);
  assert.ok(Math.abs(marked(broken, END).get(2)! - 28 * 24) <= 24);
});

it('takes no lockdown for a change: all counters count a third before it ends', () => {
  const lockdown = generatedCounts(DAYS, 5, (count, _counter, hour) =>
    hour < SWAP ? Math.round(count / 3) : count,
  );
  assert.equal(marked(lockdown, END).size, 0);
});
