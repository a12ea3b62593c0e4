// The result of a requested run: published once, by the attempt in its slot, whatever happens to each call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideOnce, type Decision } from '../../../shared/runs/decision.ts';
import { outputFolder } from '../../../shared/runs/names.ts';
import { sleeps } from '../../ports/sleeps.ts';
import { FaultAt, MODES } from '../start-run/faults.ts';
import { answerText, NOW, ResultPlace, RUN } from './result-place.ts';

const FOLDER = outputFolder(sleeps.name, RUN, 1);
const BY = { command: 'c-1', by: 'ada@example.org', reason: 'wrong day', at: new Date(NOW).toISOString() };

async function written(files: Readonly<Record<string, string>> = { 'answer.json': answerText }) {
  const place = new ResultPlace();
  await place.decide(1);
  await place.write(files);
  return place;
}

test('the outcome names the result and its attachments in the versions that were verified, and the dispatch is requested', async () => {
  const place = await written({ 'answer.json': answerText, 'days.csv': 'day\n', 'notes.txt': 'not named' });
  await place.publish();
  const outcome = await place.outcome();
  assert.equal(outcome?.outcome, 'published');
  assert.equal(outcome.result?.name, `${FOLDER}answer.json`);
  assert.equal(outcome.result.sizeBytes, Buffer.byteLength(answerText));
  assert.deepEqual(
    outcome.result.attachments.map(({ name }) => name),
    [`${FOLDER}days.csv`],
  );
  assert.deepEqual(place.hints, [{ pipeline: 'sleeps', run: RUN }]);
});

test('an attempt that is in no slot publishes nothing, nor does another attempt than the one in the slot', async () => {
  const place = new ResultPlace();
  await place.write({ 'answer.json': answerText });
  await place.publish();
  await place.decide(2);
  await place.publish();
  await place.decide(undefined);
  await place.publish();
  assert.equal(await place.outcome(), undefined);
  assert.deepEqual(place.hints, []);
});

test('a message before the manifest leads to nothing', async () => {
  const place = new ResultPlace();
  await place.decide(1);
  await place.publish();
  assert.equal(await place.outcome(), undefined);
});

test('a result that is missing, misformed or changed is quarantined, and a refusal fails the run', async () => {
  const found: Record<string, readonly [string | undefined, string | null | undefined]> = {};
  const note = async (what: string, place: ResultPlace) => {
    await place.publish();
    const outcome = await place.outcome();
    found[what] = [outcome?.outcome, outcome?.code];
  };
  await note('missing', await written({ 'other.json': answerText }));
  await note('misformed', await written({ 'answer.json': '{"slept":"long"}' }));
  await note('no JSON', await written({ 'answer.json': 'day,rows' }));
  const changed = await written();
  const info = await changed.results.info(`${FOLDER}answer.json`);
  await changed.results.replace(`${FOLDER}answer.json`, info?.generation ?? '', '{}', 'application/json');
  await note('changed', changed);
  const refused = new ResultPlace();
  await refused.decide(1);
  await refused.refuse();
  await note('refused', refused);
  assert.deepEqual(found, {
    missing: ['quarantined', 'OUTPUT_CHECK_FAILED'],
    misformed: ['quarantined', 'OUTPUT_CHECK_FAILED'],
    'no JSON': ['quarantined', 'OUTPUT_CHECK_FAILED'],
    changed: ['quarantined', 'MANIFEST_MISMATCH'],
    refused: ['failed', 'INPUT_REFUSED'],
  });
});

test('neither the outcome nor the log quotes what the job wrote', async () => {
  const quoting = [
    await written({ 'answer.json': '{"slept":"a secret","a secret":1}' }),
    await written({ 'answer.json': 'a secret' }),
    await written({ 'answer.json': answerText, 'a secret.csv': 'x' }),
  ];
  const refused = new ResultPlace();
  await refused.decide(1);
  await refused.refuse(1, 'a secret');
  for (const place of [...quoting, refused]) {
    await place.publish();
    const outcome = await place.outcome();
    assert.notEqual(outcome?.outcome, 'published');
    assert.doesNotMatch(JSON.stringify([outcome, place.lines]), /secret/);
  }
});

test('more attachments than the outcome can name are refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 101 }, (_each, index) => [`${index}.csv`, 'x']));
  const place = await written({ 'answer.json': answerText, ...many });
  await place.publish();
  assert.match((await place.outcome())?.reason ?? '', /101 attachments; expected at most 100/);
});

for (const [kind, outcome] of [
  ['cancel', 'cancelled'],
  ['hold', 'held'],
] as const) {
  test(`a decision to ${kind} that was made before stands`, async () => {
    const place = await written();
    const made: Decision = { kind, ...BY };
    await decideOnce(place.runs, sleeps.name, RUN, made);
    await place.publish();
    assert.equal((await place.outcome())?.outcome, outcome);
    assert.equal((await place.outcome())?.result, undefined);
  });
}

test('whatever becomes of one call, the next delivery publishes the result, and the dispatch is requested', async () => {
  for (const mode of MODES) {
    let calls = 0;
    for (;;) {
      const place = await written();
      const fault = new FaultAt(calls, mode);
      await place.publish(fault).catch(() => undefined);
      if (fault.hit === undefined) break;
      await place.publish();
      const outcome = await place.outcome();
      const where = `${mode}: ${fault.hit}`;
      assert.equal(outcome?.outcome, 'published', where);
      assert.equal(outcome.result?.name, `${FOLDER}answer.json`, where);
      assert.ok(place.hints.length >= 1, where);
      calls += 1;
    }
    assert.ok(calls >= 8, `${mode}: only ${calls} calls`);
  }
});

test('a cancellation at any moment of a publication leaves one of the two, never both', async () => {
  for (let at = 0; ; at++) {
    const place = await written();
    const cancel = () => decideOnce(place.runs, sleeps.name, RUN, { kind: 'cancel', ...BY });
    let calls = -1;
    let hit = false;
    let decided: Decision | undefined;
    const before = async () => {
      calls += 1;
      if (calls !== at) return;
      hit = true;
      decided = await cancel();
    };
    await place.publish({ before, after: () => undefined });
    if (!hit) break;
    const outcome = await place.outcome();
    assert.equal(outcome?.outcome, decided?.kind === 'cancel' ? 'cancelled' : 'published', `at call ${at}`);
    assert.equal(outcome?.result !== undefined, decided?.kind === 'publish', `at call ${at}`);
  }
});
