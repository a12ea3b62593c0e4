// Errors in space and over the day: of each cell, and of each hour of the day.
import { ErrorSums, improvementPercent } from './scores.ts';

/** Predictions and truth of the same hours and cells: hour by hour, and in each cell by cell. */
export interface Compared {
  /** Milliseconds since 1970. */
  readonly hours: readonly number[];
  readonly cells: number;
  readonly predicted: ArrayLike<number>;
  readonly baseline: ArrayLike<number>;
  readonly truth: ArrayLike<number>;
}

export interface HourScores {
  /** 0 to 23, UTC. */
  readonly hour: number;
  readonly count: number;
  readonly rmse: number | null;
  readonly bias: number | null;
  readonly baseline_rmse: number | null;
  readonly improvement_percent: number | null;
}

const [HOUR_MS, HOURS] = [3_600_000, 24];

/** Only hours of the day that occur, ascending. */
export function byHour({ hours, cells, predicted, baseline, truth }: Compared): readonly HourScores[] {
  const sums = Array.from({ length: HOURS }, () => [new ErrorSums(), new ErrorSums()] as const);
  hours.forEach((time, at) => {
    const [own, base] = sums[Math.floor(time / HOUR_MS) % HOURS]!;
    for (let place = at * cells; place < (at + 1) * cells; place++) {
      own.add(predicted[place]!, truth[place]!);
      base.add(baseline[place]!, truth[place]!);
    }
  });
  return sums.flatMap(([own, base], hour) => {
    const { count, rmse, bias } = own.scores();
    if (count === 0) return [];
    const baselineRmse = base.scores().rmse;
    const improvement = improvementPercent(rmse, baselineRmse);
    return [{ hour, count, rmse, bias, baseline_rmse: baselineRmse, improvement_percent: improvement }];
  });
}

/** The RMSE of each cell over all hours; NaN where no hour has both values. */
export function rmseByCell({ hours, cells, predicted, truth }: Compared): Float32Array {
  const [squares, counts] = [new Float64Array(cells), new Float64Array(cells)];
  for (let at = 0; at < hours.length * cells; at++) {
    const squared = (predicted[at]! - truth[at]!) ** 2;
    if (Number.isNaN(squared)) continue;
    squares[at % cells]! += squared;
    counts[at % cells]!++;
  }
  return Float32Array.from(squares, (sum, cell) => Math.sqrt(sum / counts[cell]!));
}
