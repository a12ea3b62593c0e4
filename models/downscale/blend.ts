// Validates any methods on held-out blocks, mixes those that are best together, learns from all hours, and predicts.
// The scores of the mix are honest: what it predicts for one block is mixed by the weights that the other blocks give.
import { keepMeans } from './blocks.ts';
import { predictKept, trainingOf, type Downscaler, type Learnt } from './downscaler.ts';
import { between, type Fields } from './field.ts';
import { mixOf } from './mix.ts';
import { newestHours } from './newest-hours.ts';
import { errorOf, predictHeldOut, type Held, type Known } from './validation.ts';
import { bestWeights } from './weights.ts';

export interface BlendRequest extends Known {
  readonly coarse: Fields;
  /** The first one is the baseline. */
  readonly methods: readonly Downscaler[];
  /** Which of the methods may be in the mix, by place; where nothing can be held out, the last one is taken. */
  readonly members: readonly number[];
  /** Methods, by place, that predict the input without each block as well: `Held.ofInput`. */
  readonly compared?: readonly number[];
  /** Called before each step: a method is validated on a block, or learns from all hours. */
  readonly progress?: (text: string) => void;
}

export interface MethodReport {
  readonly name: string;
  /** On all held-out blocks, in the unit of the fields; null where there is none. */
  readonly rmse: number | null;
  /** The share of the mix; the shares of all methods are 1 together. */
  readonly weight: number;
}

export interface HeldBlock {
  readonly truth: Fields;
  readonly prediction: Fields;
  readonly baseline: Fields;
  readonly trainedHours: number;
}

/** A held-out block and what the mix predicts for it, by weights that the block itself did not give. */
export interface MixedBlock extends Held {
  readonly mix: Fields;
}

export interface Blend {
  readonly fine: Fields;
  readonly methods: readonly MethodReport[];
  /** Ascending in time, each hour once. */
  readonly held: readonly HeldBlock[];
  /** The same blocks whole, with the predictions of all methods: two of a short series share hours. */
  readonly mixed: readonly MixedBlock[];
  readonly validatedRmse: number | null;
  readonly learntHours: number;
  /** What the methods of the mix have learned from everything, by name. */
  readonly learnt: ReadonlyMap<string, Learnt>;
}

export function blend({ fine: all, cover, coarse, methods, members, ...rest }: BlendRequest): Blend {
  const { ground = [], compared = [], progress = () => {} } = rest;
  const fine = newestHours(all, cover);
  const held = predictHeldOut({ fine, cover, ground, input: { coarse, compared } }, methods, progress);
  const weights = bestWeights(held, members);
  const mixed = held.map((block): MixedBlock => {
    const others = held.filter((other) => other !== block);
    return { ...block, mix: mixOf(block.predictions, bestWeights(others, members)) };
  });
  const training = trainingOf(fine, cover, ground);
  const learnt = new Map<string, Learnt>();
  const predictions = methods.map((method, at) => {
    if (weights[at] === 0) return undefined;
    progress(`learning: ${method.name}`);
    const own = method.learn(training);
    learnt.set(method.name, own);
    return predictKept(own, training, coarse);
  });
  const mix = mixOf(predictions, weights);
  keepMeans(mix, coarse, training.blocks);
  return {
    fine: mix,
    methods: methods.map(({ name }, at) => ({
      name,
      rmse: errorOf(held, ({ predictions: own }) => own[at]!),
      weight: weights[at]!,
    })),
    held: blocksOf(mixed),
    mixed,
    validatedRmse: errorOf(mixed, (block) => block.mix),
    learntHours: fine.hours.length,
    learnt,
  };
}

/** Blocks of a short series may share hours; each hour is taken once, from the later block. */
function blocksOf(mixed: readonly MixedBlock[]): readonly HeldBlock[] {
  const ascending = mixed.toSorted((one, other) => one.block.held[0] - other.block.held[0]);
  return ascending.map(({ block, truth, predictions, mix }, at) => {
    const next = ascending[at + 1]?.block.held[0] ?? Infinity;
    const count = Math.min(block.held[1], next) - block.held[0];
    const cut = (fields: Fields) => between(fields, 0, count);
    return {
      truth: cut(truth),
      prediction: cut(mix),
      baseline: cut(predictions[0]!),
      trainedHours: block.train[1] - block.train[0],
    };
  });
}
