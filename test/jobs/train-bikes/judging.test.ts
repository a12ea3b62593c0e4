// The metrics, the naive methods, dead runs and the rolling origins: numbers that can be checked by hand.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  calibrationOf,
  classMetrics,
  regressionMetrics,
} from '../../../jobs/train-bikes/training/metrics.ts';
import { NAIVE } from '../../../jobs/train-bikes/training/naive.ts';
import { judgedRows, originsOf } from '../../../jobs/train-bikes/training/origins.ts';
import { TooFewObservations } from '../../../jobs/train-bikes/trained.ts';
import { deadRows } from '../../../models/bikes/dead-runs.ts';
import { learn } from '../../../models/bikes/learnt.ts';
import { FIRST_HOUR, generatedCounts } from './counts.ts';

const close = (found: number | undefined, expected: number): void =>
  assert.ok(Math.abs(found! - expected) < 1e-9, `${found} is not ${expected}`);

describe('metrics', () => {
  it('of counts are those of the textbook', () => {
    const metrics = regressionMetrics([1, 3, 5, 7], [2, 3, 4, 9]);
    close(metrics['mae'], 1);
    close(metrics['rmse'], Math.sqrt(6 / 4));
    close(metrics['r2'], 1 - 6 / 20);
    close(regressionMetrics([0], [Math.E - 1])['logRmse'], 1);
    assert.equal(regressionMetrics([4, 4], [4, 5])['r2'], 0);
  });

  it('of classes are those of the textbook', () => {
    const metrics = classMetrics([1, 1, 1, 0, 0], [0.9, 0.6, 0.2, 0.7, 0.1]);
    close(metrics['accuracy'], 3 / 5);
    close(metrics['precision'], 2 / 3);
    close(metrics['recall'], 2 / 3);
    close(metrics['f1'], 2 / 3);
    close(metrics['brier'], (0.01 + 0.16 + 0.64 + 0.49 + 0.01) / 5);
    assert.deepEqual(classMetrics([0], [0.1])['f1'], 0);
  });

  it('of calibration count each tenth, and leave out empty ones', () => {
    const tenths = calibrationOf([0, 1, 1], [0.12, 0.18, 1]);
    assert.deepEqual(
      tenths.map(({ from, rows, observed }) => ({ from, rows, observed })),
      [
        { from: 0.1, rows: 2, observed: 0.5 },
        { from: 0.9, rows: 1, observed: 1 },
      ],
    );
  });
});

describe('dead runs', () => {
  const observations = generatedCounts(6, 2, (count, counter, hour) => {
    const since = hour - FIRST_HOUR;
    if (counter === 0 && since >= 30 && since < 54) return 0;
    if (counter === 0 && since >= 130) return 0;
    if (counter === 1 && since < 10) return 0;
    return count + 1;
  });

  it('last a day or more, of one counter alone', () => {
    const dead = deadRows(observations, Number.POSITIVE_INFINITY);
    const marked = Array.from(dead.keys()).filter((row) => dead[row] === 1);
    assert.deepEqual(
      marked,
      Array.from({ length: 24 }, (_, index) => 30 + index),
    );
  });

  it('are no longer than what was known', () => {
    assert.equal(deadRows(observations, FIRST_HOUR + 53).indexOf(1), -1);
  });

  it('count for the mean of the class and not for the profiles', () => {
    const honest = generatedCounts(6, 2, (count) => count + 1);
    const [broken, whole] = [learn(observations, FIRST_HOUR + 100), learn(honest, FIRST_HOUR + 100)];
    assert.equal(broken.counters[0]!.hours, 100 - 24);
    assert.ok(broken.counters[0]!.mean < whole.counters[0]!.mean);
    assert.ok(Math.abs(broken.counters[0]!.usual[8]! - whole.counters[0]!.usual[8]!) < 0.3);
  });
});

describe('rolling origins', () => {
  it('follow each other up to the end of the data, and leave half of it to learn from', () => {
    const origins = originsOf(generatedCounts(60));
    const end = FIRST_HOUR + 60 * 24;
    const length = 6 * 24;
    assert.deepEqual(
      origins,
      [5, 4, 3, 2, 1].map((before) => ({
        upTo: end - before * length,
        end: end - (before - 1) * length,
      })),
    );
    assert.deepEqual(originsOf(generatedCounts(400, 1)).at(0), {
      upTo: FIRST_HOUR + (400 - 5 * 31) * 24,
      end: FIRST_HOUR + (400 - 4 * 31) * 24,
    });
  });

  it('refuse less than two weeks', () => {
    assert.throws(() => originsOf(generatedCounts(13)), TooFewObservations);
    assert.throws(() => originsOf(generatedCounts(0)), TooFewObservations);
  });

  it('judge no broken counter and none that is new', () => {
    const origin = { upTo: FIRST_HOUR + 20 * 24, end: FIRST_HOUR + 25 * 24 };
    const observations = generatedCounts(25, 2, (count, counter, hour) =>
      counter === 1 && hour >= origin.upTo ? 0 : count + 1,
    );
    const rows = judgedRows(observations, origin, learn(observations, origin.upTo));
    assert.deepEqual([...new Set(Array.from(rows, (row) => observations.counter[row]))], [0]);
    assert.equal(rows.length, 5 * 24);
    assert.equal(judgedRows(observations, origin, learn(observations, FIRST_HOUR + 48)).length, 0);
  });
});

it('the naive methods answer the mean of four weeks, and last week', () => {
  const upTo = FIRST_HOUR + 28 * 24;
  const observations = generatedCounts(30, 1, (_count, _counter, hour) =>
    Math.floor((hour - FIRST_HOUR) / (7 * 24)),
  );
  const rows = Int32Array.from({ length: 48 }, (_, index) => 28 * 24 + index);
  assert.deepEqual(new Set(NAIVE['mean of four weeks']!(observations, upTo, rows)), new Set([1.5]));
  assert.deepEqual(new Set(NAIVE['last week']!(observations, upTo, rows)), new Set([3]));
});
