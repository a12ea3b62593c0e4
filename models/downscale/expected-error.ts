// Which error to expect where no truth is known: two methods that disagree are both uncertain. On the held-out blocks
// the squared error of their mix is measured in squared disagreements, and that is carried over to the input.
import type { Cover } from './cover.ts';
import { predictKept, trainingOf } from './downscaler.ts';
import { between, type Fields } from './field.ts';
import { ridge } from './ridge.ts';
import { disagreement, squaresOf, type Held } from './validation.ts';

type Pair = readonly [Fields, Fields];

export interface MeasuredPair {
  readonly truth: Fields;
  readonly mix: Fields;
  readonly pair: Pair;
  /** Of the same two, for the input. */
  readonly ofInput: Pair;
}

/** Null where nothing was measured. `gain` is what the squared error falls to when all of the training is learned. */
export function expectedError(measured: readonly MeasuredPair[], gain: number): number | null {
  const total = (valueOf: (one: MeasuredPair) => number) =>
    measured.reduce((sum, one) => sum + valueOf(one), 0);
  const error = total(({ mix, truth }) => squaresOf(mix.values, truth.values).sum);
  const apart = total(({ pair }) => disagreement(...pair).sum);
  const here = total(({ ofInput }) => disagreement(...ofInput).sum);
  const count = total(({ ofInput }) => disagreement(...ofInput).count);
  return apart === 0 || count === 0 ? null : Math.sqrt((error / apart) * (here / count) * gain);
}

/** How much of its training ridge regression learns from, to see what more hours are worth. */
const PART = 0.65;

/**
 * The held-out blocks are predicted from fewer hours than the input. The squared error is taken as a + b / hours, whose a
 * and b ridge regression shows at two lengths; the result is its fall from the hours of the blocks to all.
 */
export function gainOf(fine: Fields, cover: Cover, held: readonly Held[]): number {
  let [few, many, fewHours, manyHours] = [0, 0, 0, 0];
  for (const { block, truth } of held) {
    const [from, to] = block.train;
    const isBefore = to <= block.held[0];
    const length = Math.floor((to - from) * PART);
    const input = trainingOf(between(fine, ...block.held), cover).coarse;
    const errorFrom = (start: number, end: number) => {
      const training = trainingOf(between(fine, start, end), cover);
      return squaresOf(predictKept(ridge.learn(training), training, input).values, truth.values).sum;
    };
    // What is left of the training stays next to the block, as in the whole.
    few += isBefore ? errorFrom(to - length, to) : errorFrom(from, from + length);
    many += errorFrom(from, to);
    fewHours += length / held.length;
    manyHours += (to - from) / held.length;
  }
  const perHour = Math.max(0, (few - many) / (1 / fewHours - 1 / manyHours));
  const fall = perHour * (1 / manyHours - 1 / fine.hours.length);
  return many > 0 ? Math.max(0.5, 1 - fall / many) : 1;
}
