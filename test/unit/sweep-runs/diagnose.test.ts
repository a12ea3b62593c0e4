// What a sweep does about each state of a pipeline, decided from what it has seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  diagnose,
  unknownOf,
  type Action,
  type HolderObservation,
  type Observation,
} from '../../../functions/sweep-runs/diagnose.ts';
import type { Execution, Found } from '../../../shared/executions/runner.ts';
import { runIdOf } from '../../../shared/runs/names.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.UTC(2026, 0, 5);
const [ONE, TWO, THREE] = [1, 2, 3].map((sequence) => runIdOf(sequence, 'abcdef0123')) as [
  string,
  string,
  string,
];
const agoIso = (ms: number) => new Date(NOW - ms).toISOString();

const newest = (run: string, agoMs: number): Observation['newest'] => ({
  pipeline: 'p',
  run,
  sequence: Number(run.slice(0, 6)),
  revision: 'abcdef0123',
  snapshot: [],
  requestedAt: agoIso(agoMs),
  nonce: null,
  cause: { kind: 'schedule', by: 'scheduler@test', reason: null },
});

const observationOf = (more: Partial<Observation>): Observation => ({
  nowMs: NOW,
  overdueMs: 2 * MINUTE,
  timeoutMs: 60 * MINUTE,
  attempts: 2,
  newest: undefined,
  queued: null,
  open: [],
  holder: undefined,
  ...more,
});

const holder = (more: Partial<HolderObservation> = {}, attempt = 1): HolderObservation => ({
  holder: { run: ONE, attempt, since: agoIso(10 * MINUTE) },
  ended: false,
  manifest: false,
  intentAtMs: NOW - 10 * MINUTE,
  found: { kind: 'none' },
  ...more,
});

const found = (state: Execution['state'], more: Partial<Execution> = {}): Found => ({
  kind: 'found',
  execution: {
    name: 'e1',
    state,
    startedAtMs: NOW - 10 * MINUTE,
    completedAtMs: state === 'running' ? undefined : NOW - 5 * MINUTE,
    message: undefined,
    ...more,
  },
});
const UNKNOWN: Found = { kind: 'unknown', reason: 'the job has too many executions' };

const held = (more: Partial<HolderObservation>, attempt = 1) =>
  observationOf({ newest: newest(ONE, 20 * MINUTE), open: [ONE], holder: holder(more, attempt) });

const CASES: readonly [string, Observation, readonly string[]][] = [
  ['nothing was ever asked for', observationOf({}), []],
  [
    'the newest run was asked for a moment ago',
    observationOf({ newest: newest(ONE, MINUTE), open: [ONE] }),
    [],
  ],
  [
    'the newest run was asked for and did not start in time',
    observationOf({ newest: newest(ONE, 2 * MINUTE), open: [ONE] }),
    [`request ${ONE}`],
  ],
  [
    'the newest run could not be started for a day',
    observationOf({ newest: newest(ONE, DAY + 1), open: [ONE] }),
    [`end ${ONE} dead-lettered`],
  ],
  [
    'older runs that hold nothing never will',
    observationOf({ newest: newest(THREE, MINUTE), open: [ONE, TWO, THREE] }),
    [`end ${ONE} superseded`, `end ${TWO} superseded`],
  ],
  [
    'the holder works, a newer run waits in line',
    observationOf({
      newest: newest(TWO, 2 * DAY),
      open: [ONE, TWO],
      queued: TWO,
      holder: holder({ found: found('running') }),
    }),
    [],
  ],
  [
    'the holder works, and the newest run never got in line',
    observationOf({
      newest: newest(TWO, 3 * MINUTE),
      open: [ONE, TWO],
      holder: holder({ found: found('running') }),
    }),
    [`request ${TWO}`],
  ],
  ['the holder has ended', held({ ended: true, manifest: true }), [`release ${ONE}`]],
  [
    'its output could not be loaded for days',
    held({ manifest: true, holder: { run: ONE, attempt: 1, since: agoIso(2 * DAY) } }),
    [`end ${ONE} dead-lettered`],
  ],
  [
    'its job could not be started for days',
    held({ holder: { run: ONE, attempt: 1, since: agoIso(2 * DAY) } }),
    [`end ${ONE} dead-lettered`],
  ],
  ['its output stands', held({ manifest: true, found: found('succeeded') }), [`load ${ONE} 1`]],
  [
    'its output stands though the execution failed',
    held({ manifest: true, found: found('failed') }),
    [`load ${ONE} 1`],
  ],
  ['its intent is fresh', held({ intentAtMs: NOW - MINUTE }), []],
  ['its intent led to nothing', held({ intentAtMs: NOW - 2 * MINUTE }), [`request ${ONE}`]],
  ['it is not known whether it has an execution', held({ found: UNKNOWN }), []],
  [
    'it is not known whether it has an execution, and its output stands',
    held({ found: UNKNOWN, manifest: true }),
    [`load ${ONE} 1`],
  ],
  [
    'it has not been known for days whether it has an execution',
    held({ found: UNKNOWN, holder: { run: ONE, attempt: 1, since: agoIso(2 * DAY) } }),
    [`end ${ONE} dead-lettered`],
  ],
  ['it took the lease and left no intent', held({ intentAtMs: undefined }), [`request ${ONE}`]],
  ['it runs within its time', held({ found: found('running', { startedAtMs: NOW - 61 * MINUTE }) }), []],
  [
    'it runs beyond its time: the lease moves on before the execution is cancelled',
    held({ found: found('running', { startedAtMs: NOW - 62 * MINUTE }) }),
    [`next-attempt ${ONE} 1`, 'cancel e1'],
  ],
  [
    'its last attempt runs beyond its time',
    held({ found: found('running', { startedAtMs: NOW - 62 * MINUTE }) }, 2),
    [`end ${ONE} failed`, 'cancel e1'],
  ],
  [
    'it waits for a machine since its intent, beyond its time',
    held({ intentAtMs: NOW - 62 * MINUTE, found: found('running', { startedAtMs: undefined }) }),
    [`next-attempt ${ONE} 1`, 'cancel e1'],
  ],
  ['it was cancelled in Cloud Run', held({ found: found('cancelled') }), [`end ${ONE} cancelled`]],
  ['its first attempt failed', held({ found: found('failed') }), [`next-attempt ${ONE} 1`]],
  ['its last attempt failed', held({ found: found('failed') }, 2), [`end ${ONE} failed`]],
  [
    'it exited well a moment ago and left nothing: nothing can come any more',
    held({ found: found('succeeded', { completedAtMs: NOW }) }),
    [`next-attempt ${ONE} 1`],
  ],
  [
    'it succeeded a moment ago, and the event of its output is on the way',
    held({ manifest: true, found: found('succeeded', { completedAtMs: NOW - MINUTE }) }),
    [],
  ],
  ['it exited well and left nothing', held({ found: found('succeeded') }), [`next-attempt ${ONE} 1`]],
  [
    'its last attempt exited well and left nothing',
    held({ found: found('succeeded') }, 2),
    [`end ${ONE} failed`],
  ],
];

const shortOf = (action: Action): string => {
  switch (action.kind) {
    case 'request':
    case 'release':
      return `${action.kind} ${action.run}`;
    case 'load':
      return `load ${action.run} ${action.attempt}`;
    case 'next-attempt':
      return `next-attempt ${action.run} ${action.failed}`;
    case 'cancel':
      return `cancel ${action.execution}`;
    case 'end':
      return `end ${action.run} ${action.outcome}`;
  }
};

for (const [state, observation, actions] of CASES) {
  test(`${state}: ${actions.join(', ') || 'nothing to do'}`, () => {
    assert.deepEqual(diagnose(observation).map(shortOf), actions);
  });
}

test('a clock that jumped back makes nothing overdue; one that jumped ahead pushes, and ends nothing that waits', () => {
  const observation = observationOf({ newest: newest(ONE, 0), open: [ONE], holder: undefined });
  assert.deepEqual(diagnose({ ...observation, nowMs: NOW - DAY }), []);
  assert.deepEqual(diagnose({ ...observation, nowMs: NOW + 60 * MINUTE }).map(shortOf), [`request ${ONE}`]);
});

test('a reason says what failed, on which attempt, and that it was the last', () => {
  const [end] = diagnose(held({ found: found('failed', { message: 'exit 137' }) }, 2));
  assert.ok(end?.kind === 'end');
  assert.equal(end.reason, 'attempt 2 failed: exit 137; that was the last of 2 attempts.');
});

test('what is not known of an execution is a problem of the sweep, unless the run can go on without it', () => {
  assert.match(
    unknownOf(held({ found: UNKNOWN })) ?? '',
    /attempt 1 of run 000001-\S+ .*too many executions/,
  );
  assert.equal(unknownOf(held({ found: UNKNOWN, manifest: true })), undefined);
  assert.equal(unknownOf(held({ found: UNKNOWN, ended: true })), undefined);
  assert.equal(unknownOf(held({ found: found('running') })), undefined);
  assert.equal(unknownOf(observationOf({})), undefined);
});
