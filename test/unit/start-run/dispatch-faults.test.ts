// Every call of a dispatch fails in each way, is cut off, or is interrupted by another dispatch: nothing is lost or doubled.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passStart } from '../../../shared/requests/gates.ts';
import { contentObject, jobsPrefix, ownerOf } from '../../../shared/requests/names.ts';
import { DispatchPlace, MINUTE_MS, ownerOfSubject, PIPELINE } from './dispatch-place.ts';
import { FaultAt, InterruptAt, MODES, type Fault } from './faults.ts';

const MOST_CALLS = 500;

/** A state of the queue in which one dispatch has something to do, and how the runs end that wait in it. */
interface Phase {
  readonly name: string;
  readonly prepare: () => Promise<{ place: DispatchPlace; ends: ReadonlyMap<string, string> }>;
}

const fails = (attempt: number) => attempt === 1;

/** Two requests start, one waits, one was cancelled and one has expired. */
const starting: Phase = {
  name: 'runs start',
  async prepare() {
    const place = new DispatchPlace({ concurrency: 2 });
    const ends = new Map<string, string>();
    for (const owner of ['ada', 'bob', 'ada']) ends.set(await place.ask({ owner }), 'published');
    const cancelled = await place.ask({ owner: 'cyd' });
    ends.set(cancelled, 'cancelled');
    const at = new Date(place.nowMs).toISOString();
    await passStart(place.runs, PIPELINE, cancelled, { kind: 'cancel', by: 'cyd', reason: 'no', at });
    ends.set(await place.ask({ owner: 'dan', expiresInMs: MINUTE_MS }), 'expired');
    place.nowMs += MINUTE_MS;
    return { place, ends };
  },
};

/** One attempt has failed, one run was published, and one waits for the free slot. */
const ending: Phase = {
  name: 'runs end',
  async prepare() {
    const place = new DispatchPlace({ concurrency: 2 });
    const ends = new Map<string, string>();
    const first = await place.ask({ owner: 'ada' });
    for (const owner of ['bob', 'cyd']) ends.set(await place.ask({ owner }), 'published');
    ends.set(first, 'published');
    await place.dispatch();
    await place.work(({ run, attempt }) => run === first && fails(attempt));
    await place.publish();
    return { place, ends };
  },
};

/** The last attempt has failed. */
const failing: Phase = {
  name: 'a run fails',
  async prepare() {
    const place = new DispatchPlace({ concurrency: 1 }, 1);
    const run = await place.ask();
    await place.dispatch();
    await place.work(() => true);
    return { place, ends: new Map([[run, 'failed']]) };
  },
};

const PHASES = [starting, ending, failing];

async function check(place: DispatchPlace, ends: ReadonlyMap<string, string>, what: string): Promise<void> {
  for (const [run, end] of ends) {
    assert.equal((await place.outcome(run))?.outcome, end, what);
    assert.ok(
      place.announced.some((each) => each.run === run),
      `${what}: ${run} is not announced`,
    );
    assert.ok(await place.requests.info(contentObject(PIPELINE, run)), `${what}: no content`);
    const listed = await place.requests.list(jobsPrefix(ownerOf(run) ?? ''), 100);
    assert.equal(listed.filter(({ name }) => name.endsWith(run)).length, 1, what);
    const audited = await place.audit.list(`_requests/${PIPELINE}/`, 100);
    assert.equal(audited.filter(({ name }) => name.endsWith(`${run}-run.json`)).length, 1, what);
  }
  const keys = place.jobs.executions.map(({ key }) => `${key?.run} ${key?.attempt}`);
  assert.equal(new Set(keys).size, keys.length, `${what}: an attempt was executed twice`);
}

/** Prepares the phase again for each call of its dispatch, until a dispatch has no such call. */
async function atEachCall<F extends Fault & { readonly hit: string | undefined }>(
  phase: Phase,
  faultAt: (at: number, place: DispatchPlace) => F,
): Promise<number> {
  for (let at = 0; at < MOST_CALLS; at++) {
    const { place, ends } = await phase.prepare();
    const fault = faultAt(at, place);
    await place.attempt(fault);
    await place.finish();
    await check(place, ends, `call ${at}: ${fault.hit}`);
    if (fault.hit === undefined) return at;
  }
  return assert.fail(`more than ${MOST_CALLS} calls`);
}

for (const phase of PHASES) {
  for (const mode of MODES)
    test(`${phase.name}, and a call is ${mode}`, async () => {
      const calls = await atEachCall(phase, (at) => new FaultAt(at, mode));
      assert.ok(calls > 10, `${calls} calls`);
    });

  test(`${phase.name}, and another dispatch runs at each call`, async () => {
    await atEachCall(phase, (at, place) => new InterruptAt(at, () => place.attempt()));
  });

  test(`${phase.name}, and at each call a dispatch runs that is cut off in its middle`, async () => {
    for (const depth of [10, 25])
      await atEachCall(
        phase,
        (at, place) => new InterruptAt(at, () => place.attempt(new FaultAt(depth, 'cut off after'))),
      );
  });
}

test('owners are named by the hash of issuer and subject', async () => {
  const place = new DispatchPlace();
  assert.equal(ownerOf(await place.ask({ owner: 'ada' })), ownerOfSubject('ada'));
});
