// The lease: every transition, and a search that no sequence of acquiring and releasing breaks its guarantees.
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterFailedAttempt, requestLease, type Lease } from '../../../shared/runs/lease.ts';
import { runIdOf, sequenceOf } from '../../../shared/runs/names.ts';

const NOW = Date.UTC(2026, 0, 1);
const SINCE = new Date(NOW).toISOString();
const idOf = (sequence: number) => runIdOf(sequence, 'abcdef0123456789');
const [ONE, TWO, THREE, FOUR] = [idOf(1), idOf(2), idOf(3), idOf(4)];
const held = (run: string, queued: string | null = null, attempt = 1): Lease => ({
  token: 't',
  holder: { run, attempt, since: SINCE },
  queued,
});

const taken = (run: string) => ({
  kind: 'take',
  next: { holder: { run, attempt: 1, since: SINCE }, queued: null },
});

const TRANSITIONS: readonly [string, Lease | undefined, string, object][] = [
  ['it is free: take', undefined, ONE, taken(ONE)],
  [
    'I hold it: attach to my attempt',
    held(ONE, null, 2),
    ONE,
    { kind: 'attach', holder: held(ONE, null, 2).holder },
  ],
  [
    'I hold it and a newer one waits: attach',
    held(ONE, TWO),
    ONE,
    { kind: 'attach', holder: held(ONE, TWO).holder },
  ],
  [
    'an older one holds it: wait',
    held(ONE),
    TWO,
    { kind: 'queue', next: { holder: held(ONE).holder, queued: TWO }, supersedes: null },
  ],
  ['I wait already', held(ONE, TWO), TWO, { kind: 'queued-already' }],
  [
    'an older one waits: take its place',
    held(ONE, TWO),
    THREE,
    { kind: 'queue', next: { holder: held(ONE).holder, queued: THREE }, supersedes: TWO },
  ],
  ['a newer one waits: superseded', held(ONE, THREE), TWO, { kind: 'superseded', by: THREE }],
  ['a newer one holds it: superseded', held(TWO), ONE, { kind: 'superseded', by: TWO }],
];

for (const [name, lease, run, answer] of TRANSITIONS) {
  test(name, () => assert.deepEqual(requestLease(lease, run, NOW), answer));
}

test('a failed attempt hands the lease to the next attempt of the same run, from now on', () => {
  const next = afterFailedAttempt(held(ONE, FOUR, 2), 'it crashed', NOW + 5000);
  assert.deepEqual(next, {
    holder: { run: ONE, attempt: 3, since: new Date(NOW + 5000).toISOString(), because: 'it crashed' },
    queued: FOUR,
  });
});

type Move = { readonly kind: 'ask' | 'release' | 'fail'; readonly sequence: number };

const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('ask', 'ask', 'release', 'fail'),
    sequence: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 60 },
);

function step(lease: Lease | undefined, { kind, sequence }: Move): Lease | undefined {
  const run = idOf(sequence);
  if (kind === 'release') return lease?.holder.run === run ? undefined : lease;
  if (kind === 'fail')
    return lease?.holder.run === run
      ? { token: 't', ...afterFailedAttempt(lease, 'it crashed', NOW) }
      : lease;
  const answer = requestLease(lease, run, NOW);
  return 'next' in answer ? { token: 't', ...answer.next } : lease;
}

test('in every sequence of moves a holder keeps the lease until it gives it back, and the newest of the line waits', () => {
  fc.assert(
    fc.property(moves, (all) => {
      let lease: Lease | undefined;
      let newestAsked = 0;
      for (const move of all) {
        const before = lease;
        lease = step(lease, move);
        const [was, is] = [before?.holder.run, lease?.holder.run];
        if (was !== undefined && is !== was)
          assert.ok(move.kind === 'release' && idOf(move.sequence) === was);
        if (is === undefined) newestAsked = 0;
        if (
          move.kind === 'ask' &&
          is !== undefined &&
          is !== idOf(move.sequence) &&
          move.sequence > sequenceOf(is)
        ) {
          newestAsked = Math.max(newestAsked, move.sequence);
        }
        const queued = lease?.queued ?? null;
        const waiting = queued === null ? 0 : sequenceOf(queued);
        assert.equal(waiting, is === undefined ? 0 : newestAsked);
        if (is !== undefined && waiting > 0) assert.ok(waiting > sequenceOf(is));
      }
    }),
    { numRuns: 500 },
  );
});
