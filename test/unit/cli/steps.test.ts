// The steps of a run and their seconds, worked out from what is recorded of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pollSeconds, secondsOf, stepsOf } from '../../../cli/steps.ts';
import type { RunHistory } from '../../../shared/history/history.ts';
import type { RunOutcome } from '../../../shared/runs/outcome.ts';

const T0 = Date.UTC(2026, 0, 5);
const at = (seconds: number) => new Date(T0 + seconds * 1000).toISOString();
const RUN = '000001-0123abcd';

const request: RunHistory['request'] = {
  pipeline: 'p',
  run: RUN,
  sequence: 1,
  revision: 'r',
  snapshot: [],
  requestedAt: at(1),
  nonce: null,
  cause: { kind: 'schedule', by: 'scheduler@test', reason: null },
};
const requested: RunHistory = {
  run: RUN,
  status: 'requested',
  outcome: undefined,
  requested: { at: at(1), cause: undefined },
  request,
  input: undefined,
  attempts: [],
  replays: [],
  decision: undefined,
  republished: undefined,
  code: null,
};
const frozen: RunHistory = {
  ...requested,
  input: { pipeline: 'p', run: RUN, revision: 'r', files: [], frozenAt: at(3) },
};
const running: RunHistory = {
  ...frozen,
  status: 'running',
  attempts: [{ attempt: 1, at: at(4), execution: undefined, because: undefined }],
};
const ended = (outcome: RunOutcome['outcome'], rows: number | null): RunHistory => ({
  ...running,
  status: outcome,
  outcome: {
    pipeline: 'p',
    run: RUN,
    outcome,
    code: null,
    reason: 'so it is.',
    attempt: 1,
    rows,
    at: at(60),
  },
});

const statesOf = (run: RunHistory) => stepsOf(run, '').map(({ state }) => state);

test('the first step that is not done is under way, and the others wait', () => {
  assert.deepEqual(statesOf(requested), ['done', 'under way', 'waiting', 'waiting']);
  assert.deepEqual(statesOf(frozen), ['done', 'done', 'under way', 'waiting']);
  assert.deepEqual(statesOf(running), ['done', 'done', 'under way', 'waiting']);
});

test('a published run is all done, and one that failed shows it at its end', () => {
  assert.deepEqual(statesOf(ended('published', 10)), ['done', 'done', 'done', 'done']);
  assert.equal(statesOf(ended('failed', null)).at(-1), 'failed');
  assert.equal(stepsOf(ended('failed', null), '').at(-1)?.detail, 'failed: so it is.');
});

test('the job of a run whose output was kept back has done its step', () => {
  for (const outcome of ['held', 'quarantined'] as const)
    assert.deepEqual(statesOf(ended(outcome, null)), ['done', 'done', 'done', 'failed']);
});

test("the job's progress stands in its step", () => {
  assert.equal(stepsOf(running, 'week 3 of 26')[2]?.detail, 'attempt 1 week 3 of 26');
});

const MANIFEST = {
  kind: 'output',
  pipeline: 'p',
  run: RUN,
  attempt: 1,
  writtenAt: at(50),
  files: [],
  rows: 10,
} as const;

test('the seconds of the steps: compute ends with the manifest, and the mesh is all but the compute', () => {
  const seconds = secondsOf(T0, ended('published', 10), MANIFEST, {
    startTime: at(5),
    completionTime: at(52),
  });
  assert.deepEqual(seconds, { request: 1, freeze: 2, execute: 45, publish: 10, mesh: 15, total: 60 });
});

test('what is not known yet is null, and a clock that jumped back makes no negative second', () => {
  assert.deepEqual(secondsOf(T0, requested, undefined, undefined), {
    request: 1,
    freeze: null,
    execute: null,
    publish: null,
    mesh: null,
    total: null,
  });
  assert.equal(secondsOf(T0 + 5000, requested, undefined, undefined).request, 0);
  assert.deepEqual(pollSeconds(T0, T0 + 1500), {
    request: 1.5,
    freeze: null,
    execute: null,
    publish: null,
    mesh: 1.5,
    total: 1.5,
  });
});
