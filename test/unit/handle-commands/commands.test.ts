// Commands that are cut off at any call, given twice, or given during a tick, a start or a publication.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLease } from '../../../shared/runs/lease.ts';
import { recordOutcome } from '../../../shared/runs/outcome.ts';
import { decideOnce } from '../../../shared/runs/decision.ts';
import { Place, type Watch } from './commands-place.ts';

const AT = '2026-01-05T00:00:00.000Z';

/** Each sets up its state, and gives the command and the run that it is about. */
const PLACES: Readonly<Record<string, (place: Place) => Promise<{ draft: object; run: string }>>> = {
  'a pause': async (place) => ({ draft: { verb: 'pause' }, run: await place.ask('one') }),
  'a resume': async (place) => {
    await place.give({ verb: 'pause', id: '20260104T000000Z-before' });
    return { draft: { verb: 'resume' }, run: '' };
  },
  'a hold': async (place) => ({ draft: { verb: 'hold', run: await place.ask('one') }, run: '' }),
  'a run by force': async (place) => ({ draft: { verb: 'run' }, run: await place.ask('one') }),
  'a cancel of a run that has not started': async (place) => {
    const run = await place.ask('one');
    return { draft: { verb: 'cancel', run }, run };
  },
  'a cancel of a run that executes': async (place) => {
    const run = await place.ask('one');
    await place.start(run);
    await place.queue(await place.ask('two'));
    return { draft: { verb: 'cancel', run }, run };
  },
  'a cancel of a run that waits': async (place) => {
    await place.start(await place.ask('one'));
    const run = await place.ask('two');
    await place.queue(run);
    return { draft: { verb: 'cancel', run }, run };
  },
};

class Killed extends Error {}

/** Dies at the n-th call, before it is made or after. */
function killedAt(call: number, when: 'before' | 'after'): { watch: Watch; struck: () => boolean } {
  let observed = 0;
  let struck = false;
  return {
    struck: () => struck,
    watch(moment) {
      if (moment === 'before') observed++;
      if (observed !== call || moment !== when || struck) return;
      struck = true;
      throw new Killed();
    },
  };
}

for (const [what, prepare] of Object.entries(PLACES)) {
  test(`${what} that is cut off at any call is finished by the same command, once`, async () => {
    const whole = new Place();
    const first = await prepare(whole);
    const expected = await whole.give(first.draft);
    assert.equal(expected.result, 'done', expected.message);
    const end = await whole.state(first.run);
    assert.deepEqual(await whole.give(first.draft), expected, 'the same command again');
    assert.deepEqual(await whole.state(first.run), end);

    let calls = 0;
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; ; call++) {
        const place = new Place();
        const { draft, run } = await prepare(place);
        const death = killedAt(call, when);
        const cut = place.give(draft, death.watch);
        if (
          !(await cut.then(
            () => false,
            () => true,
          ))
        )
          break;
        assert.ok(death.struck());
        calls++;
        const again = await place.give(draft);
        assert.equal(again.result, 'done', `killed ${when} call ${call}: ${again.message}`);
        const { outcome, ...rest } = await place.state(run);
        const { outcome: expectedOutcome, ...expectedRest } = end;
        assert.deepEqual(rest, expectedRest, `killed ${when} call ${call}`);
        // The reason about the execution depends on when it was read; who and why do not.
        assert.equal(outcome?.split('. ')[0], expectedOutcome?.split('. ')[0]);
      }
    }
    assert.ok(calls >= 8, `only ${calls} deaths`);
  });
}

test('a cancel at any moment of a start leaves no execution, no lease, and one outcome', async () => {
  let moments = 0;
  for (let call = 1; ; call++) {
    const place = new Place();
    const run = await place.ask('one');
    let cancelling: Promise<unknown> | undefined;
    let observed = 0;
    await place
      .start(run, (when) => {
        if (when === 'before' && ++observed === call) cancelling = place.give({ verb: 'cancel', run });
      })
      .catch(() => undefined);
    if (cancelling === undefined) break;
    moments++;
    assert.equal(((await cancelling) as { result: string }).result, 'done');
    // What the start could not do it is asked for again, as Pub/Sub does.
    await place.start(run);
    const { outcome, lease, executions } = await place.state(run);
    assert.match(outcome ?? '', /^cancelled: Cancelled by ada@example.org: a test\./, `at call ${call}`);
    assert.equal(lease, undefined, `at call ${call}`);
    assert.deepEqual(
      executions.filter((one) => one.endsWith('running')),
      [],
      `at call ${call}`,
    );
  }
  assert.ok(moments > 15, `only ${moments} moments`);
});

test('a pause at any moment of a tick is kept, and the tick asks for its run or does not', async () => {
  for (let call = 1; ; call++) {
    const place = new Place();
    let pausing: Promise<unknown> | undefined;
    let observed = 0;
    await place.tick(undefined, (when) => {
      if (when === 'before' && ++observed === call) pausing = place.give({ verb: 'pause' });
    });
    if (pausing === undefined) break;
    assert.equal(((await pausing) as { result: string }).result, 'done');
    assert.equal((await place.state('')).paused, 'a test', `at call ${call}`);
    assert.match(JSON.stringify(await place.tick()), /paused by ada@example.org/);
  }
});

test('of two who pause at once one does, and the other hears of it', async () => {
  const place = new Place();
  const results = await Promise.all([
    place.give({ verb: 'pause', id: '20260105T000000Z-one1' }),
    place.give({ verb: 'pause', id: '20260105T000000Z-two2' }, undefined, 'bob@example.org'),
  ]);
  assert.deepEqual(results.map(({ result }) => result).sort(), ['done', 'refused']);
  assert.match(results.map(({ message }) => message).join(), /paused already, by (ada|bob)@example\.org/);
});

test('of a hold and a publication at once, the first one stands', async () => {
  const place = new Place();
  const run = await place.ask('one');
  await decideOnce(place.runs, 'carmila', run, { kind: 'publish', attempt: 1, at: AT });
  const late = await place.give({ verb: 'hold', run });
  assert.deepEqual(late.result, 'refused');
  assert.match(late.message, /is published already/);

  const other = await place.ask('two');
  await place.give({ verb: 'hold', run: other, id: '20260105T000000Z-hold' });
  const stands = await decideOnce(place.runs, 'carmila', other, { kind: 'publish', attempt: 1, at: AT });
  assert.equal(stands.kind, 'hold');
});

test('a cancel that comes after the publication began says how the run ended, and cancels nothing', async () => {
  const place = new Place();
  const run = await place.ask('one');
  await place.start(run);
  await decideOnce(place.runs, 'carmila', run, { kind: 'publish', attempt: 1, at: AT });
  const unknown = await place.give({ verb: 'cancel', run, id: '20260105T000000Z-soon' });
  assert.match(
    unknown.message,
    /Too late: the output of run .* is being published\. .* npm run sluice -- run/,
  );
  const published = {
    outcome: 'published',
    code: null,
    reason: '1 row.',
    attempt: 1,
    rows: 1,
    at: AT,
  } as const;
  await recordOutcome(place.runs, { pipeline: 'carmila', run, ...published });
  const reported = await place.give({ verb: 'cancel', run, id: '20260105T000000Z-late' });
  assert.deepEqual([unknown.result, reported.result], ['refused', 'refused']);
  assert.match(reported.message, /Too late: run .* ended as published at .*: 1 row\./);
});

test('a held run that still executes is cancelled all the same', async () => {
  const place = new Place();
  const run = await place.ask('one');
  await place.start(run);
  await place.give({ verb: 'hold', run, id: '20260105T000000Z-hold' });
  const { result, message } = await place.give({ verb: 'cancel', run });
  assert.equal(result, 'done', message);
  assert.equal((await readLease(place.runs, 'carmila'))?.value, undefined);
});

test('a forced run that was cut off is not asked for twice, even when another came in between', async () => {
  const place = new Place();
  const dying: Watch = (() => {
    let calls = 0;
    // Fails after the run was requested, before the end of the command is recorded.
    return (when: 'before' | 'after') => {
      if (when === 'before') calls++;
      if (place.asked.length > 0 && when === 'before') throw new Killed(`at call ${calls}`);
    };
  })();
  await assert.rejects(place.give({ verb: 'run' }, dying), Killed);
  const run = place.asked[0];
  await place.ask('another');
  const again = await place.give({ verb: 'run' });
  assert.equal(again.run, run);
  assert.equal(new Set(place.asked).size, 2);
});

test('a command whose id another operator used is refused', async () => {
  const place = new Place();
  await place.give({ verb: 'pause' });
  await assert.rejects(
    place.give({ verb: 'pause' }, undefined, 'eve@example.org'),
    /belongs to the pause of ada@example\.org/,
  );
});
