// The end of a run: the lease is given back once, and whoever waits is called even if an answer was lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from '../../shared/objects/memory.ts';
import type { RemoveAnswer } from '../../shared/objects/store.ts';
import { releaseLease } from '../../shared/completion/finish.ts';
import { readLease, swapLease } from '../../shared/runs/lease.ts';

const [FIRST, SECOND, THIRD] = ['000001-aaaaaaaa', '000002-bbbbbbbb', '000003-cccccccc'];
const holderOf = (run: string) => ({ run, attempt: 1, since: '2026-01-01T00:00:00.000Z' });

async function held(runs: MemoryStore, queued: string | null) {
  await swapLease(runs, 'carmila', undefined, { token: 't', holder: holderOf(FIRST), queued });
  const called: string[] = [];
  const runRequested = { publish: async ({ run }: { run: string }) => void called.push(run) };
  return { ports: { runs, runRequested }, called };
}

test('the lease is gone after its release, and the run that waited is called', async () => {
  const runs = new MemoryStore('runs');
  const { ports, called } = await held(runs, SECOND);
  await releaseLease(ports, 'carmila', FIRST);
  assert.equal(await readLease(runs, 'carmila'), undefined);
  await releaseLease(ports, 'carmila', FIRST);
  assert.deepEqual(called, [SECOND]);
});

test('whoever does not hold the lease gives nothing back', async () => {
  const runs = new MemoryStore('runs');
  const { ports, called } = await held(runs, SECOND);
  await releaseLease(ports, 'carmila', SECOND);
  assert.equal((await readLease(runs, 'carmila'))?.value.holder.run, FIRST);
  assert.deepEqual(called, []);
});

test('the release landed, its answer was lost, and another run has the lease by now: it keeps it', async () => {
  class LosingStore extends MemoryStore {
    override async remove(name: string, generation: string): Promise<RemoveAnswer> {
      await super.remove(name, generation);
      await swapLease(this, 'carmila', undefined, { token: 'u', holder: holderOf(THIRD), queued: null });
      return { kind: 'conflict' };
    }
  }
  const runs = new LosingStore('runs');
  const { ports, called } = await held(runs, SECOND);
  await releaseLease(ports, 'carmila', FIRST);
  assert.equal((await readLease(runs, 'carmila'))?.value.holder.run, THIRD);
  assert.deepEqual(called, [SECOND]);
});
