// Plan and replay as commands: one message each, answered by what publish-output records; refused, or unknown and finished later.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handleCommand } from '../../../functions/handle-commands/handle-commands.ts';
import type { LoadRequested } from '../../../shared/events/messages.ts';
import { command, type CommandResult } from '../../../shared/commands/command.ts';
import { TransientError } from '../../../shared/errors.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { bikes } from '../../../pipelines/bikes.ts';
import { plannedObject, replayObject } from '../../../shared/runs/names.ts';
import type { PlanAnswer } from '../../../shared/warehouse/plan.ts';
import { sleeps } from '../../ports/sleeps.ts';
import { ADA, Place } from './commands-place.ts';

const HASH = '0123456789abcdef';
const ID = '20260105T000000Z-test';

/** What publish-output would record for a message; undefined: it records nothing. */
type Answer = (message: LoadRequested) => readonly [object: string, record: object] | undefined;

async function given(place: Place, draft: object, answer: Answer) {
  const messages: LoadRequested[] = [];
  const pipelines = new Map([...place.mesh().pipelines, [bikes.name, bikes]]);
  const loadRequested = {
    publish: async (message: LoadRequested) => {
      messages.push(message);
      const record = answer(message);
      if (record !== undefined) await place.runs.create(record[0], toJson(record[1]), 'application/json');
    },
  };
  const asked = command.parse({ pipeline: 'carmila', reason: 'a test', id: ID, ...draft });
  const give = (): Promise<CommandResult> =>
    handleCommand(asked, { by: ADA, through: 'console' }, { ...place.mesh(), pipelines, loadRequested });
  return { messages, give };
}

const plannedAs =
  (planned: PlanAnswer): Answer =>
  ({ pipeline, run, replay = '' }) => [plannedObject(pipeline, run, replay), planned];

const endedAs =
  (outcome: string, code: string | null, reason: string): Answer =>
  ({ pipeline, run, replay = '' }) => [
    replayObject(pipeline, run, replay),
    { pipeline, run, outcome, code, reason, rows: null, attempt: 1, at: '2026-01-05T00:00:00.000Z' },
  ];

test('a plan is asked for once, under the id of the command, and its hash is the result', async () => {
  const place = new Place();
  const run = await place.ask('n');
  const draft = { verb: 'plan', run, kind: 'rollback' };
  const { messages, give } = await given(place, draft, plannedAs({ kind: 'planned', hash: HASH }));
  const result = await give();
  assert.deepEqual([result.result, result.plan], ['done', HASH]);
  assert.match(result.message, /rollback to run .* Nothing was published/);
  assert.deepEqual(messages, [{ pipeline: 'carmila', run, replay: ID, plan: true, rollback: true }]);
  assert.deepEqual(await give(), result, 'the same command again has the recorded result');
  assert.equal(messages.length, 1);
});

test('a plan that cannot be made is refused with the code and the reason', async () => {
  const place = new Place();
  const run = await place.ask('n');
  const reason = 'the output is not kept any more';
  const unfit = { kind: 'unfit', outcome: 'failed', code: 'OUTPUT_MISSING', reason } as const;
  const { give } = await given(place, { verb: 'plan', run, kind: 'replay' }, plannedAs(unfit));
  const result = await give();
  assert.deepEqual([result.result, result.code, result.plan], ['refused', 'OUTPUT_MISSING', undefined]);
  assert.match(result.message, /No plan was made: the output is not kept/);
});

test('a replay names its plan, and the person whose assertion came with it', async () => {
  const place = new Place();
  const run = await place.ask('n');
  const draft = { verb: 'replay', run, apply: HASH };
  const { messages, give } = await given(place, draft, endedAs('published', null, '3 rows are published.'));
  assert.equal((await give()).result, 'done');
  assert.deepEqual(messages, [
    { pipeline: 'carmila', run, replay: ID, apply: HASH, by: ADA, reason: 'a test' },
  ]);
});

test('a replay is refused with what moved', async () => {
  const place = new Place();
  const run = await place.ask('n');
  const moved = endedAs('superseded', 'PLAN_OUTDATED', 'Refused: the newest publication was a and now is b.');
  const { give } = await given(place, { verb: 'replay', run, apply: HASH }, moved);
  const result = await give();
  assert.deepEqual([result.result, result.code], ['refused', 'PLAN_OUTDATED']);
  assert.match(result.message, /was a and now is b/);
});

for (const draft of [
  { verb: 'plan', kind: 'replay' },
  { verb: 'replay', apply: HASH },
])
  test(`a ${draft.verb} without an answer is unknown, and the same command finishes it`, async () => {
    const place = new Place();
    const run = await place.ask('n');
    let answers = false;
    const answer: Answer = (message) =>
      answers
        ? (draft.verb === 'plan'
            ? plannedAs({ kind: 'planned', hash: HASH })
            : endedAs('published', null, 'x'))(message)
        : undefined;
    const { messages, give } = await given(place, { ...draft, run }, answer);
    await assert.rejects(give(), (error: TransientError) => {
      assert.ok(error instanceof TransientError);
      assert.equal(error.code, 'RESULT_PENDING');
      return true;
    });
    answers = true;
    assert.equal((await give()).result, 'done');
    assert.equal(
      new Set(messages.map((message) => JSON.stringify(message))).size,
      1,
      'the same message twice',
    );
  });

test('neither asks for anything where it does not apply', async () => {
  const place = new Place();
  await place.ask('n');
  const nothing: Answer = () => assert.fail('nothing is asked for');
  const codeOf = async (draft: object) => (await (await given(new Place(), draft, nothing)).give()).code;
  assert.equal(await codeOf({ verb: 'plan', run: '000009-3fa9c1d2', kind: 'replay' }), 'RUN_NOT_FOUND');
  assert.equal(await codeOf({ verb: 'replay', run: '000009-3fa9c1d2', apply: HASH }), 'RUN_NOT_FOUND');
  const requested = `r${'0'.repeat(16)}-${'0'.repeat(32)}`;
  for (const draft of [
    { verb: 'plan', kind: 'replay' },
    { verb: 'replay', apply: HASH },
  ])
    assert.equal(await codeOf({ ...draft, pipeline: sleeps.name, run: requested }), 'COMMAND_NOT_APPLICABLE');
});

test('a rollback of a pipeline that publishes models alone is refused: they are rolled back one by one', async () => {
  const place = new Place();
  const run = '000001-3fa9c1d2';
  const request = {
    ...{ pipeline: 'bikes', run, sequence: 1, revision: '3fa9c1d2'.repeat(8), snapshot: [], nonce: null },
    ...{ requestedAt: '2026-01-05T00:00:00.000Z', cause: { kind: 'schedule', by: 's', reason: null } },
  };
  await place.runs.create(`bikes/${run}/request.json`, toJson(request), 'application/json');
  const draft = { verb: 'plan', pipeline: 'bikes', run, kind: 'rollback' };
  const { messages, give } = await given(place, draft, () => undefined);
  const result = await give();
  assert.equal(result.code, 'COMMAND_NOT_APPLICABLE', result.message);
  assert.deepEqual(messages, []);
});

test('what is no plan and no hash is refused before anything is recorded', () => {
  for (const draft of [
    { verb: 'replay', apply: '../outcome' },
    { verb: 'replay' },
    { verb: 'replay', apply: HASH, allowOlder: true },
    { verb: 'plan', kind: 'pin' },
    { verb: 'plan', kind: 'replay', reason: ' ' },
  ]) {
    const whole = { pipeline: 'carmila', run: '000001-3fa9c1d2', reason: 'why', id: ID, ...draft };
    assert.ok(!command.safeParse(whole).success, JSON.stringify(draft));
  }
});
