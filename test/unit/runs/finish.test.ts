// The end of a run: the lease is given back once, and the run in line is called even if an answer was lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { pino } from 'pino';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { RemoveAnswer } from '../../../shared/objects/store.ts';
import { finishRun, releaseLease } from '../../../shared/completion/finish.ts';
import { readLease, swapLease } from '../../../shared/runs/lease.ts';
import { requestObject } from '../../../shared/runs/names.ts';
import type { RunOutcome } from '../../../shared/runs/outcome.ts';
import { requestReader } from '../../../shared/runs/request.ts';

const [FIRST, SECOND, THIRD] = ['000001-aaaaaaaa', '000002-bbbbbbbb', '000003-cccccccc'];
const holderOf = (run: string) => ({ run, attempt: 1, since: '2026-01-01T00:00:00.000Z' });

async function held(runs: MemoryStore, queued: string | null) {
  await swapLease(runs, 'carmila', undefined, { token: 't', holder: holderOf(FIRST), queued });
  const called: string[] = [];
  const runRequested = { publish: async ({ run }: { run: string }) => void called.push(run) };
  return { ports: { runs, runRequested }, called };
}

test('the lease is deleted by its release, and the run that waited is called', async () => {
  const runs = new MemoryStore('runs');
  const { ports, called } = await held(runs, SECOND);
  await releaseLease(ports, 'carmila', FIRST);
  assert.equal(await readLease(runs, 'carmila'), undefined);
  await releaseLease(ports, 'carmila', FIRST);
  assert.deepEqual(called, [SECOND]);
});

test('an attempt without the lease releases nothing', async () => {
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

class CountingStore extends MemoryStore {
  readonly reads: string[] = [];

  override readText(name: string, maxBytes: number) {
    this.reads.push(name);
    return super.readText(name, maxBytes);
  }
}

test('where a run is traced and measured, its request is read once, or not at all where it is known', async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const span = new BasicTracerProvider().getTracer('test').startSpan('publish-output');
  const object = requestObject('carmila', FIRST);
  const outcome: RunOutcome = {
    ...{ pipeline: 'carmila', run: FIRST, code: null, reason: 'Done.', attempt: 1, rows: 1 },
    outcome: 'published',
    at: '2026-01-01T01:00:00.000Z',
  };
  const requestReads = async (isKnown: boolean) => {
    const runs = new CountingStore('runs');
    const { ports } = await held(runs, null);
    const known = requestReader(runs, 'carmila', FIRST);
    if (isKnown) await known();
    runs.reads.length = 0;
    const all = { ...ports, log: pino({ level: 'silent' }) };
    await context.with(trace.setSpan(context.active(), span), () =>
      finishRun(all, outcome, isKnown ? { request: known } : {}),
    );
    return runs.reads.filter((name) => name === object).length;
  };
  assert.ok(span.isRecording());
  assert.equal(await requestReads(false), 1);
  assert.equal(await requestReads(true), 0);
});
