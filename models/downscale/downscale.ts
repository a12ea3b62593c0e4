// Downscales coarse fields: the usual methods are validated, mixed and learned from the training, and the report says which
// error to expect of the prediction.
import { bicubic } from './bicubic.ts';
import { blend, type Blend } from './blend.ts';
import type { Cover } from './cover.ts';
import type { Downscaler } from './downscaler.ts';
import { expectedError, gainOf } from './expected-error.ts';
import type { Fields } from './field.ts';
import { gaussianProcess } from './gaussian-process.ts';
import { newestHours } from './newest-hours.ts';
import { residualByHour } from './residual-by-hour.ts';
import { ridge } from './ridge.ts';
import { rootMean, squaresOf } from './validation.ts';

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
  /** First and last hour, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly hours: number;
  readonly trainedHours: number;
  readonly rmse: number | null;
}

/** Errors are in the unit of the fields. */
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

export function downscale({ fine: all, cover, coarse, further = [], progress }: DownscaleRequest): {
  readonly fine: Fields;
  readonly report: DownscaleReport;
} {
  const fine = newestHours(all, cover);
  const result = blend({
    ...{ fine, cover, coarse },
    methods: [...METHODS, ...further],
    // Where nothing can be held out, the last one is taken.
    members: [RIDGE, ...further.map((_, at) => METHODS.length + at), PROCESS],
    // The two methods that are there on every machine.
    compared: [PROCESS, RIDGE],
    ...(progress === undefined ? {} : { progress }),
  });
  const pairs = result.mixed.map(({ truth, mix, predictions, ofInput: [process, linear] }) => ({
    truth,
    mix,
    pair: [predictions[PROCESS]!, predictions[RIDGE]!] as const,
    ofInput: [process!, linear!] as const,
  }));
  const expectedRmse = expectedError(pairs, gainOf(fine, cover, result.mixed));
  return { fine: result.fine, report: reportOf(result, expectedRmse) };
}

function reportOf(result: Blend, expectedRmse: number | null): DownscaleReport {
  const { methods, held, validatedRmse, learntHours } = result;
  return {
    methods: [...methods, { name: 'mix', rmse: validatedRmse }],
    blocks: held.map(({ truth, prediction, trainedHours }) => ({
      from: truth.hours[0]!,
      to: truth.hours.at(-1)!,
      hours: truth.hours.length,
      trainedHours,
      rmse: rootMean(squaresOf(prediction.values, truth.values)),
    })),
    ...{ learntHours, validatedRmse, expectedRmse },
    reason: reasonOf(result, expectedRmse),
  };
}

function reasonOf({ held }: Blend, expectedRmse: number | null): string | null {
  if (held.length === 0) return 'the training is too short to hold a block of it out';
  return expectedRmse === null ? 'the methods that are compared predict the same everywhere' : null;
}
