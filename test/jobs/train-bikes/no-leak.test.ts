// Replaces every count at or after an origin, and expects the same features, labels and models.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fit } from '../../../jobs/train-bikes/training/fit.ts';
import { NAIVE } from '../../../jobs/train-bikes/training/naive.ts';
import { rowsOf, samplesOf } from '../../../jobs/train-bikes/training/samples.ts';
import { KINDS } from '../../../models/bikes/bundle.ts';
import { learn } from '../../../models/bikes/learnt.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import { xgboostHere } from '../xgboost/installed.ts';
import { FIRST_HOUR, generatedCounts } from './counts.ts';

const DAYS = 30;
const ORIGIN = FIRST_HOUR + 23 * 24 + 5;
const clean = generatedCounts(DAYS);
/** Every count at or after the origin is wrong: huge, then zero for days. */
const poisoned = generatedCounts(DAYS, 3, (count, _counter, hour) => {
  if (hour < ORIGIN) return count;
  return hour < ORIGIN + 48 ? 1e6 : 0;
});
const after = Int32Array.from(clean.hour.keys()).filter((row) => clean.hour[row]! >= ORIGIN);

it('no count at or after the origin reaches a table, a feature, a label or a naive answer', () => {
  const [ours, theirs] = [learn(clean, ORIGIN), learn(poisoned, ORIGIN)];
  assert.deepEqual(theirs, ours);
  assert.deepEqual(samplesOf(poisoned, theirs), samplesOf(clean, ours));
  assert.deepEqual(rowsOf(poisoned, theirs, after).features, rowsOf(clean, ours, after).features);
  for (const [name, naive] of Object.entries(NAIVE))
    assert.deepEqual(naive(poisoned, ORIGIN, after), naive(clean, ORIGIN, after), name);
});

it('the poison itself is seen by whatever learns from after the origin', () => {
  assert.notDeepEqual(learn(poisoned, ORIGIN + 1), learn(clean, ORIGIN + 1));
});

it('no count at or after the origin reaches a model: its bytes are the same', xgboostHere, () => {
  const xgboost = openXgboost(process.env['XGBOOST_LIBRARY']);
  for (const kind of KINDS) {
    const task = { kind, upTo: ORIGIN, judged: after };
    assert.deepEqual(fit(xgboost, poisoned, task), fit(xgboost, clean, task), kind);
  }
});
