// How large an instance is and how many requests it takes at once: what Cloud Run accepts of both.
import { invalid } from '../http/errors.ts';

export interface Size {
  /** `512Mi`, `1Gi`; kept and shown, and not enforced. */
  readonly memory: string;
  /** `1`, `0.5`, `500m`; absent, it follows from the memory. */
  readonly cpu?: string;
  /** Requests at a time in one instance. */
  readonly concurrency: number;
  readonly minInstances: number;
  readonly maxInstances: number;
}

const MEBIBYTE = 1024 ** 2;
const UNITS: Readonly<Record<string, number>> = {
  M: 1000 ** 2,
  Mi: MEBIBYTE,
  G: 1000 ** 3,
  Gi: 1024 ** 3,
};
const SMALLEST_MEMORY = 128 * MEBIBYTE;
const LARGEST_MEMORY = 32 * 1024 * MEBIBYTE;
// From this memory on, a function without a CPU setting gets a whole one.
const MEMORY_OF_ONE_CPU = 2048 * MEBIBYTE;
// The memory that goes with so many vCPUs, in GiB.
const MEMORY_OF_CPUS: Readonly<Record<number, readonly [least: number, most: number]>> = {
  1: [0.125, 4],
  2: [0.125, 8],
  4: [2, 16],
  6: [4, 24],
  8: [4, 32],
};
const SMALLEST_CPU = 0.08;
const MOST_CONCURRENCY = 1000;
const MOST_INSTANCES = 1000;

/** Throws `ApiError` 400 for a size that Cloud Run refuses. */
export function checkSize(name: string, size: Size): Size {
  const { concurrency, minInstances, maxInstances } = size;
  const refuse = (why: string) => invalid(`Could not create or update Cloud Run service ${name}: ${why}`);
  const memoryBytes = bytesOf(size.memory);
  if (!(memoryBytes >= SMALLEST_MEMORY && memoryBytes <= LARGEST_MEMORY))
    throw refuse(`invalid memory "${size.memory}"; expected 128Mi to 32Gi.`);
  const cpu = size.cpu === undefined ? undefined : cpusOf(size.cpu);
  if (cpu !== undefined) {
    const range = memoryOf(cpu);
    if (range === undefined) throw refuse(`invalid cpu "${size.cpu}"; expected 0.08 to 1, 2, 4, 6 or 8.`);
    const [least, most] = range.map((gibibytes) => gibibytes * 1024 * MEBIBYTE) as [number, number];
    if (memoryBytes < least || memoryBytes > most)
      throw refuse(
        `memory "${size.memory}" does not go with cpu "${size.cpu}"; expected ${range[0]}Gi to ${range[1]}Gi.`,
      );
  }
  if (!isWithin(concurrency, 1, MOST_CONCURRENCY))
    throw refuse(`invalid concurrency ${concurrency}; expected 1 to ${MOST_CONCURRENCY}.`);
  const isBelowOne = cpu === undefined ? memoryBytes < MEMORY_OF_ONE_CPU : cpu < 1;
  if (isBelowOne && concurrency > 1)
    throw refuse(
      'Invalid value specified for cpu. Total cpu < 1 is not supported with concurrency > 1 ' +
        `(cpu ${size.cpu ?? `of ${size.memory}`}, concurrency ${concurrency}).`,
    );
  if (!isWithin(maxInstances, 1, MOST_INSTANCES))
    throw refuse(`invalid maximum of ${maxInstances} instances; expected 1 to ${MOST_INSTANCES}.`);
  if (!isWithin(minInstances, 0, maxInstances))
    throw refuse(`invalid minimum of ${minInstances} instances; expected 0 to the maximum, ${maxInstances}.`);
  return size;
}

function memoryOf(cpu: number): readonly [least: number, most: number] | undefined {
  if (!(cpu >= SMALLEST_CPU)) return undefined;
  if (cpu >= 1) return MEMORY_OF_CPUS[cpu];
  return cpu >= 0.5 ? [0.125, 1] : [0.125, 0.5];
}

function bytesOf(memory: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(Mi?|Gi?)$/.exec(memory) ?? [];
  return Number(amount) * (UNITS[unit] ?? Number.NaN);
}

function cpusOf(cpu: string): number {
  if (/^\d+m$/.test(cpu)) return Number.parseInt(cpu, 10) / 1000;
  return /^\d+(\.\d+)?$/.test(cpu) ? Number(cpu) : Number.NaN;
}

const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;
