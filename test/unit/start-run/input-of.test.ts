// A pipeline whose runs use the input of another one: the frozen files of its newest published run are copied.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJson, toJson } from '../../../shared/objects/json.ts';
import { PARAMETERS_ROLE } from '../../../shared/requests/names.ts';
import { inputManifest } from '../../../shared/runs/input.ts';
import {
  frozenObject,
  inputObject,
  outcomeObject,
  replayObject,
  stateObject,
} from '../../../shared/runs/names.ts';
import type { Outcome, RunOutcome } from '../../../shared/runs/outcome.ts';
import type { RunRequest } from '../../../shared/runs/state.ts';
import { DispatchPlace, PIPELINE } from './dispatch-place.ts';
import { FaultAt, MODES } from './faults.ts';

const FROM = 'carmila';
const AT = '2026-11-27T03:00:00.000Z';
const TYPE = 'application/json';

const runOf = (sequence: number): string => `${String(sequence).padStart(6, '0')}-3fa9c1d2`;
const outcomeOf = (run: string, outcome: Outcome): RunOutcome => ({
  ...{ pipeline: FROM, run, outcome, code: null, reason: 'x', attempt: 1, rows: 1, at: AT },
});

/** A place beside a pipeline with these runs, of which the last one is the newest. */
async function beside(...outcomes: readonly (Outcome | undefined)[]) {
  const place = new DispatchPlace({ inputOf: FROM });
  for (const [index, outcome] of outcomes.entries()) {
    const run = runOf(index + 1);
    const object = frozenObject(FROM, run, 'flux', 1);
    await place.runs.create(object, `rows of ${run}`, 'text/csv');
    const file = { role: 'flux', name: 'Flux.xlsx', object, sizeBytes: 7 };
    const input = { pipeline: FROM, run, revision: 'x', files: [file], frozenAt: AT, notes: [`of ${run}`] };
    await place.runs.create(inputObject(FROM, run), toJson(input), TYPE);
    if (outcome !== undefined)
      await place.runs.create(outcomeObject(FROM, run), toJson(outcomeOf(run, outcome)), TYPE);
  }
  const sequence = outcomes.length;
  const request = {
    ...{ pipeline: FROM, run: runOf(sequence), sequence, revision: 'x', snapshot: [], requestedAt: AT },
    ...{ nonce: null, cause: { kind: 'schedule', by: 'scheduler', reason: null } },
  } as unknown as RunRequest;
  const state = { token: 't', request, revision: 'x', poll: null, paused: null, stale: null };
  if (sequence > 0) await place.runs.create(stateObject(FROM), toJson(state), TYPE);
  return place;
}

const inputIn = async (place: DispatchPlace, run: string) =>
  (await readJson(place.runs, inputObject(PIPELINE, run), inputManifest))?.value;

test('the files and the notes are those of the newest published run, beside the parameters', async () => {
  const place = await beside('published', 'published', 'failed', undefined);
  const run = await place.ask();
  await place.dispatch();
  const input = await inputIn(place, run);
  assert.deepEqual(
    input?.files.map(({ role }) => role),
    [PARAMETERS_ROLE, 'flux'],
  );
  const [, copied] = input.files;
  assert.ok(copied);
  assert.ok(copied.object.startsWith(`${PIPELINE}/${run}/`), copied.object);
  assert.equal(String(place.runs.stored(copied.object)?.content), `rows of ${runOf(2)}`);
  assert.deepEqual(input.notes, [`of ${runOf(2)}`]);
});

test('a held run that an operator released counts as published', async () => {
  const place = await beside('published', 'held');
  const released = toJson(outcomeOf(runOf(2), 'published'));
  await place.runs.create(replayObject(FROM, runOf(2), 'n-1'), released, TYPE);
  const run = await place.ask();
  await place.dispatch();
  assert.deepEqual((await inputIn(place, run))?.notes, [`of ${runOf(2)}`]);
});

test('without a published run, or without its files, the request fails and says why', async () => {
  const none = await beside('failed');
  const never = await beside();
  const gone = await beside('published');
  const object = frozenObject(FROM, runOf(1), 'flux', 1);
  const info = await gone.runs.info(object);
  await gone.runs.remove(object, info?.generation ?? '');
  for (const [place, why] of [
    [none, /carmila has published no run whose input is kept/],
    [never, /carmila has published no run whose input is kept/],
    [gone, /is no longer kept/],
  ] as const) {
    const run = await place.ask();
    await place.finish();
    const outcome = await place.outcome(run);
    assert.deepEqual([outcome?.outcome, outcome?.code], ['failed', 'INPUT_MISMATCH']);
    assert.match(outcome?.reason ?? '', why);
    assert.equal(place.jobs.executions.length, 0);
  }
});

test('a publication between two calls changes no input that stands, and mixes no files', async () => {
  const place = await beside('published', undefined);
  const run = await place.ask();
  await place.dispatch();
  await place.runs.create(outcomeObject(FROM, runOf(2)), toJson(outcomeOf(runOf(2), 'published')), TYPE);
  await place.dispatch();
  assert.deepEqual((await inputIn(place, run))?.notes, [`of ${runOf(1)}`]);
});

test('whatever becomes of one call, the run starts with whole files of one run', async () => {
  for (const mode of MODES) {
    let calls = 0;
    for (;;) {
      const place = await beside('published', 'published');
      const run = await place.ask();
      const fault = new FaultAt(calls, mode);
      await place.attempt(fault);
      if (fault.hit === undefined) break;
      await place.finish();
      const input = await inputIn(place, run);
      const texts = input?.files.slice(1).map(({ object }) => String(place.runs.stored(object)?.content));
      assert.deepEqual(texts, [`rows of ${runOf(2)}`], `${mode}: ${fault.hit}`);
      assert.equal((await place.outcome(run))?.outcome, 'published', `${mode}: ${fault.hit}`);
      calls += 1;
    }
    assert.ok(calls >= 15, `${mode}: only ${calls} calls`);
  }
});
