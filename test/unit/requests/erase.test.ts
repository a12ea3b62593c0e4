// Erasing what a requester sent: only after the end, for good, and whatever a late copy does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { requestContent } from '../../../shared/requests/entry.ts';
import { eraseContent } from '../../../shared/requests/erase.ts';
import { contentObject } from '../../../shared/requests/names.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { result } from '../../../shared/pipelines/outputs.ts';
import { outputFolder, outputsOf } from '../../../shared/runs/names.ts';
import { recordOutcome } from '../../../shared/runs/outcome.ts';
import { DispatchPlace, PIPELINE } from '../start-run/dispatch-place.ts';
import { FaultAt, MODES } from '../start-run/faults.ts';

const by = (token: string) => ({ by: 'ada@example.org', at: '2026-11-27T03:00:00.000Z', token });

const kindOf = async (place: DispatchPlace, run: string) =>
  (await readJson(place.requests, contentObject(PIPELINE, run), requestContent))?.value.kind;

test('content is erased only after the run has ended and has left the queue', async () => {
  const place = new DispatchPlace();
  const run = await place.ask();
  assert.equal(await eraseContent(place, place.pipeline, run, by('1')), 'not-ended');
  await place.dispatch();
  await place.work();
  await place.publish();
  assert.equal(await eraseContent(place, place.pipeline, run, by('1')), 'not-ended');
  assert.equal(await kindOf(place, run), 'content');
  await place.finish();
  assert.equal(await eraseContent(place, place.pipeline, run, by('1')), 'erased');
  assert.equal(await eraseContent(place, place.pipeline, run, by('2')), 'erased-before');
  assert.ok(!String(place.requests.stored(contentObject(PIPELINE, run))?.content).includes('openings'));
});

test('a late copy of the content does not undo its erasing', async () => {
  const place = new DispatchPlace();
  const run = await place.ask({ key: 'first' });
  await place.finish();
  await eraseContent(place, place.pipeline, run, by('1'));
  // The repeated key of the front door: the entry is there again for a moment.
  await place.ask({ key: 'first' });
  await place.finish();
  assert.equal(await kindOf(place, run), 'erased');
});

const SECRET = 'a secret';

/** A run that ended, with the files of its attempt. */
async function endedWithFiles() {
  const place = new DispatchPlace({ concurrency: 1 });
  const run = await place.ask();
  await place.finish();
  const folder = outputFolder(PIPELINE, run, 1);
  await place.results.create(`${folder}answer.json`, SECRET, 'application/json');
  await place.results.create(`${folder}half.csv`, SECRET, 'text/csv');
  const left = async () =>
    (await place.results.list(outputsOf(PIPELINE, run), 100)).filter(({ name }) =>
      String(place.results.stored(name)?.content).includes(SECRET),
    );
  return { place, run, folder, left };
}

test('the files of every attempt are erased, and a write that lands late does not undo it', async () => {
  const { place, run, folder, left } = await endedWithFiles();
  const pipeline = { name: PIPELINE, outputs: [result({ file: 'late.json', schema: z.unknown() })] };
  await eraseContent(place, pipeline, run, by('1'));
  assert.deepEqual(await left(), []);
  for (const name of ['answer.json', 'late.json', 'output.json'])
    assert.equal((await place.results.create(folder + name, SECRET, 'text/plain')).kind, 'conflict', name);
});

test('another run with the same beginning keeps its files', async () => {
  const { place, run } = await endedWithFiles();
  const other = `${PIPELINE}/${run}0/attempt-1/answer.json`;
  await place.results.create(other, SECRET, 'application/json');
  await eraseContent(place, place.pipeline, run, by('1'));
  assert.equal(String(place.results.stored(other)?.content), SECRET);
});

test('nothing is erased while an execution of the run may still write', async () => {
  const place = new DispatchPlace();
  const run = await place.ask();
  await place.dispatch();
  await recordOutcome(place.runs, {
    ...{ pipeline: PIPELINE, run, outcome: 'cancelled', code: 'REQUEST_CANCELLED', reason: 'x', attempt: 1 },
    ...{ rows: null, at: new Date(place.nowMs).toISOString() },
  });
  await place.dispatch();
  assert.deepEqual(await place.queue(), []);
  assert.equal(place.jobs.running().length, 0);
  assert.equal((await place.state())?.slots.length, 1);
  assert.equal(await eraseContent(place, place.pipeline, run, by('1')), 'not-ended');
  await place.finish();
  assert.equal(await eraseContent(place, place.pipeline, run, by('1')), 'erased');
});

test('whatever becomes of one call of an erasing, the next one erases everything', async () => {
  for (const mode of MODES) {
    let calls = 0;
    for (;;) {
      const { place, run, left } = await endedWithFiles();
      const fault = new FaultAt(calls, mode);
      await eraseContent(place.ports(fault), place.pipeline, run, by('1')).catch(() => undefined);
      if (fault.hit === undefined) break;
      await eraseContent(place, place.pipeline, run, by('2'));
      assert.equal(await kindOf(place, run), 'erased', `${mode}: ${fault.hit}`);
      assert.deepEqual(await left(), [], `${mode}: ${fault.hit}`);
      calls += 1;
    }
    assert.ok(calls >= 8, `${mode}: only ${calls} calls`);
  }
});
