// The rows that a model learns from, as a matrix: one for each hour before the origin that does not mislead.
import type { Task } from '../../../models/bikes/bundle.ts';
import { COLUMNS, fillFeatures, targetOf } from '../../../models/bikes/features.ts';
import { misleadingRows, type Learnt } from '../../../models/bikes/learnt.ts';
import type { Observations } from '../../../models/bikes/observations.ts';

export interface Samples {
  readonly rows: number;
  /** Row-major, `COLUMNS.length` a row. */
  readonly features: Float32Array;
  /** What a model of the task answers: of `class` 1 for an hour above the counter's mean, 0 for another. */
  readonly labels: Readonly<Record<Task, Float32Array>>;
  /** How far the hour is above the counter's mean on a log scale, as a margin: the sign is the class. */
  readonly margins: Float32Array;
}

/**
 * What a margin of 1 is worth: the residuals of a good model spread over about 0.4, and a normal distribution of that
 * spread has this slope where it crosses the mean.
 */
const SHARPNESS = 4;

/** Reads no row at or after `learnt.upTo`. */
export function samplesOf(observations: Observations, learnt: Learnt): Samples {
  const { hour } = observations;
  const misleading = misleadingRows(observations, learnt.upTo);
  const chosen = new Int32Array(hour.length);
  let rows = 0;
  for (let row = 0; row < hour.length; row += 1)
    if (hour[row]! < learnt.upTo && misleading[row] === 0) chosen[rows++] = row;
  return rowsOf(observations, learnt, chosen.subarray(0, rows));
}

/** The chosen rows of the observations, with the features that follow from what was learnt. */
export function rowsOf(observations: Observations, learnt: Learnt, chosen: Int32Array): Samples {
  const { counter, hour, count } = observations;
  const features = new Float32Array(chosen.length * COLUMNS.length);
  const reg = new Float32Array(chosen.length);
  const above = new Float32Array(chosen.length);
  const margins = new Float32Array(chosen.length);
  chosen.forEach((row, at) => {
    const question = { counter: counter[row]!, hour: hour[row]! };
    fillFeatures(learnt, question, features, at * COLUMNS.length);
    reg[at] = targetOf(learnt, question, count[row]!);
    const { mean } = learnt.counters[question.counter]!;
    above[at] = Number(count[row]! > mean);
    margins[at] = SHARPNESS * (Math.log1p(count[row]!) - Math.log1p(mean));
  });
  return { rows: chosen.length, features, labels: { reg, class: above }, margins };
}
