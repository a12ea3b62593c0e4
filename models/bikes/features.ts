// The features of one hour at one counter: a pure function of the question and of what was learnt.
import type { Learnt } from './learnt.ts';
import type { Hour } from './observations.ts';
import { slotOf } from './slots.ts';

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
  { name: 'month', type: 'q' },
  { name: 'schoolHoliday', type: 'q' },
  { name: 'since', type: 'q' },
  { name: 'until', type: 'q' },
  { name: 'usual', type: 'q' },
  { name: 'recent', type: 'q' },
  // How far the hour usually is above the mean that the class asks about.
  { name: 'aboveMean', type: 'q' },
];

/** Writes the features from `at` on; NaN stands for "not known". */
export function fillFeatures(
  { counters }: Learnt,
  { counter, hour }: Question,
  into: Float32Array,
  at: number,
): void {
  const { slot, hour: ofDay, weekday, month, schoolHoliday, since, until } = slotOf(hour);
  const { usual, recent, mean } = counters[counter]!;
  into[at] = counter;
  into[at + 1] = ofDay;
  into[at + 2] = weekday;
  into[at + 3] = month;
  into[at + 4] = schoolHoliday;
  into[at + 5] = since;
  into[at + 6] = until;
  into[at + 7] = usual[slot]!;
  into[at + 8] = recent[slot]!;
  into[at + 9] = recent[slot]! - Math.log1p(mean);
}

/** What a `reg` model has to answer for a count: how far its logarithm is from the recent one. */
export const targetOf = (learnt: Learnt, { counter, hour }: Question, count: number): number =>
  Math.log1p(count) - learnt.counters[counter]!.recent[slotOf(hour).slot]!;

/** The count that a `reg` model's number stands for. */
export const countOf = (learnt: Learnt, { counter, hour }: Question, number: number): number =>
  Math.max(0, Math.expm1(learnt.counters[counter]!.recent[slotOf(hour).slot]! + number));
