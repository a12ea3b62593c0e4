// The sweep of a pipeline that takes requests: it publishes what was missed, and requests a dispatch.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sweepRequests } from '../../../functions/sweep-runs/sweep-requests.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { LoadRequested, RunRequested } from '../../../shared/events/messages.ts';
import { queueObject } from '../../../shared/requests/names.ts';
import { sleeps } from '../../ports/sleeps.ts';
import { answerText, ResultPlace, RUN } from '../publish-output/result-place.ts';
import { NO_FAULT, type Fault } from '../start-run/faults.ts';

async function swept(
  place: ResultPlace,
  { overdueMs = 0, fault = NO_FAULT }: { overdueMs?: number; fault?: Fault } = {},
) {
  const called: (RunRequested | LoadRequested)[] = [];
  const publisher = { publish: async (message: RunRequested | LoadRequested) => void called.push(message) };
  const ports = place.ports(fault);
  const sweep = await sweepRequests(sleeps, {
    ...ports,
    runRequested: publisher,
    loadRequested: publisher,
    overdueMs,
    now: () => Date.now() + 1,
  });
  return { called, sweep };
}

test('without an entry and without a slot nothing is called', async () => {
  const place = new ResultPlace();
  assert.deepEqual((await swept(place)).called, []);
  await place.decide(undefined);
  assert.deepEqual((await swept(place)).called, []);
});

test('an entry, or an occupied slot, is dispatched once for the pipeline', async () => {
  const waiting = new ResultPlace();
  await waiting.requests.create(queueObject(sleeps.name, RUN), '{}', 'application/json');
  assert.deepEqual((await swept(waiting)).called, [{ pipeline: 'sleeps', run: RUN }]);
  const running = new ResultPlace();
  await running.decide(1);
  assert.deepEqual((await swept(running)).called, [{ pipeline: 'sleeps', run: RUN }]);
});

test('an output without an outcome is published first, once it is overdue', async () => {
  const place = new ResultPlace();
  await place.decide(1);
  await place.write({ 'answer.json': answerText });
  assert.deepEqual((await swept(place, { overdueMs: 60_000 })).called, [{ pipeline: 'sleeps', run: RUN }]);
  const { called, sweep } = await swept(place);
  assert.deepEqual(called, [
    { pipeline: 'sleeps', run: RUN, attempt: 1 },
    { pipeline: 'sleeps', run: RUN },
  ]);
  assert.deepEqual(
    sweep.actions.map(({ kind }) => kind),
    ['load'],
  );
  await place.publish();
  assert.deepEqual((await swept(place)).called, [{ pipeline: 'sleeps', run: RUN }]);
});

test('an output of another attempt than the one in the slot is left alone', async () => {
  const place = new ResultPlace();
  await place.write({ 'answer.json': answerText }, 1);
  await place.decide(2);
  assert.deepEqual((await swept(place)).called, [{ pipeline: 'sleeps', run: RUN }]);
});

test('a call that fails is a problem of the pipeline, and does not stop the others', async () => {
  const place = new ResultPlace();
  await place.decide(1);
  await place.write({ 'answer.json': answerText });
  const called: RunRequested[] = [];
  const sweep = await sweepRequests(sleeps, {
    ...place.ports(),
    loadRequested: { publish: () => Promise.reject(new TransientError('publish-output is away')) },
    runRequested: { publish: async (message) => void called.push(message) },
    overdueMs: 0,
    now: () => Date.now() + 1,
  });
  assert.deepEqual(sweep.problems, ['load: publish-output is away']);
  assert.equal(called.length, 1);
});
