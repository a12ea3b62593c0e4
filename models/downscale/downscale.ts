// Downscales coarse fields: validates the methods on the training, mixes the best two, learns from all of it, predicts,
// and says which error to expect of the prediction.
import { bicubic } from './bicubic.ts';
import { keepMeans } from './blocks.ts';
import type { Cover } from './cover.ts';
import { predictKept, trainingOf } from './downscaler.ts';
import { expectedError, gainOf } from './expected-error.ts';
import { between, cellsOf, type Fields } from './field.ts';
import { gaussianProcess } from './gaussian-process.ts';
import { residualByHour } from './residual-by-hour.ts';
import { ridge } from './ridge.ts';
import { bestShare, errorOf, mixed, predictHeldOut, type Held } from './validation.ts';

export interface DownscaleRequest {
  /** What to learn from. A cell that misses a value at any time is left out everywhere. */
  readonly fine: Fields;
  readonly cover: Cover;
  readonly coarse: Fields;
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
  readonly methods: readonly { readonly name: string; readonly rmse: number | null }[];
  readonly blocks: readonly ValidatedBlock[];
  readonly learntHours: number;
  /** How much of the mix is ridge regression; the rest is the Gaussian process. */
  readonly ridgeShare: number;
  readonly validatedRmse: number | null;
  /** For the input, whose weather may be harder or easier than that of the held-out blocks. */
  readonly expectedRmse: number | null;
  /** Why a number is null. */
  readonly reason: string | null;
}

const METHODS = [bicubic, residualByHour, ridge, gaussianProcess];
const [RIDGE, PROCESS] = [METHODS.indexOf(ridge), METHODS.indexOf(gaussianProcess)];
/** Where it cannot be validated: about what it is on the shared sample. */
const USUAL_SHARE = 0.25;

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

export function downscale({ fine: all, cover, coarse, progress = () => {} }: DownscaleRequest): {
  readonly fine: Fields;
  readonly report: DownscaleReport;
} {
  const fine = learntFrom(all, cover);
  const held = predictHeldOut({ fine, cover, coarse }, METHODS, progress);
  const share = bestShare(held, PROCESS, RIDGE, USUAL_SHARE);
  const training = trainingOf(fine, cover);
  const [process, linear] = [gaussianProcess, ridge].map((method) => {
    const learnt = method.learn(training, (done) => progress(`learning: ${method.name}, ${percent(done)}`));
    return predictKept(learnt, training, coarse);
  });
  const mix = mixed(process!, linear!, share);
  keepMeans(mix, coarse, training.blocks);
  return {
    fine: mix,
    report: {
      ...reportOf(held, share),
      learntHours: fine.hours.length,
      expectedRmse: expectedError(pairsOf(held, share), gainOf(fine, cover, held)),
    },
  };
}

const percent = (done: number): string => `${Math.floor(done * 10) * 10} %`;

const mixOf = ({ predictions }: Held, share: number): Fields =>
  mixed(predictions[PROCESS]!, predictions[RIDGE]!, share);

const pairsOf = (held: readonly Held[], share: number) =>
  held.map((block) => ({
    truth: block.truth,
    mix: mixOf(block, share),
    pair: [block.predictions[PROCESS]!, block.predictions[RIDGE]!] as const,
    ofInput: [block.ofInput[PROCESS]!, block.ofInput[RIDGE]!] as const,
  }));

function reportOf(held: readonly Held[], ridgeShare: number) {
  const validatedRmse = errorOf(held, (block) => mixOf(block, ridgeShare));
  const methods = METHODS.map(({ name }, at) => ({
    name,
    rmse: errorOf(held, (block) => block.predictions[at]!),
  }));
  const blocks = held.map((block) => {
    const { hours } = block.truth;
    return {
      from: hours[0]!,
      to: hours.at(-1)!,
      hours: hours.length,
      trainedHours: block.block.train[1] - block.block.train[0],
      rmse: errorOf([block], (one) => mixOf(one, ridgeShare)),
    };
  });
  const reason = held.length > 0 ? null : 'the training is too short to hold a block of it out';
  return {
    methods: [...methods, { name: 'mix', rmse: validatedRmse }],
    blocks,
    ridgeShare,
    validatedRmse,
    reason,
  };
}
