// Shares seeds out among threads.
import { Worker } from 'node:worker_threads';
import type { Bug } from './plant.ts';
import type { Violation } from './oracle.ts';
import type { Wiring } from './wiring.ts';
import type { WorkerTask } from './worker.ts';
import type { WorldName } from './worlds.ts';

/** A world, and what its functions are given. */
export interface Planned {
  readonly world: WorldName;
  readonly wiring: Wiring;
}

export interface SeedEnd {
  readonly seed: number;
  readonly violation: Violation | undefined;
}

/** A life leaves much behind that is young when it dies: room for it saves copying it about. */
const LIMITS = { maxYoungGenerationSizeMb: 64 };
const WORKER = new URL('./worker.ts', import.meta.url);

/** Lives through the seeds in one thread. Rejects when the simulation itself breaks down. */
export function inThread(task: WorkerTask, onEnd: (end: SeedEnd) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: task, resourceLimits: LIMITS });
    worker.on('message', onEnd);
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

/** Every seed, over `threads` threads; the ends come in as they are reached. */
export async function inThreads(
  seeds: readonly number[],
  threads: number,
  // Nothing else of it: a thread is given only what can be cloned.
  { world, wiring }: Planned,
  onEnd: (end: SeedEnd) => void,
): Promise<void> {
  const shares = Array.from({ length: Math.min(threads, seeds.length) }, (_, own) =>
    seeds.filter((_, index) => index % threads === own),
  );
  await Promise.all(
    shares.map((share) =>
      inThread({ world, wiring, bug: undefined, seeds: share, untilOneFails: false }, onEnd),
    ),
  );
}

/** The first seed that a planted bug breaks, and the law that it breaks; undefined when none does. */
export async function firstFailing(
  bug: Bug,
  seeds: readonly number[],
  { world, wiring }: Planned,
): Promise<SeedEnd | undefined> {
  let found: SeedEnd | undefined;
  // The program that the wiring is read off is planned anew where it holds the bug.
  const own = bug.file.startsWith('infra/') ? undefined : wiring;
  await inThread({ world, wiring: own, bug, seeds, untilOneFails: true }, (end) => {
    if (end.violation !== undefined) found ??= end;
  });
  return found;
}
