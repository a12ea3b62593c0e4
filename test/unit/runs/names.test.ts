// The names of runs and objects: what is built is read back, and what comes from outside is refused.
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundError, PermanentError } from '../../../shared/errors.ts';
import { isRequestedRun, requestedRunOf } from '../../../shared/requests/names.ts';
import * as names from '../../../shared/runs/names.ts';

const pipelines = fc.stringMatching(/^[a-z][a-z0-9-]{0,29}$/);
const runs = fc
  .tuple(fc.integer({ min: 1, max: 999_999 }), fc.stringMatching(/^[0-9a-f]{64}$/))
  .map(([sequence, revision]) => names.runIdOf(sequence, revision));

test('a manifest that is named is read back, whatever the pipeline, run and attempt', () => {
  fc.assert(
    fc.property(pipelines, runs, fc.integer({ min: 1, max: 99 }), (pipeline, run, attempt) => {
      const name = names.manifestObject(pipeline, run, attempt);
      assert.deepEqual(names.parseManifestObject(name), { pipeline, run, attempt });
      assert.ok(name.startsWith(names.outputFolder(pipeline, run, attempt)));
    }),
  );
});

test('runs list in the order of their sequence, and contain it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 999_999 }), { minLength: 2 }), (sequences) => {
      const ids = sequences.map((sequence) => names.runIdOf(sequence, 'ffffffffffff'));
      assert.deepEqual(
        ids.toSorted().map(names.sequenceOf),
        sequences.toSorted((a, b) => a - b),
      );
    }),
  );
});

test('no two steps of a run share an object', () => {
  const [p, r] = ['carmila', '000001-0123abcd'];
  const all = [
    names.stateObject(p),
    names.leaseObject(p),
    names.requestObject(p, r),
    names.inputObject(p, r),
    names.frozenObject(p, r, 'flux', 1),
    names.executionObject(p, r, 1),
    names.startedObject(p, r, 1),
    names.outcomeObject(p, r),
    names.replayObject(p, r, 'outcome'),
  ];
  assert.equal(new Set(all).size, all.length);
});

test('a requested run has an id and a manifest like any other, and no sequence', () => {
  const run = requestedRunOf({ issuer: 'https://accounts.google.com', subject: '1' }, 'sleeps', 'key');
  assert.ok(names.isRunId(run) && !names.isWatchRun(run) && isRequestedRun(run));
  const name = names.manifestObject('sleeps', run, 2);
  assert.deepEqual(names.parseManifestObject(name), { pipeline: 'sleeps', run, attempt: 2 });
  assert.throws(() => names.sequenceOf(run), PermanentError);
});

const HOSTILE_RUNS = [
  `r${'0'.repeat(16)}-${'0'.repeat(31)}`,
  `r${'0'.repeat(16)}-${'G'.repeat(32)}`,
  `r${'0'.repeat(16)}/${'0'.repeat(32)}`,
  '',
  '../etc',
  '000001-0123abcd/x',
  '000001-0123ABCD',
  '1-0123abcd',
  '000001-0123abcd\n',
  '000001-0123abcde',
];
const HOSTILE_PIPELINES = ['', 'Carmila', '-a', 'a/b', '..', 'a'.repeat(31), 'a b', 'a\n', 'é'];
const HOSTILE_NONCES = ['', 'a/b', '..', "a'b", 'a`b', 'a'.repeat(65), 'a\n', 'é'];

test('hostile names are no names', () => {
  for (const text of HOSTILE_RUNS) assert.equal(names.isRunId(text), false, JSON.stringify(text));
  for (const text of HOSTILE_PIPELINES) assert.equal(names.isPipelineName(text), false, JSON.stringify(text));
  for (const text of HOSTILE_NONCES) assert.equal(names.isNonce(text), false, JSON.stringify(text));
});

test('an object that only looks like a manifest is none', () => {
  for (const name of [
    'carmila/000001-0123abcd/attempt-1/predictions.csv',
    'carmila/000001-0123abcd/attempt-1/output.json/',
    'x/carmila/000001-0123abcd/attempt-1/output.json',
    'carmila/000001-0123abcd/attempt-100/output.json',
    'carmila/000001-0123abcd/attempt-0/output.json',
    'carmila/000001-0123abcd/attempt-01/output.json',
    'carmila/../attempt-1/output.json',
    'carmila/000001-0123abcd/attempt-1/output.json\n',
  ]) {
    assert.equal(names.parseManifestObject(name), undefined, JSON.stringify(name));
  }
});

test('a sequence out of bounds is a permanent error', () => {
  for (const sequence of [0, -1, 1_000_000, 1.5, Number.NaN]) {
    assert.throws(() => names.runIdOf(sequence, 'ffffffff'), PermanentError, String(sequence));
  }
  assert.ok(new BoundError('x') instanceof PermanentError);
});
