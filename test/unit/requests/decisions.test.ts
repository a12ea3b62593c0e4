// Reading the newest decision and creating the next: the token settles what an answer does not say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransientError } from '../../../shared/errors.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { createDecision, newestDecision } from '../../../shared/requests/decisions.ts';
import type { DispatchState } from '../../../shared/requests/dispatch.ts';
import { faulty, FaultAt } from '../start-run/faults.ts';

const decision = (n: number, token: string): DispatchState => ({
  ...{ n, token, at: '2026-11-27T03:00:00.000Z', slots: [], deficits: {}, cursor: null },
  ...{ spending: { day: '2026-11-27', owners: {} }, history: [] },
});

const startStore = () => new MemoryStore('requests');

test('the newest of many decisions is read by one listing', async () => {
  const store = startStore();
  assert.equal(await newestDecision(store, 'p'), undefined);
  for (const n of [1, 2, 9, 10, 11]) await createDecision(store, 'p', decision(n, 't'));
  await createDecision(store, 'other', decision(50, 't'));
  assert.equal((await newestDecision(store, 'p'))?.n, 11);
});

test('of two deciders of one number, one is first, and the other learns it', async () => {
  const store = startStore();
  assert.equal(await createDecision(store, 'p', decision(1, 'mine')), true);
  assert.equal(await createDecision(store, 'p', decision(1, 'other')), false);
  assert.equal(await createDecision(store, 'p', decision(1, 'mine')), true);
});

test('a lost answer is settled by the token, whether the decision landed or not', async () => {
  for (const mode of ['lost before', 'lost after'] as const) {
    const store = startStore();
    const port = faulty<ObjectStore>(store, 'requests', new FaultAt(0, mode));
    assert.equal(await createDecision(port, 'p', decision(1, 'mine')), true, mode);
    assert.equal((await newestDecision(store, 'p'))?.token, 'mine');
  }
});

test('a lost answer behind which another decision stands is a conflict', async () => {
  const store = startStore();
  await createDecision(store, 'p', decision(1, 'other'));
  const port = faulty<ObjectStore>(store, 'requests', new FaultAt(0, 'lost before'));
  assert.equal(await createDecision(port, 'p', decision(1, 'mine')), false);
});

test('a store that answers nothing is given up after three writes', async () => {
  let writes = 0;
  const unknown = { kind: 'unknown', cause: new Error('no answer') } as const;
  const port = Object.assign(startStore(), {
    create: async () => {
      writes += 1;
      return unknown;
    },
  });
  await assert.rejects(createDecision(port, 'p', decision(1, 'mine')), TransientError);
  assert.equal(writes, 3);
});
