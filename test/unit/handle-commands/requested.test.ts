// Operators' commands on requested runs: cancelled at the same gates as by the requester, held, and refused by name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAudit } from '../../../shared/commands/audit.ts';
import { passStart } from '../../../shared/requests/gates.ts';
import { decideOnce } from '../../../shared/runs/decision.ts';
import { DispatchPlace, PIPELINE } from '../start-run/dispatch-place.ts';
import { FaultAt, MODES } from '../start-run/faults.ts';
import { Operator } from './requested-place.ts';

const AT = '2026-11-27T08:00:00.000Z';

/** `started`: the run executes. The dispatch follows each hint unless it is lost. */
async function placeWith(state: 'waiting' | 'started', isHintLost = false) {
  const place = new DispatchPlace();
  const run = await place.ask();
  if (state === 'started') await place.dispatch();
  const operator = new Operator(place, place.pipeline, isHintLost ? {} : { onRun: () => place.attempt() });
  return { place, operator, run };
}

for (const state of ['waiting', 'started'] as const) {
  test(`a cancel of a run that is ${state} ends it, and its result is never published`, async () => {
    const { place, operator, run } = await placeWith(state);
    const result = await operator.give({ verb: 'cancel', run });
    assert.equal(result.result, 'done', result.message);
    assert.match(result.message, state === 'waiting' ? /It had not started/ : /Its result is not published/);
    await place.work();
    await place.publish();
    await place.finish();
    const outcome = await place.outcome(run);
    assert.deepEqual([outcome?.outcome, outcome?.code], ['cancelled', 'REQUEST_CANCELLED']);
    assert.match(outcome?.reason ?? '', /^Cancelled by ada@example\.org: a test\./);
    assert.equal(place.announced.length, 1);
    assert.equal(place.jobs.running().length, 0);
    const [entry] = await listAudit({ audit: operator.audit, now: () => Date.parse(AT) }, PIPELINE, 5);
    assert.deepEqual(
      [entry?.by, entry?.command.verb, entry?.ended?.result],
      ['ada@example.org', 'cancel', 'done'],
    );
  });

  test(`a cancel of a run that is ${state} is carried out by the sweep where its hint is lost`, async () => {
    const { place, operator, run } = await placeWith(state, true);
    const result = await operator.give({ verb: 'cancel', run });
    assert.equal(result.result, 'done', result.message);
    assert.match(result.message, /The next sweep records it/);
    await place.finish();
    assert.equal((await place.outcome(run))?.outcome, 'cancelled');
  });

  test(`whatever becomes of one call of a cancel of a run that is ${state}, the same command finishes it`, async () => {
    for (const mode of MODES) {
      let calls = 0;
      for (; ; calls++) {
        const { place, operator, run } = await placeWith(state);
        const fault = new FaultAt(calls, mode);
        await operator.give({ verb: 'cancel', run }, fault).catch(() => undefined);
        if (fault.hit === undefined) break;
        const again = await operator.give({ verb: 'cancel', run });
        assert.equal(again.result, 'done', `${mode}: ${fault.hit}: ${again.message}`);
        await place.finish();
        assert.equal((await place.outcome(run))?.outcome, 'cancelled', `${mode}: ${fault.hit}`);
      }
      assert.ok(calls >= 7, `${mode}: only ${calls} calls`);
    }
  });
}

test('a cancel is too late after the decision to publish, after a hold, after the end and after the time', async () => {
  const published = await placeWith('started');
  await published.place.work();
  await published.place.publish();
  const late = await published.operator.give({ verb: 'cancel', run: published.run });
  assert.deepEqual([late.result, late.code], ['refused', 'TOO_LATE']);
  assert.match(late.message, /ended as published/);

  const publishing = await placeWith('started');
  await decideOnce(publishing.place.runs, PIPELINE, publishing.run, { kind: 'publish', attempt: 1, at: AT });
  assert.match(
    (await publishing.operator.give({ verb: 'cancel', run: publishing.run })).message,
    /is being published\. To see how it ends: npm run sluice -- run /,
  );

  const held = await placeWith('started');
  await held.operator.give({ verb: 'hold', run: held.run, id: '20261127T080000Z-hold' });
  const decided = await held.operator.give({ verb: 'cancel', run: held.run });
  assert.deepEqual([decided.result, decided.code], ['refused', 'ALREADY_DECIDED']);
  assert.match(decided.message, /holds run .* published only by a release\.$/);

  const expired = await placeWith('waiting');
  await passStart(expired.place.runs, PIPELINE, expired.run, { kind: 'expire', at: AT });
  assert.equal((await expired.operator.give({ verb: 'cancel', run: expired.run })).code, 'TOO_LATE');
  assert.equal(
    (await expired.operator.give({ verb: 'hold', run: expired.run, id: '20261127T080000Z-hold' })).code,
    'TOO_LATE',
  );
});

test('a run that was never requested is not found, and nothing is written into its folder', async () => {
  const { place, operator, run } = await placeWith('waiting');
  const other = `${run.slice(0, -4)}beef`;
  const before = (await place.runs.list('', 1000)).length;
  for (const verb of ['cancel', 'hold', 'release'])
    for (const id of [other, '000005-3fa9c1d2']) {
      const result = await operator.give({ verb, run: id, id: `20261127T090000Z-${verb}${id.slice(-8)}` });
      assert.equal(result.code, 'RUN_NOT_FOUND', verb);
    }
  assert.equal((await place.runs.list('', 1000)).length, before);
});

test('commands for a source, a model or a table are refused by name, with what to do instead, and recorded', async () => {
  const { place, operator, run } = await placeWith('waiting');
  const found: Record<string, string> = {};
  for (const draft of [
    { verb: 'pause' },
    { verb: 'resume' },
    { verb: 'run' },
    { verb: 'pin', run },
    { verb: 'unpin', run },
  ]) {
    const result = await operator.give({ ...draft, id: `20261127T090000Z-${draft.verb}1` });
    assert.deepEqual([result.result, result.code], ['refused', 'COMMAND_NOT_APPLICABLE']);
    assert.ok(result.message.includes(`so ${draft.verb} does not apply`), result.message);
    found[draft.verb] = result.message;
  }
  assert.match(found['pause'] ?? '', /take the callers out of what-if:callers/);
  assert.match(found['run'] ?? '', /To request a run: npm run sluice -- request what-if/);
  const audit = await listAudit({ audit: operator.audit, now: () => Date.parse(AT) }, PIPELINE, 10);
  assert.equal(audit.length, 5);
  assert.equal((await place.queue()).length, 1);
});
