// What a dispatch reads of its submissions: each entry is checked once, and a slot is free as soon as nothing can come.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, type SlotObservation } from '../../../functions/start-run/dispatch/judge.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { startObject } from '../../../shared/requests/names.ts';
import { executionObject } from '../../../shared/runs/names.ts';
import { DispatchPlace, MINUTE_MS, PIPELINE } from './dispatch-place.ts';
import { CutOff, type Fault } from './faults.ts';

/** The calls of a dispatch, as they are made. */
async function callsOf(place: DispatchPlace): Promise<readonly string[]> {
  const calls: string[] = [];
  await place.dispatch({ before: (call) => void calls.push(call), after: () => undefined });
  return calls;
}

/** A process that dies before it submits, after its intent. */
const DIES: Fault = {
  before(call) {
    if (call.startsWith('jobs.start')) throw new CutOff();
  },
  after: () => undefined,
};

test('a request that is hinted and starts has its gates read once', async () => {
  const place = new DispatchPlace();
  const run = await place.ask();
  const calls = await callsOf(place);
  assert.equal(place.jobs.running().length, 1);
  assert.equal(calls.filter((call) => call === `runs.readText ${startObject(PIPELINE, run)}`).length, 1);
});

test('a slot whose second submission was answered is free as soon as its run has ended', async () => {
  const place = new DispatchPlace({ concurrency: 1 });
  await place.ask();
  await place.attempt(DIES);
  place.nowMs += 2 * MINUTE_MS;
  await place.dispatch();
  await place.work();
  await place.publish();
  await place.dispatch();
  assert.deepEqual((await place.state())?.slots, []);
});

test('a slot waits for a submission whose answer was lost, and for those after the one that was answered', () => {
  const atMs = Date.UTC(2026, 10, 27, 3);
  const name = 'e1';
  const observed = (answered: number | undefined): SlotObservation => ({
    slot: { run: 'r', attempt: 1, owner: 'o', cost: 1, since: new Date(atMs).toISOString() },
    ...{ ended: true, gates: { approval: undefined, start: undefined }, started: true, manifest: true },
    ...{ intents: { count: 2, newestAtMs: atMs }, answered },
    executions: [
      { name, key: undefined, state: 'succeeded', startedAtMs: atMs, completedAtMs: atMs, message: '' },
    ],
  });
  const verdict = (answered: number | undefined, afterMs: number) =>
    judge(observed(answered), { nowMs: atMs + afterMs, timeoutMs: MINUTE_MS, attempts: 1 }).verdict.kind;
  assert.deepEqual(
    [undefined, 1, 2].map((answered) => verdict(answered, MINUTE_MS)),
    ['wait', 'wait', 'free'],
  );
  assert.deepEqual(
    [undefined, 1, 2].map((answered) => verdict(answered, 2 * MINUTE_MS)),
    ['free', 'free', 'free'],
  );
});

test('many intents are counted by one listing', async () => {
  const place = new DispatchPlace({ concurrency: 1 });
  const run = await place.ask();
  await place.dispatch();
  for (let submission = 2; submission <= 40; submission++) {
    const at = new Date(place.nowMs + submission).toISOString();
    const intent = { pipeline: PIPELINE, run, attempt: 1, token: `t${submission}`, at };
    await place.runs.create(
      executionObject(PIPELINE, run, 1, submission),
      toJson(intent),
      'application/json',
    );
  }
  const calls = await callsOf(place);
  const reads = calls.filter(
    (call) => call.startsWith('runs.') && /execution-1(-again-\d*)?(\.json)?$/.test(call),
  );
  assert.deepEqual(
    reads.map((call) => call.split('/').at(-1)),
    ['execution-1.json', 'execution-1-again-2.json', 'execution-1-again-', 'execution-1-again-40.json'],
  );
});
