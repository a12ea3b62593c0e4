// What lists runs and commands, over far more than a thousand objects in memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observe } from '../../../functions/sweep-runs/observe.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import type { JobRunner } from '../../../shared/executions/runner.ts';
import { compareAndSwap } from '../../../shared/objects/json.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { Metadata } from '../../../shared/objects/store.ts';
import { listAudit, recordIntent } from '../../../shared/commands/audit.ts';
import { commandIdOf } from '../../../shared/commands/command.ts';
import { readAccepted } from '../../../shared/runs/accepted.ts';
import { emptyState } from '../../../shared/runs/state.ts';
import { listRuns, readRun } from '../../../shared/history/history.ts';
import {
  stateObject,
  outcomeObject,
  replayObject,
  requestObject,
  runIdOf,
} from '../../../shared/runs/names.ts';
import { swapLease } from '../../../shared/runs/lease.ts';
import { metadataOf, outcomeIn, recordOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import { isPublished } from '../../../shared/runs/published.ts';

const NOW = Date.UTC(2026, 0, 31);
const DAY_MS = 24 * 3_600_000;
const at = new Date(NOW).toISOString();
const runOf = (sequence: number) => runIdOf(sequence, 'abcdef0123');

const requestOf = (sequence: number) => ({
  ...{ pipeline: 'carmila', run: runOf(sequence), sequence, revision: 'abcdef0123', snapshot: [] },
  requestedAt: at,
  nonce: null,
  cause: { kind: 'schedule', by: 'scheduler@test', reason: null } as const,
});

const outcomeOf = (sequence: number, outcome: RunOutcome['outcome']): RunOutcome => ({
  ...{ pipeline: 'carmila', run: runOf(sequence), outcome, code: null, reason: '', attempt: 1, rows: 1, at },
});

const put = (store: MemoryStore, name: string, value: unknown) =>
  store.create(name, JSON.stringify(value), 'application/json');

/** So many runs, of eleven objects each, all published. */
async function bucketOf<Store extends MemoryStore>(runs: number, store: Store): Promise<Store> {
  for (let sequence = 1; sequence <= runs; sequence++) {
    await put(store, requestObject('carmila', runOf(sequence)), requestOf(sequence));
    await recordOutcome(store, outcomeOf(sequence, 'published'));
    for (let file = 1; file <= 9; file++)
      await put(store, `carmila/${runOf(sequence)}/input/f-${file}`, file);
  }
  const state = { ...emptyState('t'), request: requestOf(runs) };
  await compareAndSwap(store, stateObject('carmila'), undefined, state);
  return store;
}

test('the newest runs are listed, however many came before them, in listings that they alone make long', async () => {
  const store = await bucketOf(2003, new MemoryStore('runs'));
  const all = await listRuns(store, 'carmila', 3000);
  assert.deepEqual(
    all.map(({ run, status }) => `${run} ${status}`),
    Array.from({ length: 2003 }, (_, index) => `${runOf(2003 - index)} published`),
  );
  assert.deepEqual(await listRuns(store, 'carmila', 3), all.slice(0, 3));
  assert.deepEqual(await listRuns(store, 'carmila', 501), all.slice(0, 501));
  const { runs, accepted } = await readAccepted(store, 'carmila');
  assert.deepEqual([runs.size, accepted.length], [2003, 2003]);
});

/** Counts what is asked of a bucket: each page of a listing is a call. */
class CountingStore extends MemoryStore {
  reads = 0;
  pages = 0;

  override readText(...read: Parameters<MemoryStore['readText']>) {
    this.reads += 1;
    return super.readText(...read);
  }

  override async list(...asked: Parameters<MemoryStore['list']>) {
    const found = await super.list(...asked);
    this.pages += Math.max(1, Math.ceil(found.length / 1000));
    return found;
  }
}

test('a listing of five hundred runs shows how they ended, and reads none of them', async () => {
  const store = await bucketOf(500, new CountingStore('runs'));
  const before = store.reads;
  const all = await listRuns(store, 'carmila', 500);
  assert.deepEqual(
    all.map(({ outcome }) => outcome),
    Array.from({ length: 500 }, (_, index) => outcomeOf(500 - index, 'published')),
  );
  // The state and the lease.
  assert.equal(store.reads - before, 2);
  assert.equal(store.pages, 6);
});

test('an outcome that was recorded without a summary, or whose reason is too long for one, is read', async () => {
  const store = new CountingStore('runs');
  const long = { ...outcomeOf(2, 'failed'), reason: 'é'.repeat(1000) };
  const plain = { ...outcomeOf(3, 'held'), reason: '100 % of "é" \u{1F600} failed.', rows: null };
  await put(store, outcomeObject('carmila', runOf(1)), outcomeOf(1, 'published'));
  await recordOutcome(store, long);
  await recordOutcome(store, plain);
  await put(store, requestObject('carmila', runOf(4)), requestOf(4));
  const state = { ...emptyState('t'), request: requestOf(4) };
  await compareAndSwap(store, stateObject('carmila'), undefined, state);
  const listed = await listRuns(store, 'carmila', 10);
  assert.deepEqual(
    listed.map(({ outcome }) => outcome),
    [undefined, plain, long, outcomeOf(1, 'published')],
  );
  assert.equal(store.reads, 4);
});

test('a summary is ASCII and bounded, and one that was tampered with counts as none', async () => {
  const reason = '\u0000 é % \ud800'.repeat(100);
  const metadata = metadataOf({ ...outcomeOf(1, 'failed'), reason });
  assert.match(JSON.stringify(metadata), /^[\x20-\x7e]{1,8000}$/);
  const of = { pipeline: 'carmila', run: runOf(1) };
  assert.equal(outcomeIn(metadata, of)?.reason, reason.toWellFormed());
  const tampered: readonly Metadata[] = [
    { reason: '%' },
    { outcome: 'great' },
    { rows: '-1' },
    { at: 'now' },
    { attempt: '' },
  ];
  for (const changed of tampered) assert.equal(outcomeIn({ ...metadata, ...changed }, of), undefined);
});

test('a sweep sees the lease and each open run behind a thousand objects and more', async () => {
  const store = await bucketOf(120, new MemoryStore('runs'));
  for (const sequence of [119, 120]) {
    const copies = Array.from({ length: 1200 }, (_, index) => `plan-${index}`);
    for (const name of copies) await put(store, `carmila/${runOf(sequence)}/${name}.json`, {});
  }
  const open = requestOf(121);
  await put(store, requestObject('carmila', open.run), open);
  const holder = { run: open.run, attempt: 1, since: at };
  await swapLease(store, 'carmila', undefined, { token: 't', holder, queued: null });
  const { observation, lease } = await observe(carmila, {
    runs: store,
    results: new MemoryStore('results'),
    jobs: undefined as unknown as JobRunner,
    now: () => NOW,
    overdueMs: 0,
  });
  assert.equal(lease?.value.holder.run, open.run);
  assert.deepEqual(observation.holder?.holder, holder);
  // The newest run of the state has ended, and the one behind it has not.
  assert.deepEqual(observation.open, [open.run]);
});

test('a run is read whole, and counts as published, by the last of two thousand replays', async () => {
  const store = await bucketOf(1, new MemoryStore('runs'));
  const held = new MemoryStore('runs');
  await put(held, requestObject('carmila', runOf(1)), requestOf(1));
  await recordOutcome(held, outcomeOf(1, 'held'));
  for (let replay = 1; replay <= 2001; replay++) {
    const ended = outcomeOf(1, replay === 2001 ? 'published' : 'superseded');
    await put(held, replayObject('carmila', runOf(1), `n${10_000 + replay}`), ended);
  }
  assert.equal((await readRun(held, 'carmila', runOf(1)))?.replays.length, 2001);
  assert.equal(await isPublished(held, 'carmila', runOf(1)), true);
  assert.equal(await isPublished(store, 'carmila', runOf(1)), true);
});

async function auditOf(...daysAgo: readonly number[]): Promise<MemoryStore> {
  const audit = new MemoryStore('audit');
  for (const [index, days] of daysAgo.entries()) {
    const givenMs = NOW - days * DAY_MS;
    const id = commandIdOf(givenMs, `n${String(index).padStart(4, '0')}`);
    const command = { verb: 'pause', pipeline: 'carmila', reason: `${days} days ago`, id } as const;
    await recordIntent(audit, { command, by: 'ada@example.org', at: new Date(givenMs).toISOString() });
  }
  return audit;
}

const reasons = async (audit: MemoryStore, count: number) =>
  (await listAudit({ audit, now: () => NOW }, 'carmila', count)).map(({ command }) => command.reason);

test('the newest commands are those of the last days, however many came before', async () => {
  const audit = await auditOf(...Array.from({ length: 2500 }, (_, index) => 2500 - index), 0);
  assert.deepEqual(await reasons(audit, 3), ['0 days ago', '1 days ago', '2 days ago']);
  assert.equal((await reasons(audit, 40)).at(-1), '39 days ago');
  assert.equal((await reasons(audit, 1001)).at(-1), '1000 days ago');
  assert.equal((await reasons(audit, 9999)).length, 2501);
});

test('a command that was given by a clock ahead of ours is among the newest', async () => {
  const audit = await auditOf(3, -400, 2);
  assert.deepEqual(await reasons(audit, 2), ['-400 days ago', '2 days ago']);
});
