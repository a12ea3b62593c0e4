// How a published model did on the counts that came after its training data.
import type { Task } from '../../../models/bikes/bundle.ts';
import { deadRows } from '../../../models/bikes/dead-runs.ts';
import { COLUMNS, countOf, fillFeatures } from '../../../models/bikes/features.ts';
import type { Learnt } from '../../../models/bikes/learnt.ts';
import type { Observations } from '../../../models/bikes/observations.ts';
import { classMetrics, probabilityOf, regressionMetrics, type Metrics } from './metrics.ts';

/** A published model: what it learnt, and its numbers for rows of features. */
export interface Published {
  readonly task: Task;
  readonly learnt: Learnt;
  readonly threshold: number;
  readonly numbersOf: (features: Float32Array, rows: number) => Float64Array;
}

export interface Drift {
  readonly rows: number;
  readonly metrics: Metrics;
}

/** Counters are found by name, since those of the model may be others; undefined: nothing new was counted. */
export function driftOf(observations: Observations, published: Published): Drift | undefined {
  const { task, learnt, threshold, numbersOf } = published;
  const { counters, counter, hour, count } = observations;
  const byName = new Map(learnt.counters.map(({ name }, index) => [name, index]));
  const known = counters.map(({ name }) => byName.get(name));
  const dead = deadRows(observations, Number.POSITIVE_INFINITY);
  const rows = Array.from(hour.keys()).filter(
    (row) => hour[row]! >= learnt.upTo && dead[row] === 0 && known[counter[row]!] !== undefined,
  );
  if (rows.length === 0) return undefined;
  const questions = rows.map((row) => ({ counter: known[counter[row]!]!, hour: hour[row]! }));
  const features = new Float32Array(rows.length * COLUMNS.length);
  questions.forEach((question, at) => fillFeatures(learnt, question, features, at * COLUMNS.length));
  const numbers = numbersOf(features, rows.length);
  const counts = rows.map((row) => count[row]!);
  if (task === 'reg') {
    const predicted = questions.map((question, at) => countOf(learnt, question, numbers[at]!));
    return { rows: rows.length, metrics: regressionMetrics(counts, predicted) };
  }
  const above = counts.map((value, at) => Number(value > learnt.counters[questions[at]!.counter]!.mean));
  return { rows: rows.length, metrics: classMetrics(above, numbers.map(probabilityOf), threshold) };
}
