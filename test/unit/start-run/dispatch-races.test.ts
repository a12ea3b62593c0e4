// The dispatch beside others: dispatches, cancels, approvals and publications, in every order of their calls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { passApproval, passStart } from '../../../shared/requests/gates.ts';
import { decideOnce } from '../../../shared/runs/decision.ts';
import { DispatchPlace, MINUTE_MS, PIPELINE } from './dispatch-place.ts';
import type { Fault } from './faults.ts';

const by = { by: 'ada@example.org', reason: 'a test', at: '2026-11-27T03:00:00.000Z' };

/** Cancels as the front door does, and returns whether it was in time. */
async function cancel(
  place: DispatchPlace,
  run: string,
  fault: Fault,
): Promise<'never-starts' | 'cancelled' | 'late'> {
  const { runs } = place.ports(fault);
  const start = await passStart(runs, PIPELINE, run, { kind: 'cancel', ...by });
  if (start.kind === 'cancel') return 'never-starts';
  if (start.kind === 'expire') return 'late';
  const decided = await decideOnce(runs, PIPELINE, run, { kind: 'cancel', command: 'c', ...by });
  return decided.kind === 'cancel' ? 'cancelled' : 'late';
}

/** Each call waits until the scheduler lets it go. */
const scheduled = (scheduler: fc.Scheduler): Fault => ({
  before: (call) => scheduler.schedule(Promise.resolve(), call),
  after: () => undefined,
});

const race = (numRuns: number, body: (scheduler: fc.Scheduler) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(fc.scheduler(), body), { numRuns });

test('three dispatches in any order: concurrency holds, and each attempt is one execution', async () => {
  await race(60, async (scheduler) => {
    const place = new DispatchPlace({ concurrency: 2 });
    const runs = [await place.ask(), await place.ask({ owner: 'bob' }), await place.ask({ owner: 'cyd' })];
    const fault = scheduled(scheduler);
    await scheduler.waitFor(Promise.all([1, 2, 3].map(() => place.attempt(fault))));
    await place.finish();
    for (const run of runs) assert.equal((await place.outcome(run))?.outcome, 'published');
    assert.equal(place.jobs.executions.length, runs.length);
  });
});

test('a cancel races the start and the publication: the first writer at the gate decides, and the answer is true', async () => {
  await race(120, async (scheduler) => {
    const place = new DispatchPlace({ concurrency: 1 });
    const run = await place.ask();
    const other = await place.ask({ owner: 'bob' });
    const fault = scheduled(scheduler);
    const life = async () => {
      await place.attempt(fault);
      await place.work();
      await place.publish(fault);
      await place.attempt(fault);
    };
    const [answer] = await scheduler.waitFor(
      Promise.all([cancel(place, run, fault), life(), place.attempt(fault)]),
    );
    await place.finish();
    const expected = answer === 'late' ? 'published' : 'cancelled';
    assert.equal((await place.outcome(run))?.outcome, expected);
    if (answer === 'never-starts') assert.equal(place.jobs.of({ run, attempt: 1 }).length, 0);
    assert.equal((await place.outcome(other))?.outcome, 'published');
  });
});

test('an approval races the end of its time: it starts or it has expired, never both', async () => {
  await race(100, async (scheduler) => {
    const place = new DispatchPlace({ concurrency: 1 });
    const run = await place.ask({ approval: 'before-start', expiresInMs: MINUTE_MS });
    const fault = scheduled(scheduler);
    const approve = async () => {
      const made = { kind: 'approve', ...by, estimateHash: '0' } as const;
      await passApproval(place.ports(fault).runs, PIPELINE, run, made);
      await place.attempt(fault);
    };
    const later = async () => {
      await scheduler.schedule(Promise.resolve(), 'a minute passes');
      place.nowMs += MINUTE_MS;
      await place.attempt(fault);
    };
    await scheduler.waitFor(Promise.all([approve(), later(), place.attempt(fault)]));
    await place.finish();
    const started = place.jobs.of({ run, attempt: 1 }).length;
    assert.equal((await place.outcome(run))?.outcome, started === 1 ? 'published' : 'expired');
  });
});

test('a request that waits for its approval does not start, and keeps no other from starting', async () => {
  const place = new DispatchPlace({ concurrency: 1 });
  const waits: string[] = [];
  for (let each = 0; each < 70; each++) waits.push(await place.ask({ approval: 'before-start' }));
  const run = await place.ask({ owner: 'ada', priority: 9, approval: 'before-start' });
  const made = { kind: 'approve', ...by, estimateHash: '0' } as const;
  await passApproval(place.runs, PIPELINE, run, made);
  await place.dispatch();
  assert.deepEqual(
    place.jobs.executions.map(({ key }) => key?.run),
    [run],
  );
  await passApproval(place.runs, PIPELINE, waits[0]!, { ...made, kind: 'reject' });
  await place.dispatch();
  assert.equal((await place.outcome(waits[0]!))?.reason, 'Rejected by ada@example.org: a test.');
});

test('a container that a lost answer started a second time is cancelled, and holds the slot until it has ended', async () => {
  const place = new DispatchPlace({ concurrency: 1 });
  const run = await place.ask();
  await place.ask({ owner: 'bob' });
  place.jobs.times = 2;
  place.jobs.cancelsAtOnce = false;
  await place.dispatch();
  assert.equal(place.jobs.running().length, 2);
  const [twin] = place.jobs.running();
  await place.dispatch();
  assert.deepEqual(place.jobs.cancelled, [twin?.name]);
  place.nowMs += MINUTE_MS;
  await place.work(({ run: failing }) => failing !== run);
  await place.publish();
  assert.equal((await place.outcome(run))?.outcome, 'published');
  await place.finish();
  assert.equal(place.jobs.executions.length, 3);
});

test('a slot is not free while a twin of its attempt runs', async () => {
  const place = new DispatchPlace({ concurrency: 1 });
  await place.ask();
  const other = await place.ask({ owner: 'bob' });
  place.jobs.times = 2;
  place.jobs.cancelsAtOnce = false;
  await place.dispatch();
  const [twin, recorded] = place.jobs.running();
  const [slot] = (await place.state())?.slots ?? [];
  await place.write(slot!);
  place.jobs.end(recorded!.name, 'succeeded');
  await place.publish();
  await place.dispatch();
  assert.equal(place.jobs.of({ run: other, attempt: 1 }).length, 0);
  place.jobs.end(twin!.name, 'cancelled');
  await place.dispatch();
  assert.equal(place.jobs.of({ run: other, attempt: 1 }).length, 1);
});

test('a submission without an answer keeps the slot of a cancelled run until it can no longer land', async () => {
  const place = new DispatchPlace({ concurrency: 1 });
  const run = await place.ask();
  const other = await place.ask({ owner: 'bob' });
  place.jobs.late = [];
  await place.attempt();
  const [land] = place.jobs.late;
  place.jobs.late = undefined;
  await cancel(place, run, { before: () => undefined, after: () => undefined });
  await place.attempt();
  assert.equal((await place.outcome(run))?.outcome, 'cancelled');
  assert.equal((await place.state())?.slots.length, 1);
  place.nowMs += MINUTE_MS / 2;
  land?.();
  await place.attempt();
  assert.equal(place.jobs.of({ run, attempt: 1 })[0]?.state, 'cancelled');
  place.nowMs += MINUTE_MS;
  await place.finish();
  assert.equal((await place.outcome(other))?.outcome, 'published');
});

test('a dispatch that was held up before its intent does not execute a run whose slot is free again', async () => {
  const place = new DispatchPlace({ concurrency: 1 });
  const run = await place.ask();
  await place.ask({ owner: 'bob' });
  let isHeld = false;
  await place.attempt({
    async before(call) {
      if (isHeld || !call.includes('execution-1.json') || !call.includes('create')) return;
      isHeld = true;
      await cancel(place, run, { before: () => undefined, after: () => undefined });
      await place.dispatch();
      assert.deepEqual(
        (await place.state())?.slots.map((slot) => slot.run === run),
        [false],
      );
    },
    after: () => undefined,
  });
  assert.ok(isHeld);
  assert.equal(place.jobs.of({ run, attempt: 1 }).length, 0);
  await place.finish();
});

test('an execution that runs beyond its time is cancelled, and counts as a failed attempt', async () => {
  const place = new DispatchPlace({ concurrency: 1 }, 2);
  const run = await place.ask();
  await place.dispatch();
  place.nowMs += 13 * MINUTE_MS;
  await place.dispatch();
  assert.equal(place.jobs.cancelled.length, 1);
  await place.dispatch();
  assert.equal(place.jobs.of({ run, attempt: 2 }).length, 1);
});

test('an execution that was cancelled in Cloud Run ends its run', async () => {
  const place = new DispatchPlace({ concurrency: 1 }, 2);
  const run = await place.ask();
  await place.dispatch();
  place.nowMs += MINUTE_MS;
  place.jobs.end(place.jobs.running()[0]!.name, 'cancelled');
  await place.finish();
  assert.equal((await place.outcome(run))?.code, 'EXECUTION_CANCELLED');
});

test('a job that cannot be started for a day gives its slot back', async () => {
  const place = new DispatchPlace({ concurrency: 1 });
  const run = await place.ask();
  place.jobs.late = [];
  for (let each = 0; each < 30; each++) {
    await place.attempt();
    place.nowMs += 60 * MINUTE_MS;
  }
  await place.attempt();
  const outcome = await place.outcome(run);
  assert.deepEqual([outcome?.outcome, outcome?.code], ['dead-lettered', 'RUN_NOT_STARTED']);
  assert.ok(await place.isIdle());
});
