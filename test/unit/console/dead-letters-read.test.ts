// How often dead letters are read: when a person opens them, at most once an hour for the page Now, and once for all who ask.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { DeadLettersRead } from '../../../functions/console/reading/dead-letters.ts';
import type { DeadLetterList } from '../../../shared/dead-letters/list.ts';

const HOUR_MS = 3_600_000;
const listOf = (count: number): DeadLetterList => ({
  ...{ deadLetters: [], count, isAll: true, readAt: '2026-11-27T12:00:00.000Z' },
});

function opened() {
  const warnings: string[] = [];
  const state = {
    nowMs: 0,
    asked: 0,
    answer: (): Promise<DeadLetterList> => Promise.resolve(listOf(state.asked)),
    waited: (): Promise<void> => new Promise(() => undefined),
  };
  const read = new DeadLettersRead({
    list: () => {
      state.asked += 1;
      return state.answer();
    },
    now: () => state.nowMs,
    wait: () => state.waited(),
    log: pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) }),
  });
  return { read, state, warnings };
}

test('the page Now reads them once an hour, and shows what was read until then', async () => {
  const { read, state } = opened();
  assert.equal((await read.recent('a'))?.count, 1);
  state.nowMs += HOUR_MS - 1;
  assert.equal((await read.recent('a'))?.count, 1);
  state.nowMs += 1;
  assert.equal((await read.recent('a'))?.count, 2);
});

test('a person who opens them sees what stands; within seconds, and for all who ask at once, it is one reading', async () => {
  const { read, state } = opened();
  const both = await Promise.all([read.read('a'), read.read('b')]);
  assert.deepEqual([both[0].count, both[1].count, state.asked], [1, 1, 1]);
  state.nowMs += 4_000;
  assert.equal((await read.read('a')).count, 1);
  state.nowMs += 2_000;
  assert.equal((await read.read('a')).count, 2);
  assert.equal((await read.recent('a'))?.count, 2, 'Now shows the newest reading');
});

test('after a command they are read anew', async () => {
  const { read } = opened();
  await read.read('a');
  read.forget();
  assert.equal((await read.read('a')).count, 2);
});

test('a reading that began before a command is not kept after it', async () => {
  const { read, state } = opened();
  const { promise, resolve } = Promise.withResolvers<DeadLetterList>();
  state.answer = () => promise;
  const before = read.read('a');
  read.forget();
  state.answer = () => Promise.resolve(listOf(0));
  const after = await read.read('a');
  resolve(listOf(5));
  assert.deepEqual([(await before).count, after.count], [5, 0]);
  assert.equal((await read.recent('a'))?.count, 0);
});

test('the page Now does not wait for long, and shows later what came later', async () => {
  const { read, state } = opened();
  const { promise, resolve } = Promise.withResolvers<DeadLetterList>();
  state.answer = () => promise;
  state.waited = () => Promise.resolve();
  assert.equal(await read.recent('a'), undefined);
  resolve(listOf(7));
  await promise;
  await new Promise((done) => setImmediate(done));
  assert.equal((await read.recent('a'))?.count, 7);
  assert.equal(state.asked, 1);
});

test('a reading that fails is a warning on the page Now, asked for again after ten minutes; a person sees the failure', async () => {
  const { read, state, warnings } = opened();
  state.answer = () => Promise.reject(new Error('no right'));
  assert.equal(await read.recent('a'), undefined);
  state.nowMs += 9 * 60_000;
  assert.equal(await read.recent('a'), undefined);
  assert.equal(state.asked, 1);
  assert.match(warnings.join(), /could not be read for the page Now: no right/);
  await assert.rejects(read.read('a'), /no right/);
  state.answer = () => Promise.resolve(listOf(3));
  state.nowMs += 10 * 60_000;
  assert.equal((await read.recent('a'))?.count, 3);
});
