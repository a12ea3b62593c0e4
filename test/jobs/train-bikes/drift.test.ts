// The drift of a champion: its predictions beside what was counted since it was trained, on hours worked out by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftOf } from '../../../jobs/train-bikes/drift.ts';
import type { Task } from '../../../models/bikes/bundle.ts';
import type { LoadedModel } from '../../../models/bikes/model.ts';
import type { Observations } from '../../../models/bikes/observations.ts';
import { hourOf } from './exports.ts';
import { trainedMeans } from './attempt.ts';

const SINCE = hourOf('2021-06-01T00:00:00Z');

/** Rows of `name`, hours after `SINCE` and count, in the order of observations. */
function observed(...rows: readonly (readonly [string, number, number])[]): Observations {
  const names = [...new Set(rows.map(([name]) => name))].sort();
  return {
    counters: names.map((name) => ({ name, latitude: undefined, longitude: undefined })),
    counter: Uint16Array.from(rows, ([name]) => names.indexOf(name)),
    hour: Int32Array.from(rows, ([, hour]) => SINCE + hour),
    count: Float32Array.from(rows, ([, , count]) => count),
  };
}

/** A champion that knows the counter A, with a mean of 10, and answers the hour of the day. */
function champion(task: Task, answers: (hour: number) => number): LoadedModel {
  const { descriptor } = trainedMeans(task, observed(['A', -1, 10]));
  return {
    kinds: [],
    descriptor: { ...descriptor, trainedAt: '2021-06-01T00:00:00Z' },
    answer: (_kind, asked) => asked.map(({ hour }) => ({ prediction: answers(hour - SINCE), warnings: [] })),
  };
}

test('the errors of a regression are those of the rows since its training, at counters that it knows', () => {
  const rows = observed(['A', -1, 10], ['A', 0, 3], ['a', 1, 1], ['B', 0, 99]);
  const { metrics, ...drift } = driftOf(
    'p',
    champion('reg', (hour) => (hour === 0 ? 0 : 1)),
    rows,
  );
  assert.deepEqual(drift, {
    publication: 'p',
    kind: 'gbt',
    since: '2021-06-01T00:00:00.000Z',
    rows: 2,
    unknownCounters: 1,
  });
  assert.equal(metrics['mae'], 1.5);
  assert.equal(metrics['rmse'], Math.sqrt(4.5));
  assert.equal(metrics['logRmse'], Math.sqrt(Math.log(4) ** 2 / 2));
  // 9 of the error beside 2 of the spread around the mean.
  assert.equal(metrics['r2'], 1 - 9 / 2);
});

test('the errors of a class are by the mean that the champion learnt', () => {
  const rows = observed(['A', 0, 11], ['A', 1, 10], ['A', 2, 30], ['A', 3, 2]);
  const { metrics } = driftOf(
    'p',
    champion('class', (hour) => (hour < 2 ? 1 : 0)),
    rows,
  );
  assert.deepEqual(metrics, { accuracy: 0.5, precision: 0.5, recall: 0.5, f1: 0.5 });
});

test('without a row since its training nothing is measured', () => {
  const { rows, metrics } = driftOf(
    'p',
    champion('reg', () => 1),
    observed(['A', -1, 10]),
  );
  assert.deepEqual([rows, metrics], [0, {}]);
});
