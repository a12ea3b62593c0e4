// What waits in a queue, and when the oldest waits too long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candidate } from '../../../shared/requests/candidates.ts';
import { lateAfterMs, waitingOf } from '../../../shared/requests/waiting.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 27, 8);
const TRIGGER = { approval: 'none', expiresAfter: 24 * HOUR_MS } as const;

const candidate = (run: string, ageMs: number): Candidate => ({
  ...{ run, owner: 'ada', cost: 1, priority: 5, approval: 'none' },
  ...{ acceptedAtMs: NOW - ageMs, expiresAtMs: NOW + HOUR_MS },
});
const slotOf = (run: string) => ({
  run,
  attempt: 1,
  owner: 'ada',
  cost: 1,
  since: new Date(NOW).toISOString(),
});

test('a run in a slot does not wait, though its entry is in the queue', () => {
  const queue = [candidate('old', 50_000), candidate('new', 20_000)];
  assert.deepEqual(waitingOf(queue, [slotOf('old')], TRIGGER, NOW), {
    waiting: 1,
    oldestSeconds: 20,
    late: false,
  });
});

test('nothing waits in an empty queue, and a clock that is behind makes no negative age', () => {
  const none = { waiting: 0, oldestSeconds: 0, late: false };
  assert.deepEqual(waitingOf([], [], TRIGGER, NOW), none);
  assert.deepEqual(waitingOf([candidate('ahead', -5000)], [], TRIGGER, NOW), { ...none, waiting: 1 });
});

test('the oldest is late after an hour, after half of its time, and after half where a person approves', () => {
  const late = (ageMs: number) =>
    waitingOf([candidate('a', ageMs), candidate('b', 0)], [], TRIGGER, NOW).late;
  assert.deepEqual([late(HOUR_MS), late(HOUR_MS + 1)], [false, true]);
  assert.equal(lateAfterMs({ approval: 'none', expiresAfter: HOUR_MS }), HOUR_MS / 2);
  assert.equal(lateAfterMs({ approval: 'before-start', expiresAfter: 24 * HOUR_MS }), 12 * HOUR_MS);
});
