// What a poll ends in: the state to write, the answer and the log line agree, and an unchanged poll writes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conclude, type Poll } from '../../functions/detect-changes/conclude.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { emptyHead } from '../../shared/runs/head.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 20, 12);
const agoMs = (ms: number) => new Date(NOW - ms).toISOString();

const pollOf = (more: Partial<Poll>): Poll => ({
  pipeline: carmila,
  head: emptyHead('theirs'),
  decision: { kind: 'no-change' },
  behind: null,
  nowMs: NOW,
  token: 'ours',
  ...more,
});

test('an unchanged folder writes no state, answers so, and logs one fresh line', () => {
  const { head, answer, line } = conclude(pollOf({}));
  assert.equal(head, undefined);
  assert.deepEqual(answer, { kind: 'look', outcome: 'no-change', reason: 'the folder is as it was.' });
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
  const behind = { since: agoMs(0) };
  const { head, answer, line } = conclude(
    pollOf({ decision: { kind: 'request', request, isForced: false, notes: ['a note'] }, behind }),
  );
  assert.deepEqual([head?.token, head?.request, head?.revision], ['ours', request, request.revision]);
  assert.deepEqual([head?.behind, head?.notes], [behind, ['a note']]);
  assert.deepEqual(answer, { kind: 'requested', run: request.run, notes: ['a note'] });
  assert.deepEqual([line.fields['run'], line.fields['outcome']], [request.run, 'requested']);
  assert.match(line.text, /a note\./);
});

test('the same reason twice is written once; outputs that are stale beyond the objective make the line an error', () => {
  const decision = { kind: 'no-run', outcome: 'waiting-incomplete', reason: 'missing: transco.' } as const;
  const behind = { since: agoMs(carmila.trigger.freshness + HOUR) };
  const first = conclude(pollOf({ decision, behind }));
  assert.deepEqual(first.head?.look, { outcome: decision.outcome, reason: decision.reason, at: agoMs(0) });
  assert.equal(first.line.level, 'error');
  assert.equal(first.line.fields['waitsSince'], behind.since);
  const again = conclude(pollOf({ decision, behind, head: { ...emptyHead('ours'), ...first.head } }));
  assert.equal(again.head, undefined);
  assert.deepEqual(again.answer, first.answer);
});
