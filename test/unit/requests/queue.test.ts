// The listing of the queue: whole, or in parts that begin with the owner whose turn it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import { queueObject } from '../../../shared/requests/names.ts';
import { listQueue } from '../../../shared/requests/queue.ts';

const OWNERS = ['1', '2', '3', '4'].map((digit) => digit.repeat(16));
const METADATA = {
  ...{ cost: '0.5', priority: '3', approval: 'none', 'body-hash': 'x' },
  ...{ 'accepted-at': '2026-11-27T03:00:00.000Z', 'expires-at': '2026-11-28T03:00:00.000Z' },
};

/** Three entries of each owner. */
async function startQueue(): Promise<MemoryStore> {
  const store = new MemoryStore('requests');
  for (const owner of OWNERS)
    for (const digit of ['a', 'b', 'c'])
      await store.create(
        queueObject('p', `r${owner}-${digit.repeat(32)}`),
        '{}',
        'application/json',
        METADATA,
      );
  return store;
}

const ownersIn = (entries: readonly { owner: string }[]) => [...new Set(entries.map(({ owner }) => owner))];

test('a queue is listed from the owner whose turn it is, around to the owner before', async () => {
  const queue = await listQueue(await startQueue(), 'p', OWNERS[2]!);
  assert.deepEqual(ownersIn(queue.candidates), [OWNERS[2], OWNERS[3], OWNERS[0], OWNERS[1]]);
  assert.equal(queue.after, null);
  assert.ok(OWNERS.every(queue.covers));
  const [entry] = queue.candidates;
  assert.deepEqual([entry?.cost, entry?.priority, entry?.approval], [0.5, 3, 'none']);
});

test('a part holds owners whole, and names the first that it leaves out', async () => {
  const store = await startQueue();
  const queue = await listQueue(store, 'p', OWNERS[3]!, 7);
  assert.deepEqual(ownersIn(queue.candidates), [OWNERS[3], OWNERS[0]]);
  assert.equal(queue.candidates.length, 6);
  assert.equal(queue.after, OWNERS[1]);
  assert.deepEqual(OWNERS.map(queue.covers), [true, false, false, true]);
  const next = await listQueue(store, 'p', queue.after, 7);
  assert.deepEqual(ownersIn(next.candidates), [OWNERS[1], OWNERS[2]]);
});

test('the parts of a queue begin where the one before ended, until every owner was considered', async () => {
  const store = await startQueue();
  const considered = new Set<string>();
  let cursor: string | null = null;
  for (let part = 0; part < 4; part++) {
    const queue = await listQueue(store, 'p', cursor, 3);
    assert.equal(ownersIn(queue.candidates).length, 1);
    for (const { owner } of queue.candidates) considered.add(owner);
    cursor = queue.after;
  }
  assert.deepEqual([...considered].sort(), OWNERS);
});

test('an entry that cannot be read is named, and keeps no other from starting', async () => {
  const store = await startQueue();
  const name = `queue/p/${OWNERS[0]}/r${OWNERS[1]}-${'d'.repeat(32)}`;
  await store.create(name, '{}', 'application/json', METADATA);
  await store.create(`queue/p/${OWNERS[0]}/r${OWNERS[0]}-${'e'.repeat(32)}`, '{}', 'application/json', {});
  const queue = await listQueue(store, 'p', null);
  assert.equal(queue.malformed.length, 2);
  assert.equal(queue.candidates.length, 12);
});
