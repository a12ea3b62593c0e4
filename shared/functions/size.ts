// The size and number of a function's instances, and the limits of Cloud Run.
import { gibOf } from '../pipelines/job.ts';

export interface Size {
  /** As Cloud Run writes it: `512Mi`. */
  readonly memory: string;
  /** Processors: 0.08 to 1 in thousandths, or 2, 4, 6, 8. */
  readonly cpu: number;
  /** How many calls one instance answers at once. */
  readonly concurrency: number;
  /** Instances kept running without calls; they are billed all the time. */
  readonly minInstances: number;
  readonly maxInstances: number;
}

/** Works on one call at a time, for seconds; Google assigns a third of a processor to 512 MiB. */
export const SMALL: Size = { memory: '512Mi', cpu: 0.333, concurrency: 1, minInstances: 0, maxInstances: 5 };

/**
 * Waits for other services during most of a call, up to minutes. With one call at a time an instance would be idle, and
 * the sixth concurrent call would be refused; below one processor Cloud Run allows no second call.
 */
export const WAITING: Size = { ...SMALL, cpu: 1, concurrency: 8 };

// https://docs.cloud.google.com/run/docs/configuring/services/cpu, read on 2026-11-26.
const LEAST_CPU = 0.08;
const MEMORY_GIB: Readonly<Record<number, readonly [least: number, most: number]>> = {
  1: [0.125, 4],
  2: [0.125, 8],
  4: [2, 16],
  6: [4, 24],
  8: [4, 32],
};
const MOST_CONCURRENCY = 1000;
const MOST_INSTANCES = 100;

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

/** The memory that Cloud Run allows for a number of processors; undefined for a number that it does not offer. */
function memoryRange(cpu: number): readonly [least: number, most: number] | undefined {
  if (cpu >= 1) return MEMORY_GIB[cpu];
  const isThousandths = Math.abs(cpu * 1000 - Math.round(cpu * 1000)) < 1e-6;
  return cpu >= LEAST_CPU && isThousandths ? [0.125, cpu >= 0.5 ? 1 : 0.5] : undefined;
}

/** What is wrong with a size, each problem naming what was found and what is accepted. */
export function wrongSize({ memory, cpu, concurrency, minInstances, maxInstances }: Size): readonly string[] {
  const range = memoryRange(cpu);
  const gib = gibOf(memory);
  const fits = range !== undefined && gib !== undefined && gib >= range[0] && gib <= range[1];
  return [
    ...(range === undefined
      ? [`size.cpu ${cpu}: expected ${LEAST_CPU} to 1 in thousandths, or 2, 4, 6, 8`]
      : fits
        ? []
        : [`size.memory "${memory}": expected ${range[0] * 1024}Mi to ${range[1] * 1024}Mi for ${cpu} cpu`]),
    ...(isWhole(concurrency, 1, MOST_CONCURRENCY)
      ? cpu < 1 && concurrency > 1
        ? [`size.concurrency ${concurrency}: expected 1 below one cpu, found ${cpu} cpu`]
        : []
      : [`size.concurrency ${concurrency}: expected a whole number from 1 to ${MOST_CONCURRENCY}`]),
    ...(isWhole(maxInstances, 1, MOST_INSTANCES)
      ? []
      : [`size.maxInstances ${maxInstances}: expected a whole number from 1 to ${MOST_INSTANCES}`]),
    ...(isWhole(minInstances, 0, maxInstances)
      ? []
      : [
          `size.minInstances ${minInstances}: expected a whole number from 0 to maxInstances, ${maxInstances}`,
        ]),
  ];
}
