// The list prices of Cloud Run jobs, and what an execution costs.
import { gibOf, type JobSpec } from '../pipelines/job.ts';

/** https://cloud.google.com/run/pricing: instance-based billing, tier 1 (europe-west1, europe-west9), in US dollars. */
export const PRICES = { date: '2026-11-21', vcpuSecond: 0.000018, gibSecond: 0.000002 } as const;

/** An execution is billed for a minute at least. */
const LEAST_SECONDS = 60;
const MICRO = 1_000_000;

export type Size = Pick<JobSpec, 'cpu' | 'memory'>;

/** Dollars for one execution, to the next micro-dollar. The free amounts of a month are not deducted. */
export function costOf({ cpu, memory }: Size, seconds: number): number {
  const aSecond = cpu * PRICES.vcpuSecond + (gibOf(memory) ?? 0) * PRICES.gibSecond;
  // A sum of binary fractions may exceed its micro-dollar by a hair.
  return Math.ceil(Math.max(LEAST_SECONDS, seconds) * aSecond * MICRO - 1e-6) / MICRO;
}

/** Dollars for the attempts of a run, each until the next one began, the last until `endMs`; null before the first. */
export function costOfAttempts(
  size: Size,
  startedAtMs: readonly number[],
  endMs: number,
  billed: (ms: number) => number = (ms) => ms,
): number | null {
  if (startedAtMs.length === 0) return null;
  const costs = startedAtMs.map((atMs, index) => {
    const tookMs = Math.max(0, (startedAtMs[index + 1] ?? endMs) - atMs);
    return costOf(size, billed(tookMs) / 1000);
  });
  return costs.reduce((sum, cost) => sum + cost, 0);
}
