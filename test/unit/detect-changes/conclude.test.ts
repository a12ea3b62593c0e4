// What a poll ends in: the state to write, the answer and the log line agree, and an unchanged poll writes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conclude, type Poll } from '../../../functions/detect-changes/conclude.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { emptyState } from '../../../shared/runs/state.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 20, 12);
const agoMs = (ms: number) => new Date(NOW - ms).toISOString();

const pollOf = (more: Partial<Poll>): Poll => ({
  pipeline: carmila,
  state: emptyState('theirs'),
  decision: { kind: 'no-change' },
  stale: null,
  nowMs: NOW,
  token: 'ours',
  ...more,
});

test('an unchanged folder writes no state, answers so, and logs one fresh line', () => {
  const { state, answer, line } = conclude(pollOf({}));
  assert.equal(state, undefined);
  assert.deepEqual(answer, {
    kind: 'poll',
    outcome: 'no-change',
    code: null,
    reason: 'The source is unchanged.',
  });
  assert.equal(line.level, 'info');
  assert.deepEqual([line.fields['outcome'], line.fields['fresh']], ['no-change', true]);
});

test('a request is written whole under the writer’s token, answered by its run, and logged by the same run', () => {
  const request = {
    pipeline: 'carmila',
    run: '000001-aaaaaaaa',
    sequence: 1,
    revision: 'a'.repeat(64),
    snapshot: [],
    requestedAt: agoMs(0),
    nonce: null,
    cause: { kind: 'schedule', by: 'scheduler@test', reason: null },
  } as const;
  const stale = { since: agoMs(0) };
  const { state, answer, line } = conclude(
    pollOf({ decision: { kind: 'request', request, isForced: false, notes: ['a note'] }, stale }),
  );
  assert.deepEqual([state?.token, state?.request, state?.revision], ['ours', request, request.revision]);
  assert.deepEqual([state?.stale, state?.notes], [stale, ['a note']]);
  assert.deepEqual(answer, { kind: 'requested', run: request.run, notes: ['a note'] });
  assert.deepEqual([line.fields['run'], line.fields['outcome']], [request.run, 'requested']);
  assert.match(line.text, /a note\./);
});

test('the same reason twice is written once; outputs that are stale beyond the objective make the line an error', () => {
  const poll = {
    outcome: 'waiting-incomplete',
    code: 'SOURCE_INCOMPLETE',
    reason: 'Missing: transco.',
  } as const;
  const decision = { kind: 'no-run', ...poll } as const;
  const stale = { since: agoMs(carmila.trigger.freshness + HOUR) };
  const first = conclude(pollOf({ decision, stale }));
  assert.deepEqual(first.state?.poll, { ...poll, at: agoMs(0) });
  assert.equal(first.line.level, 'error');
  assert.equal(first.line.fields['code'], 'SOURCE_INCOMPLETE');
  assert.equal(first.line.fields['staleSince'], stale.since);
  const again = conclude(pollOf({ decision, stale, state: { ...emptyState('ours'), ...first.state } }));
  assert.equal(again.state, undefined);
  assert.deepEqual(again.answer, first.answer);
});
