// The features of one hour at one counter: a pure function of the question and of what was learnt.
import { localTimeOf } from './paris.ts';
import type { Learnt } from './learnt.ts';
import type { Hour } from './observations.ts';

/** A counter by its index in `learnt.counters`, and an hour. */
export interface Question {
  readonly counter: number;
  readonly hour: Hour;
}

/** In the order of the columns; `c`: a category, whole numbers from 0. */
export const COLUMNS: readonly { readonly name: string; readonly type: 'q' | 'c' }[] = [
  { name: 'counter', type: 'c' },
  { name: 'hour', type: 'q' },
  { name: 'weekday', type: 'q' },
  { name: 'mean', type: 'q' },
];

/** Writes the features from `at` on; NaN stands for "not known". */
export function fillFeatures(
  { counters }: Learnt,
  { counter, hour }: Question,
  into: Float32Array,
  at: number,
): void {
  const local = localTimeOf(hour);
  into[at] = counter;
  into[at + 1] = local.hour;
  into[at + 2] = local.weekday;
  into[at + 3] = counters[counter]!.mean;
}

/** The count that a `reg` model's number stands for. */
export const countOf = (_learnt: Learnt, _question: Question, z: number): number =>
  Math.max(0, Math.expm1(z));
