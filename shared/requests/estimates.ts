// Estimates what a requested run costs, from the pipeline's finished runs and the size of its parameters. Pure.
import { createHash } from 'node:crypto';
import type { JobSpec } from '../pipelines/job.ts';
import type { Parameters } from '../pipelines/requests.ts';
import { canonicalJson } from './canonical.ts';
import type { Estimate, Measured } from './estimate.ts';
import { costOf, PRICES } from './prices.ts';

export interface Estimated {
  readonly pipeline: string;
  readonly job: Pick<JobSpec, 'cpu' | 'memory' | 'timeout' | 'attempts'>;
  readonly parameters: Parameters;
  readonly units: number;
  /** Finished runs of the pipeline. */
  readonly history: readonly Measured[];
}

// With fewer runs their spread says little.
const FEW_RUNS = 5;
const HASH_HEX = 16;

/** Without history `expected` is null, and `high` is all attempts at their longest: no run can cost more. */
export function estimateOf({ pipeline, job, parameters, units, history }: Estimated): Estimate {
  const longest = job.timeout / 1000;
  const bound = costOf(job, longest) * job.attempts;
  const predicted = predict(history, units, longest);
  const cost = (seconds: number) => costOf(job, seconds);
  const numbers =
    predicted === undefined
      ? { low: cost(0), expected: null, high: bound }
      : {
          low: cost(predicted.low),
          expected: cost(predicted.expected),
          high: Math.min(bound, cost(predicted.high)),
        };
  // Few runs, and a second attempt may follow a first that failed at its end.
  const high = history.length < FEW_RUNS ? bound : Math.max(numbers.high, numbers.expected ?? 0);
  const ended = history.map(({ endedAt }) => endedAt).sort();
  const basis = {
    ...{ runs: history.length, from: ended[0] ?? null, to: ended.at(-1) ?? null },
    prices: PRICES.date,
  };
  const shown = { ...numbers, high, currency: 'USD' as const, basis };
  return { ...shown, hash: hashOf([pipeline, parameters, shown]) };
}

const hashOf = (shown: unknown): string =>
  createHash('sha256').update(canonicalJson(shown)).digest('hex').slice(0, HASH_HEX);

interface Seconds {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** The expected time by the fitted line; low and high as the tenth and ninetieth of a hundred runs missed it. */
function predict(history: readonly Measured[], units: number, longest: number): Seconds | undefined {
  if (history.length === 0) return undefined;
  const line = fit(history);
  const at = (size: number) => Math.min(longest, Math.max(0, line.base + line.slope * size));
  const expected = at(units);
  const ratios = history.map((run) => run.seconds / Math.max(1e-9, at(run.units))).sort((a, b) => a - b);
  const isSpread = history.length >= FEW_RUNS;
  const low = isSpread ? Math.min(1, quantile(ratios, 0.1)) : 0;
  const high = isSpread ? Math.max(1, quantile(ratios, 0.9)) : 1;
  return { low: expected * low, expected, high: Math.min(longest, expected * high) };
}

/**
 * Least squares on the size. Where the sizes say nothing, or less time is measured for more, the line is the mean time,
 * in proportion to the size where all sizes are alike.
 */
function fit(history: readonly Measured[]): { readonly base: number; readonly slope: number } {
  const mean = (of: (run: Measured) => number) =>
    history.reduce((sum, run) => sum + of(run), 0) / history.length;
  const units = mean((run) => run.units);
  const seconds = mean((run) => run.seconds);
  const spread = mean((run) => (run.units - units) ** 2);
  const together = mean((run) => (run.units - units) * (run.seconds - seconds));
  if (spread > 1e-9 * Math.max(1, units ** 2)) {
    const slope = together / spread;
    const base = seconds - slope * units;
    if (slope >= 0 && base >= 0) return { base, slope };
    if (slope < 0) return { base: seconds, slope: 0 };
  }
  return units > 0 ? { base: 0, slope: seconds / units } : { base: seconds, slope: 0 };
}

/** Of sorted values, between its neighbours. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}
