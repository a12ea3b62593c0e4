// The numbers of an evaluation against values computed by hand, and what is null where there is nothing to compute.
import assert from 'node:assert/strict';
import test from 'node:test';
import { byHour, rmseByCell } from '../../../../jobs/heat/evaluation/by-place-and-hour.ts';
import { improvementPercent, scoresOf } from '../../../../jobs/heat/evaluation/scores.ts';

const near = (found: number | null, expected: number) =>
  assert.ok(found !== null && Math.abs(found - expected) < 1e-9, `${found}, expected ${expected}`);

test('errors of four pairs', () => {
  const scores = scoresOf([1, 2, 3, 6], [2, 2, 4, 4]);
  assert.equal(scores.count, 4);
  near(scores.rmse, Math.sqrt(6 / 4));
  near(scores.mae, 1);
  near(scores.bias, 0);
  near(scores.r2, 1 - 6 / 4);
  near(scores.correlation, 6 / Math.sqrt(14 * 4));
  assert.deepEqual(scores.reasons, {});
});

test('a prediction worse than the mean of the truth has an R² below -1, which is kept', () => {
  near(scoresOf([10, -10], [1, -1]).r2, 1 - (81 + 81) / 2);
});

test('large values far from 0 keep their spread', () => {
  const truth = Float64Array.from({ length: 1000 }, (_, at) => 1e6 + Math.sin(at) * 1e-3);
  const scores = scoresOf(
    truth.map((value) => value + 1e-3),
    truth,
  );
  assert.ok(Math.abs(scores.correlation! - 1) < 1e-6, String(scores.correlation));
  assert.ok(Math.abs(scores.bias! - 1e-3) < 1e-8);
});

test('pairs without one value do not count; without any, every number is null and says why', () => {
  assert.equal(scoresOf([1, NaN, 3], [1, 2, NaN]).count, 1);
  const none = scoresOf([NaN], [1]);
  assert.deepEqual([none.rmse, none.mae, none.bias, none.r2, none.correlation], Array(5).fill(null));
  assert.deepEqual(Object.keys(none.reasons), ['rmse', 'mae', 'bias', 'r2', 'correlation']);
});

test('a truth that is the same everywhere has no R² and no correlation', () => {
  const { rmse, r2, correlation, reasons } = scoresOf([1, 2], [5, 5]);
  assert.ok(rmse! > 0);
  assert.deepEqual([r2, correlation], [null, null]);
  assert.deepEqual(Object.keys(reasons), ['r2', 'correlation']);
});

test('by hour of the day and by cell', () => {
  const HOUR = 3_600_000;
  const compared = {
    hours: [0, HOUR, 24 * HOUR],
    cells: 2,
    predicted: [1, 2, 3, 4, 5, 6],
    baseline: [2, 2, 2, 2, 2, 2],
    truth: [0, 2, 3, NaN, 4, 6],
  };
  const hours = byHour(compared);
  assert.deepEqual(
    hours.map(({ hour, count }) => [hour, count]),
    [
      [0, 4],
      [1, 1],
    ],
  );
  near(hours[0]!.rmse, Math.sqrt(2 / 4));
  near(hours[0]!.bias, 0.5);
  near(hours[0]!.baseline_rmse, Math.sqrt((4 + 0 + 4 + 16) / 4));
  near(hours[0]!.improvement_percent, 100 * (1 - Math.sqrt(2 / 24)));
  assert.deepEqual([...rmseByCell(compared)], [Math.fround(Math.sqrt(2 / 3)), 0]);
});

test('an improvement over nothing is unknown', () => {
  near(improvementPercent(0.5, 2), 75);
  near(improvementPercent(3, 2), -50);
  assert.equal(improvementPercent(1, 0), null);
  assert.equal(improvementPercent(null, 2), null);
});
