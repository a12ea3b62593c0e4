// The dispatch over ports in memory: requests start, fail, end and leave the queue.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passStart } from '../../../shared/requests/gates.ts';
import { DispatchPlace, PIPELINE } from './dispatch-place.ts';

test('requests start up to the concurrency, and the others when a slot is free', async () => {
  const place = new DispatchPlace({ concurrency: 2 });
  const runs = [await place.ask(), await place.ask(), await place.ask()];
  await place.dispatch();
  assert.equal(place.jobs.running().length, 2);
  await place.finish();
  assert.equal(place.jobs.executions.length, 3);
  for (const run of runs) assert.equal((await place.outcome(run))?.outcome, 'published');
  assert.deepEqual(place.announced.map(({ run }) => run).sort(), runs.toSorted());
});

test('an attempt that fails is followed by the next, and the last one fails the run', async () => {
  const place = new DispatchPlace({}, 2);
  const run = await place.ask();
  await place.finish(() => true);
  assert.deepEqual(
    place.jobs.executions.map(({ key }) => key?.attempt),
    [2, 1],
  );
  const outcome = await place.outcome(run);
  assert.deepEqual([outcome?.outcome, outcome?.code], ['failed', 'ATTEMPTS_EXHAUSTED']);
});

test('a request that was cancelled while it waited never starts', async () => {
  const place = new DispatchPlace();
  const run = await place.ask();
  const at = new Date(place.nowMs).toISOString();
  await passStart(place.runs, PIPELINE, run, { kind: 'cancel', by: 'ada', reason: 'a mistake', at });
  await place.finish();
  assert.equal(place.jobs.executions.length, 0);
  assert.equal((await place.outcome(run))?.reason, 'Cancelled by ada: a mistake.');
});
