// A held requested run and its release: the API shows held, and succeeded with the result after the release.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { releaseResult } from '../../../functions/publish-output/release-result.ts';
import { JobReader } from '../../../shared/api/job-objects.ts';
import { jobView } from '../../../shared/api/job-view.ts';
import type { LoadRequested } from '../../../shared/events/messages.ts';
import { toJson } from '../../../shared/objects/json.ts';
import type { RunEnded } from '../../../shared/requests/announcement.ts';
import type { RequestRecord } from '../../../shared/requests/entry.ts';
import { outputFolder, replayPrefix, requestObject } from '../../../shared/runs/names.ts';
import { sleeps } from '../../ports/sleeps.ts';
import { answerText, NOW, ResultPlace, RUN } from '../publish-output/result-place.ts';
import { faulty, FaultAt, MODES, NO_FAULT, type Fault } from '../start-run/faults.ts';
import { Operator } from './requested-place.ts';

const at = new Date(NOW).toISOString();
const RECORD: RequestRecord = {
  ...{ pipeline: sleeps.name, run: RUN, acceptedAt: at, expiresAt: at, bodyHash: 'a'.repeat(64) },
  requester: { issuer: 'https://accounts.google.com', subject: 'ada', email: null },
  ...{ preset: null, priority: 5, maxCost: null, units: 1, approval: 'none' },
  estimate: {
    ...{ low: 1, expected: 1, high: 1, currency: 'USD', hash: '0'.repeat(16) },
    basis: { runs: 0, from: null, to: null, prices: '2026-11-21' },
  },
};

/** A run in a slot whose job has written its output. `fault` is of the release by publish-output. */
async function started(fault: { release: Fault } = { release: NO_FAULT }) {
  const place = new ResultPlace();
  await place.runs.create(requestObject(sleeps.name, RUN), toJson(RECORD), 'application/json');
  await place.decide(1);
  await place.write({ 'answer.json': answerText });
  const announced: RunEnded[] = [];
  const release = async ({ run, replay = '', by, reason }: LoadRequested, own: Fault) => {
    const runEnded = faulty({ publish: async (ended: RunEnded) => void announced.push(ended) }, 'ended', own);
    const given = { pipeline: sleeps, run, nonce: replay, by, reason };
    await releaseResult(given, { ...place.ports(own), runEnded });
  };
  // Pub/Sub delivers again what was refused.
  const onLoad = (message: LoadRequested) =>
    release(message, fault.release).catch(() => release(message, NO_FAULT));
  return { place, announced, operator: new Operator(place, sleeps, { onLoad }) };
}

async function shown({ runs, requests }: ResultPlace) {
  const objects = await new JobReader({ runs, requests }).read(sleeps.name, RUN);
  assert.ok(objects);
  return jobView(objects, { size: sleeps.job, nowMs: NOW, position: null });
}

const HOLD = { verb: 'hold', run: RUN, id: '20261127T080000Z-hold' };
const RELEASE = { verb: 'release', run: RUN };

async function held(fault?: { release: Fault }) {
  const world = await started(fault);
  assert.equal((await world.operator.give(HOLD)).result, 'done');
  await world.place.publish();
  return world;
}

test('the result of a held run is kept back, and its release publishes it, announced', async () => {
  const { place, operator, announced } = await held();
  assert.partialDeepStrictEqual(await shown(place), {
    state: 'held',
    done: true,
    code: 'HELD_BY_OPERATOR',
    result: null,
  });
  const released = await operator.give(RELEASE);
  assert.equal(released.result, 'done', released.message);
  const view = await shown(place);
  assert.partialDeepStrictEqual(view, {
    state: 'succeeded',
    done: true,
    code: null,
    result: { name: 'answer.json' },
  });
  assert.match(view.reason ?? '', /released by ada@example\.org/);
  assert.deepEqual(view.history.map(({ state }) => state).slice(-2), ['held', 'succeeded']);
  assert.partialDeepStrictEqual(announced, [{ run: RUN, outcome: 'published' }]);
  assert.equal((await place.outcome())?.outcome, 'held');

  const second = await operator.give({ ...RELEASE, id: '20261127T090000Z-more' });
  assert.deepEqual([second.result, second.code], ['refused', 'NOT_HELD']);
  assert.match(second.message, /was released before/);
  assert.deepEqual(await operator.give(RELEASE), released);
});

test('only a held run is released, and what is released is checked again', async () => {
  const { place, operator } = await started();
  assert.match((await operator.give({ ...RELEASE, id: '20261127T080000Z-soon' })).message, /has not ended/);
  await place.publish();
  assert.match((await operator.give(RELEASE)).message, /ended as published, not held/);

  const changed = await held();
  const file = `${outputFolder(sleeps.name, RUN, 1)}answer.json`;
  const info = await changed.place.results.info(file);
  await changed.place.results.replace(file, info?.generation ?? '', '{}', 'application/json');
  const refused = await changed.operator.give(RELEASE);
  assert.deepEqual([refused.result, refused.code], ['refused', 'MANIFEST_MISMATCH']);
  assert.equal((await shown(changed.place)).state, 'held');
  assert.deepEqual(changed.announced, []);
});

test('whatever becomes of one call of a release, the result is published once, and announced', async () => {
  for (const mode of MODES) {
    let calls = 0;
    for (; ; calls++) {
      const fault = new FaultAt(calls, mode);
      const { place, operator, announced } = await held({ release: fault });
      await operator.give(RELEASE);
      if (fault.hit === undefined) break;
      const where = `${mode}: ${fault.hit}`;
      assert.equal((await shown(place)).state, 'succeeded', where);
      assert.equal((await place.runs.list(replayPrefix(sleeps.name, RUN), 10)).length, 1, where);
      assert.ok(announced.length >= 1, where);
    }
    assert.ok(calls >= 6, `${mode}: only ${calls} calls`);
  }
});

test('whatever becomes of one call of the command, the same command releases the run', async () => {
  for (const mode of MODES) {
    let calls = 0;
    for (; ; calls++) {
      const { place, operator } = await held();
      const fault = new FaultAt(calls, mode);
      await operator.give(RELEASE, fault).catch(() => undefined);
      if (fault.hit === undefined) break;
      const again = await operator.give(RELEASE);
      assert.equal(again.result, 'done', `${mode}: ${fault.hit}: ${again.message}`);
      assert.equal((await shown(place)).state, 'succeeded');
    }
    assert.ok(calls >= 8, `${mode}: only ${calls} calls`);
  }
});
