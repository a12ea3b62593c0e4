// `experiment.json`: how every method did on the held-out blocks, what was chosen, and which error to expect.
import type { Blend } from '../../../models/downscale/blend.ts';
import type { Coded } from '../../../models/heat/documents.ts';
import { rootMean, squaresOf } from '../../../models/downscale/validation.ts';
import { coded } from '../texts/coded.ts';
import type { Methods } from './methods.ts';

export interface Experiment {
  readonly methods: readonly {
    readonly name: string;
    readonly rmse: number | null;
    /** Its share of the mix; the shares of all are 1 together. */
    readonly weight?: number;
  }[];
  /** The name of one of the methods; `mix` where it is several. */
  readonly chosen: string;
  readonly expected_rmse: number | null;
  readonly learnt_hours: number;
  readonly blocks: readonly {
    readonly from: string;
    readonly to: string;
    readonly hours: number;
    readonly trained_hours: number;
    readonly rmse: number | null;
  }[];
  readonly left_out: Methods['leftOut'];
  /** Why a number is null. */
  readonly reason: Coded | null;
}

const TOO_SHORT = coded('reference-too-short');
const MIX = 'mix';

export function experimentOf(found: Blend, { leftOut }: Methods): Experiment {
  const used = found.methods.filter(({ weight }) => weight !== 0);
  const isMix = used.length > 1;
  const time = (hour: number): string => new Date(hour).toISOString();
  return {
    methods: [...found.methods, ...(isMix ? [{ name: MIX, rmse: found.validatedRmse }] : [])],
    chosen: isMix ? MIX : used[0]!.name,
    expected_rmse: found.validatedRmse,
    learnt_hours: found.learntHours,
    blocks: found.held.map(({ truth, prediction, trainedHours }) => ({
      from: time(truth.hours[0]!),
      to: time(truth.hours.at(-1)!),
      hours: truth.hours.length,
      trained_hours: trainedHours,
      rmse: rootMean(squaresOf(prediction.values, truth.values)),
    })),
    left_out: leftOut,
    reason: found.held.length === 0 ? TOO_SHORT : null,
  };
}

/** Where nothing could be learned, the fine temperatures are interpolated. */
export const withoutLearning = (reason: Coded): Experiment => ({
  methods: [{ name: 'bicubic', rmse: null, weight: 1 }],
  chosen: 'bicubic',
  expected_rmse: null,
  learnt_hours: 0,
  blocks: [],
  left_out: [],
  reason,
});
