// Measures the methods on blocks of the training that they did not learn from, and says how wrong they are.
import { between, type Fields } from './field.ts';
import { predictKept, trainingOf, type Downscaler, type Ground } from './downscaler.ts';
import type { Cover } from './cover.ts';
import { heldOutBlocks, type HeldOut } from './rolling.ts';

/** What the methods predict for one held-out block, in the sequence of the methods, and the truth. */
export interface Held {
  readonly block: HeldOut;
  readonly truth: Fields;
  readonly predictions: readonly Fields[];
  /** What the compared methods, which learned without the block, predict for the input. */
  readonly ofInput: readonly Fields[];
}

export interface Known {
  readonly fine: Fields;
  readonly cover: Cover;
  readonly ground?: Ground;
}

/** What is to be downscaled in the end, and the methods, by place, that predict it without each block as well. */
export interface ComparedInput {
  readonly coarse: Fields;
  readonly compared: readonly number[];
}

/** Only the part `train` of the fine fields reaches a method; of the held-out part it is given the coarse fields. */
export function predictHeldOut(
  { fine, cover, ground = [], input }: Known & { readonly input?: ComparedInput },
  methods: readonly Downscaler[],
  progress: (text: string) => void,
): readonly Held[] {
  return heldOutBlocks(fine.hours).map((block, number) => {
    const training = trainingOf(between(fine, ...block.train), cover, ground);
    const held = trainingOf(between(fine, ...block.held), cover);
    const learnt = methods.map((method) => {
      progress(`validating: ${method.name}, block ${number + 1}`);
      return method.learn(training);
    });
    return {
      block,
      truth: held.fine,
      predictions: learnt.map((method) => predictKept(method, training, held.coarse)),
      ofInput: (input?.compared ?? []).map((at) => predictKept(learnt[at]!, training, input!.coarse)),
    };
  });
}

/** Sums of squared errors and their number; cells without a value do not count. */
export interface Squares {
  readonly sum: number;
  readonly count: number;
}

export const rootMean = ({ sum, count }: Squares): number | null =>
  count === 0 ? null : Math.sqrt(sum / count);

export function squaresOf(predicted: ArrayLike<number>, truth: ArrayLike<number>): Squares {
  let [sum, count] = [0, 0];
  for (let at = 0; at < truth.length; at++) {
    const squared = (predicted[at]! - truth[at]!) ** 2;
    if (Number.isNaN(squared)) continue;
    sum += squared;
    count++;
  }
  return { sum, count };
}

/** Of all blocks together; null where there is none. */
export function errorOf<Block extends Held>(
  held: readonly Block[],
  predictionOf: (block: Block) => Fields,
): number | null {
  const squares = held.map((block) => squaresOf(predictionOf(block).values, block.truth.values));
  return rootMean({
    sum: squares.reduce((total, { sum }) => total + sum, 0),
    count: squares.reduce((total, { count }) => total + count, 0),
  });
}

/** The squared difference of two predictions for each cell and time that has one. */
export const disagreement = (one: Fields, other: Fields): Squares => squaresOf(one.values, other.values);
