// Start-run over ports in memory: a source that changes underneath it, and submissions whose answer is lost.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { pino } from 'pino';
import { detectChanges } from '../../../functions/detect-changes/detect-changes.ts';
import { startRun, type Ports } from '../../../functions/start-run/start-run.ts';
import { submitAttempt } from '../../../functions/start-run/submit.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { AttemptKey, Execution, Found, JobRunner, Recent } from '../../../shared/executions/runner.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import { readState } from '../../../shared/runs/state.ts';
import { readLease } from '../../../shared/runs/lease.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { driveSource, type SourceFolder } from '../../../shared/sources/drive.ts';
import type { WatchedSource } from '../../../shared/sources/source.ts';

const NAMES = ['2025 flux quotidiens.xlsx', 'Transco.xlsx', 'OE 2024.xlsx'];
const md5Hex = (text: string) => createHash('md5').update(text).digest('hex');

/** Executions that are known by their key; `start` can lose its answer before or after it did its work. */
class ScriptedRunner implements JobRunner {
  readonly executions: (Execution & { key: AttemptKey })[] = [];
  lose: 'request' | 'answer' | undefined;
  starts = 0;
  /** More than are listed. */
  tooMany = false;

  async start(key: AttemptKey): Promise<string> {
    this.starts++;
    if (this.lose === 'request') throw new TransientError('lost');
    const name = `e${this.executions.length + 1}`;
    const times = { startedAtMs: 0, completedAtMs: undefined, message: undefined };
    this.executions.push({ name, key, state: 'running', ...times });
    if (this.lose === 'answer') throw new TransientError('lost');
    return name;
  }

  async find(key: AttemptKey): Promise<Found> {
    if (this.tooMany) return { kind: 'unknown', reason: 'the job has too many executions' };
    const execution = this.executions.findLast((each) => JSON.stringify(each.key) === JSON.stringify(key));
    return execution === undefined ? { kind: 'none' } : { kind: 'found', execution };
  }

  async get(name: string) {
    return this.executions.find((each) => each.name === name);
  }

  async recent(sinceMs: number): Promise<Recent> {
    return { executions: this.executions.toReversed(), sinceMs };
  }

  async cancel(): Promise<void> {}
}

class Place {
  readonly runs = new MemoryStore('runs');
  readonly jobs = new ScriptedRunner();
  readonly asked: string[] = [];
  readonly content = new Map(NAMES.map((name) => [name, 'A']));
  nowMs = Date.UTC(2026, 0, 5);
  #ids = 0;

  readonly source: SourceFolder = {
    list: async () =>
      NAMES.map((name) => ({ id: name, name, content: this.contentOf(name), sizeBytes: 1, modifiedAtMs: 0 })),
    read: async ({ name }) => {
      const text = this.content.get(name);
      return text === undefined ? undefined : Readable.from([Buffer.from(text)]);
    },
    contentNow: async ({ name }) => this.contentOf(name),
  };

  get mesh(): Ports & { readonly source: WatchedSource } {
    return {
      runs: this.runs,
      source: driveSource(this.source, this.runs),
      champions: async () => [],
      jobs: this.jobs,
      runRequested: { publish: async ({ run }) => void this.asked.push(run) },
      now: () => this.nowMs,
      newId: () => `id-${++this.#ids}`,
      log: pino({ level: 'silent' }),
    };
  }

  contentOf(name: string) {
    return { kind: 'md5', md5Hex: md5Hex(this.content.get(name) ?? '') } as const;
  }

  tick(nonce: string | null = null) {
    const cause = { kind: 'schedule', by: 'scheduler@test', reason: null } as const;
    return detectChanges({ pipeline: carmila, place: 'f', settleMs: 0, nonce, cause }, this.mesh);
  }

  async tickForRun(nonce: string | null = null): Promise<string> {
    const answer = await this.tick(nonce);
    assert.equal(answer.kind, 'requested');
    return answer.kind === 'requested' ? answer.run : '';
  }

  start(run: string): Promise<void> {
    return startRun({ pipeline: 'carmila', run }, this.mesh);
  }
}

test('a file that changes while it is frozen and changes back is polled again: nothing is lost', async () => {
  const place = new Place();
  const first = await place.tickForRun();
  place.content.set('Transco.xlsx', 'B');
  await place.start(first);
  assert.equal((await readOutcome(place.runs, 'carmila', first))?.outcome, 'superseded');
  place.content.set('Transco.xlsx', 'A');

  const second = await place.tickForRun();
  assert.equal(second.slice(0, 6), '000002');
  assert.equal(second.slice(7), first.slice(7));
  await place.start(second);
  assert.deepEqual(
    place.jobs.executions.map(({ key }) => key.run),
    [second],
  );
});

test('a state that has moved on keeps its revision when an older run finds its source changed', async () => {
  const place = new Place();
  const first = await place.tickForRun();
  place.content.set('Transco.xlsx', 'B');
  const second = await place.tickForRun();
  await place.start(first);
  const state = await readState(place.runs, 'carmila');
  assert.equal(state?.value.revision, state?.value.request?.revision);
  assert.equal(state?.value.request?.run, second);
  assert.deepEqual(await place.tick().then(({ kind }) => kind), 'poll');
});

test('a file that was deleted before it is frozen counts as changed', async () => {
  const place = new Place();
  const run = await place.tickForRun();
  place.content.delete('Transco.xlsx');
  await place.start(run);
  assert.match((await readOutcome(place.runs, 'carmila', run))?.reason ?? '', /"Transco\.xlsx" changed/);
});

test('delivered three times, a run is one execution', async () => {
  const place = new Place();
  const run = await place.tickForRun();
  await place.start(run);
  await place.start(run);
  await place.start(run);
  assert.equal(place.jobs.starts, 1);
  assert.equal((await readLease(place.runs, 'carmila'))?.value.holder?.attempt, 1);
});

test('a run that comes second waits, and the third takes its place in line', async () => {
  const place = new Place();
  const runs: string[] = [];
  for (const nonce of ['n1', 'n2', 'n3']) {
    const run = await place.tickForRun(nonce);
    runs.push(run);
    await place.start(run);
  }
  const lease = (await readLease(place.runs, 'carmila'))?.value;
  assert.deepEqual([lease?.holder?.run, lease?.queued], [runs[0], runs[2]]);
  assert.equal((await readOutcome(place.runs, 'carmila', runs[1] ?? ''))?.outcome, 'superseded');
  assert.equal(place.jobs.starts, 1);
});

const KEY = { pipeline: 'carmila', run: '000001-0123abcd', attempt: 1 };

test('a lost answer is settled by finding the execution that carries the key', async () => {
  const place = new Place();
  place.jobs.lose = 'answer';
  const started = await submitAttempt(KEY, place.mesh);
  assert.equal(started.execution, 'e1');
  assert.equal(place.jobs.starts, 1);
});

test('a lost request is thrown, for another delivery to try; that one waits, and then takes over', async () => {
  const place = new Place();
  place.jobs.lose = 'request';
  await assert.rejects(submitAttempt(KEY, place.mesh), TransientError);
  place.jobs.lose = undefined;
  await assert.rejects(submitAttempt(KEY, place.mesh), /is being submitted by another delivery/);
  place.nowMs += 60_000;
  await assert.rejects(submitAttempt(KEY, place.mesh), /is being submitted by another delivery/);
  place.nowMs += 60_000;
  assert.equal((await submitAttempt(KEY, place.mesh)).execution, 'e1');
  assert.equal((await submitAttempt(KEY, place.mesh)).execution, 'e1');
  assert.equal(place.jobs.executions.length, 1);
});

test('a submission that takes over is waited for in its turn: it may land late as well', async () => {
  const place = new Place();
  place.jobs.lose = 'request';
  await assert.rejects(submitAttempt(KEY, place.mesh), TransientError);
  place.nowMs += 120_000;
  await assert.rejects(submitAttempt(KEY, place.mesh), /lost/);
  place.jobs.lose = undefined;
  place.nowMs += 60_000;
  await assert.rejects(submitAttempt(KEY, place.mesh), /is being submitted by another delivery/);
  assert.equal(place.jobs.starts, 2);
  place.nowMs += 60_000;
  assert.equal((await submitAttempt(KEY, place.mesh)).execution, 'e1');
});

test('a delivery that died after the submission leaves an execution that the next one finds at once', async () => {
  const place = new Place();
  const dying = { ...place.mesh, jobs: Object.assign(new ScriptedRunner(), { lose: 'request' as const }) };
  await assert.rejects(submitAttempt(KEY, dying), TransientError);
  await place.jobs.start(KEY);
  assert.equal((await submitAttempt(KEY, place.mesh)).execution, 'e1');
  assert.equal(place.jobs.starts, 1);
});

test('where it is not known whether an execution runs, none is submitted a second time', async () => {
  const place = new Place();
  place.jobs.lose = 'answer';
  place.jobs.tooMany = true;
  await assert.rejects(submitAttempt(KEY, place.mesh), /^TransientError: lost$/);
  place.nowMs += 120_000;
  await assert.rejects(
    submitAttempt(KEY, place.mesh),
    /is not submitted again: the job has too many executions/,
  );
  assert.equal(place.jobs.starts, 1);
  place.jobs.tooMany = false;
  assert.equal((await submitAttempt(KEY, place.mesh)).execution, 'e1');
});

test('attempts are submitted apart: the second has an intent and an execution of its own', async () => {
  const place = new Place();
  await submitAttempt(KEY, place.mesh);
  assert.equal((await submitAttempt({ ...KEY, attempt: 2 }, place.mesh)).execution, 'e2');
});
