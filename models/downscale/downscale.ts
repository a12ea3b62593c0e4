// Downscales coarse fields: validates the methods on the training, mixes those that are best together, learns from all of
// it, predicts, and says which error to expect of the prediction.
import { bicubic } from './bicubic.ts';
import { keepMeans } from './blocks.ts';
import type { Cover } from './cover.ts';
import { predictKept, trainingOf, type Downscaler } from './downscaler.ts';
import { expectedError, gainOf } from './expected-error.ts';
import { between, cellsOf, type Fields } from './field.ts';
import { gaussianProcess } from './gaussian-process.ts';
import { residualByHour } from './residual-by-hour.ts';
import { ridge } from './ridge.ts';
import { mixOf } from './mix.ts';
import { errorOf, predictHeldOut, type Held } from './validation.ts';
import { bestWeights } from './weights.ts';

export interface DownscaleRequest {
  /** What to learn from. A cell that misses a value at any time is left out everywhere. */
  readonly fine: Fields;
  readonly cover: Cover;
  readonly coarse: Fields;
  /** Methods that may be in the mix besides ridge regression and the Gaussian process. */
  readonly further?: readonly Downscaler[];
  readonly progress?: (text: string) => void;
}

export interface ValidatedBlock {
  readonly from: number;
  readonly to: number;
  readonly hours: number;
  readonly trainedHours: number;
  readonly rmse: number | null;
}

export interface DownscaleReport {
  /** The error of each method on the held-out blocks, and of the mix; null where no block could be held out. */
  readonly methods: readonly {
    readonly name: string;
    readonly rmse: number | null;
    /** Its share of the mix; the shares are 1 together. */
    readonly weight?: number;
  }[];
  readonly blocks: readonly ValidatedBlock[];
  readonly learntHours: number;
  readonly validatedRmse: number | null;
  /** For the input, whose weather may be harder or easier than that of the held-out blocks. */
  readonly expectedRmse: number | null;
  /** Why a number is null. */
  readonly reason: string | null;
}

const METHODS = [bicubic, residualByHour, ridge, gaussianProcess];
const [RIDGE, PROCESS] = [METHODS.indexOf(ridge), METHODS.indexOf(gaussianProcess)];

/** Cells times hours³, which the time grows with: about a minute of one core. */
const MOST_WORK = 4e10;
const MOST_HOURS = 1_000;
const LEAST_HOURS = 24;

/** The newest hours, as many as can be learned from in time. */
export function learntFrom(fine: Fields, cover: Cover): Fields {
  const most = Math.min(MOST_HOURS, Math.floor(Math.cbrt(MOST_WORK / cellsOf(cover.coarse))));
  if (most < LEAST_HOURS)
    throw new RangeError(
      `the coarse grid has ${cellsOf(cover.coarse)} cells; expected at most ${Math.floor(MOST_WORK / LEAST_HOURS ** 3)}`,
    );
  return between(fine, Math.max(0, fine.hours.length - most), fine.hours.length);
}

export function downscale({
  fine: all,
  cover,
  coarse,
  further = [],
  progress = () => {},
}: DownscaleRequest): {
  readonly fine: Fields;
  readonly report: DownscaleReport;
} {
  const fine = learntFrom(all, cover);
  const methods = [...METHODS, ...further];
  const held = predictHeldOut({ fine, cover, coarse }, methods, progress);
  // Where nothing can be held out, the last one is taken.
  const members = [RIDGE, ...further.map((_, at) => METHODS.length + at), PROCESS];
  const weights = bestWeights(held, members);
  const training = trainingOf(fine, cover);
  const predictions = methods.map((method, at) => {
    if (weights[at] === 0) return undefined;
    const learnt = method.learn(training, (done) => progress(`learning: ${method.name}, ${percent(done)}`));
    return predictKept(learnt, training, coarse);
  });
  const mix = mixOf(predictions, weights);
  keepMeans(mix, coarse, training.blocks);
  return {
    fine: mix,
    report: {
      ...reportOf(held, methods, weights),
      learntHours: fine.hours.length,
      expectedRmse: expectedError(pairsOf(held, weights), gainOf(fine, cover, held)),
    },
  };
}

const percent = (done: number): string => `${Math.floor(done * 10) * 10} %`;

/** The two methods that are compared are there on every machine. */
const pairsOf = (held: readonly Held[], weights: readonly number[]) =>
  held.map((block) => ({
    truth: block.truth,
    mix: mixOf(block.predictions, weights),
    pair: [block.predictions[PROCESS]!, block.predictions[RIDGE]!] as const,
    ofInput: [block.ofInput[PROCESS]!, block.ofInput[RIDGE]!] as const,
  }));

function reportOf(held: readonly Held[], methods: readonly Downscaler[], weights: readonly number[]) {
  const validatedRmse = errorOf(held, ({ predictions }) => mixOf(predictions, weights));
  const blocks = held.map((block) => {
    const { hours } = block.truth;
    return {
      from: hours[0]!,
      to: hours.at(-1)!,
      hours: hours.length,
      trainedHours: block.block.train[1] - block.block.train[0],
      rmse: errorOf([block], ({ predictions }) => mixOf(predictions, weights)),
    };
  });
  return {
    methods: [
      ...methods.map(({ name }, at) => ({
        name,
        rmse: errorOf(held, ({ predictions }) => predictions[at]!),
        weight: weights[at]!,
      })),
      { name: 'mix', rmse: validatedRmse },
    ],
    blocks,
    validatedRmse,
    reason: held.length > 0 ? null : 'the training is too short to hold a block of it out',
  };
}
