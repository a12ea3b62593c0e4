// The dispatch over ports in memory: requests start, fail, end and leave the queue.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiAudit } from '../../../shared/api/audit.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { createDecision } from '../../../shared/requests/decisions.ts';
import { passStart } from '../../../shared/requests/gates.ts';
import { numberOfDispatch, queueObject } from '../../../shared/requests/names.ts';
import { inputManifest } from '../../../shared/runs/input.ts';
import { inputObject } from '../../../shared/runs/names.ts';
import { DispatchPlace, PIPELINE } from './dispatch-place.ts';
import type { Fault } from './faults.ts';

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

test('an attempt that has written its output is left to publish-output, whatever ends before', async () => {
  const place = new DispatchPlace();
  const run = await place.ask();
  await place.dispatch();
  await place.work();
  await place.dispatch();
  const state = await place.state();
  assert.deepEqual([state?.n, state?.slots[0]?.attempt, await place.outcome(run)], [1, 1, undefined]);
});

test('a dispatch with nothing to do writes nothing', async () => {
  const place = new DispatchPlace({ concurrency: 1 });
  await place.ask();
  await place.ask({ owner: 'bob' });
  await place.dispatch();
  const calls: string[] = [];
  await place.dispatch({ before: (call) => void calls.push(call), after: () => undefined });
  const writes = calls.filter((call) => /\.(create|replace|remove|start|publish) /.test(call));
  assert.deepEqual(writes, []);
});

test('what a run took is kept for estimates, with its size', async () => {
  const place = new DispatchPlace();
  await place.ask();
  await place.finish();
  const [measured] = (await place.state())?.history ?? [];
  assert.deepEqual([measured?.units, measured?.seconds], [1, 60]);
});

test('only the newest thousand decisions are kept', async () => {
  const place = new DispatchPlace();
  for (const n of [1, 2, 1001]) {
    const state = { n, token: 't', at: new Date(place.nowMs).toISOString(), slots: [], deficits: {} };
    const more = { cursor: null, spending: { day: '2026-11-27', owners: {} }, history: [] };
    await createDecision(place.requests, PIPELINE, { ...state, ...more });
  }
  await place.ask();
  await place.dispatch();
  const kept = (await place.requests.list('dispatch/', 10)).map(({ name }) => numberOfDispatch(name));
  assert.deepEqual(kept, [1002, 1001]);
});

test('who asked for a run is in the audit record before the run starts, without what was asked', async () => {
  const place = new DispatchPlace();
  const run = await place.ask({ owner: 'ada', key: 'opening-of-lyon' });
  const acceptedAt = new Date(place.nowMs).toISOString();
  const lost: Fault = { before: (call) => assert.doesNotMatch(call, /^audit\./), after: () => undefined };
  await assert.rejects(place.dispatch(lost));
  assert.equal(place.jobs.executions.length, 0);
  await place.dispatch();
  await place.dispatch();
  const [record, ...more] = await place.audit.list('', 10);
  assert.deepEqual(more, []);
  assert.equal(record?.name, `_requests/${PIPELINE}/${acceptedAt.slice(0, 10)}/${run}-run.json`);
  const text = String(place.audit.stored(record.name)?.content);
  assert.doesNotMatch(text, /opening-of-lyon/);
  assert.deepEqual(apiAudit.parse(JSON.parse(text)), {
    ...{ verb: 'run', job_id: `${PIPELINE}.${run}`, at: acceptedAt, trace_id: null, reason: 'a'.repeat(64) },
    by: { issuer: 'https://accounts.google.com', subject: 'ada', email: 'ada@example.org' },
  });
});

test('the parameters are an input of the job, and the record does not hold them', async () => {
  const place = new DispatchPlace();
  const run = await place.ask({ key: 'opening-of-lyon' });
  await place.dispatch();
  const input = await readJson(place.runs, inputObject(PIPELINE, run), inputManifest);
  const [file] = input?.value.files ?? [];
  assert.deepEqual([file?.role, file?.bucket], ['parameters', 'requests']);
  const content = await place.requests.info(file?.object ?? '');
  assert.deepEqual([content?.sizeBytes, content?.crc32c], [file?.sizeBytes, file?.crc32c]);
  const folder = (await place.runs.list('', 100)).map(({ name }) => String(place.runs.stored(name)?.content));
  assert.ok(folder.every((text) => !text.includes('opening-of-lyon')));
});

test('an entry whose content cannot be read keeps no other from starting', async () => {
  const place = new DispatchPlace({ concurrency: 1 });
  const broken = await place.ask();
  const name = queueObject(PIPELINE, broken);
  const stored = place.requests.stored(name)!;
  await place.requests.remove(name, stored.generation);
  await place.requests.create(name, '{}', 'application/json', stored.metadata);
  const run = await place.ask();
  await place.dispatch();
  assert.deepEqual(
    place.jobs.executions.map(({ key }) => key?.run),
    [run],
  );
});
