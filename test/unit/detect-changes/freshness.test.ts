// Since when a table is stale, poll by poll: the effect of an unchanged folder, a failed run and a pause.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectChanges } from '../../../functions/detect-changes/detect-changes.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { createLog } from '../../../shared/logging.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { StoredText } from '../../../shared/objects/store.ts';
import { emptyState, moveState, readState } from '../../../shared/runs/state.ts';
import { replayObject } from '../../../shared/runs/names.ts';
import { recordOutcome, type Outcome } from '../../../shared/runs/outcome.ts';
import type { SourceFile } from '../../../shared/sources/snapshot.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5);

class CountingStore extends MemoryStore {
  reads = 0;
  override readText(name: string, maxBytes: number): Promise<StoredText | undefined> {
    this.reads++;
    return super.readText(name, maxBytes);
  }
}

/** A folder whose flux file has this content, and a clock that stands where a test puts it. */
function place() {
  const runs = new CountingStore('runs');
  const reported: Record<string, unknown>[] = [];
  let [nowMs, content, token] = [START, 1, 0];
  const file = (name: string, digit: number): SourceFile => ({
    id: name,
    name,
    content: { kind: 'md5', md5Hex: String(digit).repeat(32) },
    sizeBytes: 10,
    modifiedAtMs: START - HOUR,
  });
  const files = () =>
    content === 0
      ? []
      : [file('2025 flux quotidiens.xlsx', content), file('Transco.xlsx', 9), file('OE 2024.xlsx', 9)];
  const log = createLog('test', 'sluice-local');
  for (const level of ['info', 'warn', 'error'] as const) {
    log[level] = ((line: Record<string, unknown>) => void reported.push({ level, ...line })) as never;
  }
  const mesh = {
    runs,
    source: { list: () => Promise.resolve(files()) } as never,
    runRequested: { publish: () => Promise.resolve() },
    now: () => nowMs,
    newId: () => `t${++token}`,
    log,
  };
  const cause = { kind: 'schedule', by: 'scheduler@test', reason: null } as const;
  const tick = { pipeline: carmila, place: 'f', settleMs: 0, nonce: null, cause };
  return {
    runs,
    at: (hours: number) => (nowMs = START + hours * HOUR),
    put: (digit: number) => (content = digit),
    async poll() {
      const answer = await detectChanges(tick, mesh);
      const last = reported.at(-1);
      assert.equal(last?.event, 'polled');
      return {
        answer,
        run: answer.kind === 'requested' ? answer.run : '',
        fresh: last.fresh,
        level: last.level,
      };
    },
    end: (run: string, outcome: Outcome) =>
      recordOutcome(runs, {
        pipeline: 'carmila',
        run,
        outcome,
        code: null,
        reason: '',
        attempt: 1,
        rows: 1,
        at: at(nowMs),
      }),
    stale: async () => (await readState(runs, 'carmila'))?.value.stale?.since,
  };
}

const at = (ms: number) => new Date(ms).toISOString();

test('an unchanged folder is fresh for ever, and its polls read the state alone', async () => {
  const { runs, at, poll, end, stale } = place();
  const { run } = await poll();
  await end(run, 'published');
  at(30);
  assert.equal((await poll()).fresh, true, 'the objective has passed, and the publication is found');
  assert.equal(await stale(), undefined);
  at(24 * 60);
  runs.reads = 0;
  assert.equal((await poll()).fresh, true);
  assert.equal(runs.reads, 1);
});

test('a change whose run has failed is not fresh once the objective has passed, and each poll reports that', async () => {
  const { at, poll, end } = place();
  const { run } = await poll();
  await end(run, 'failed');
  at(25);
  assert.deepEqual(await poll().then(({ fresh, level }) => [fresh, level]), [true, 'info']);
  for (const hours of [27, 28]) {
    at(hours);
    assert.deepEqual(await poll().then(({ fresh, level }) => [fresh, level]), [false, 'error']);
  }
});

test('edits that fail day after day are behind since the first of them', async () => {
  const { at, put, poll, end } = place();
  for (const [hours, content] of [
    [0, 1],
    [20, 2],
  ] as const) {
    at(hours);
    put(content);
    await end((await poll()).run, 'failed');
  }
  at(27);
  assert.equal((await poll()).fresh, false);
});

test('edits that are published one after another are behind since the last of them', async () => {
  const { at, put, poll, end, stale } = place();
  for (const [hours, content] of [
    [0, 1],
    [20, 2],
  ] as const) {
    at(hours);
    put(content);
    await end((await poll()).run, 'published');
  }
  assert.equal(await stale(), new Date(START + 20 * HOUR).toISOString());
  at(27);
  assert.equal((await poll()).fresh, true);
});

test('a folder that cannot be used is stale since the first poll that found it so', async () => {
  const { at, put, poll, end } = place();
  await end((await poll()).run, 'published');
  for (const hours of [10, 20]) {
    at(hours);
    put(0);
    assert.equal((await poll()).fresh, true);
  }
  at(37);
  assert.equal((await poll()).fresh, false);
  put(1);
  assert.equal((await poll()).fresh, true, 'back as it was, and that is published');
});

test('a held run that was released is a publication', async () => {
  const { runs, at: setHours, poll, end } = place();
  const { run } = await poll();
  await end(run, 'held');
  const replayed = {
    pipeline: 'carmila',
    run,
    outcome: 'published',
    code: null,
    reason: '',
    attempt: 1,
    rows: 1,
    at: at(START),
  };
  await runs.create(replayObject('carmila', run, 'command-1'), JSON.stringify(replayed), 'application/json');
  setHours(30);
  assert.equal((await poll()).fresh, true);
});

test('a paused pipeline misses no objective: an operator knows that it waits', async () => {
  const { runs, at: setHours, poll, end } = place();
  await end((await poll()).run, 'failed');
  const state = await readState(runs, 'carmila');
  const paused = { command: 'o', by: 'ada', reason: 'moving', at: at(START) };
  await moveState(runs, 'carmila', state, { ...(state?.value ?? emptyState('t')), token: 'p', paused });
  setHours(100);
  assert.equal((await poll()).fresh, true);
});
