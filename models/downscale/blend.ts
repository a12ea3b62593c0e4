// Validates any methods on held-out blocks, mixes those that are best together, and predicts. The scores of the mix are
// honest: what it predicts for one block is mixed as the other blocks say.
import { keepMeans } from './blocks.ts';
import { predictKept, trainingOf, type Downscaler, type Learnt } from './downscaler.ts';
import { learntFrom } from './downscale.ts';
import { between, type Fields } from './field.ts';
import { mixOf } from './mix.ts';
import { errorOf, predictHeldOut, type Held, type Known } from './validation.ts';
import { bestWeights } from './weights.ts';

export interface BlendRequest extends Known {
  readonly coarse: Fields;
  /** The first one is the baseline. */
  readonly methods: readonly Downscaler[];
  /** Which of the methods may be in the mix, by place; where nothing can be held out, the last one is taken. */
  readonly members: readonly number[];
  readonly progress?: (text: string) => void;
}

export interface MethodReport {
  readonly name: string;
  readonly rmse: number | null;
  readonly weight: number;
}

export interface HeldBlock {
  readonly truth: Fields;
  readonly prediction: Fields;
  readonly baseline: Fields;
  readonly trainedHours: number;
}

export interface Blend {
  readonly fine: Fields;
  readonly methods: readonly MethodReport[];
  /** Ascending in time. */
  readonly held: readonly HeldBlock[];
  readonly validatedRmse: number | null;
  readonly learntHours: number;
  /** What the methods of the mix have learned from everything, by name. */
  readonly learnt: ReadonlyMap<string, Learnt>;
}

export function blend({ fine: all, cover, coarse, methods, members, ...rest }: BlendRequest): Blend {
  const { ground = [], progress = () => {} } = rest;
  const fine = learntFrom(all, cover);
  const held = predictHeldOut({ fine, cover, ground }, methods, progress);
  const weights = bestWeights(held, members);
  const honest = held.map((block, at) => {
    const others = held.filter((_, other) => other !== at);
    return mixOf(block.predictions, others.length === 0 ? weights : bestWeights(others, members));
  });
  const training = trainingOf(fine, cover, ground);
  const learnt = new Map<string, Learnt>();
  const predictions = methods.map((method, at) => {
    if (weights[at] === 0) return undefined;
    progress(`learning: ${method.name}`);
    learnt.set(method.name, method.learn(training));
    return predictKept(learnt.get(method.name)!, training, coarse);
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
    held: blocksOf(held, honest),
    validatedRmse: errorOf(held, (block) => honest[held.indexOf(block)]!),
    learntHours: fine.hours.length,
    learnt,
  };
}

/** Blocks of a short series may share hours; each hour is taken once, from the later block. */
function blocksOf(held: readonly Held[], honest: readonly Fields[]): readonly HeldBlock[] {
  const ascending = held
    .map((block, at) => ({ block, prediction: honest[at]! }))
    .sort((one, other) => one.block.block.held[0] - other.block.block.held[0]);
  return ascending.map(({ block: { block, truth, predictions }, prediction }, at) => {
    const next = ascending[at + 1]?.block.block.held[0] ?? Infinity;
    const count = Math.min(block.held[1], next) - block.held[0];
    const cut = (fields: Fields) => between(fields, 0, count);
    return {
      truth: cut(truth),
      prediction: cut(prediction),
      baseline: cut(predictions[0]!),
      trainedHours: block.train[1] - block.train[0],
    };
  });
}
