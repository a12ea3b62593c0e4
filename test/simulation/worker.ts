// A thread that runs seeds, one after the other, and reports how each ended.
import { parentPort, workerData } from 'node:worker_threads';
import type { Bug } from './plant.ts';
import { plant } from './plant.ts';
import type { SeedResult } from './seed.ts';
import type { Wiring } from './wiring.ts';
import type { WorldName } from './worlds.ts';

export interface WorkerTask {
  readonly world: WorldName;
  /** Absent where the program that it is read off may hold the bug. */
  readonly wiring: Wiring | undefined;
  readonly bug: Bug | undefined;
  readonly seeds: readonly number[];
  /** Whether the first seed that fails is enough. */
  readonly untilOneFails: boolean;
}

const { world, wiring, bug, seeds, untilOneFails } = workerData as WorkerTask;
const planted = bug && plant(bug);
const { worldNamed } = await import('./worlds.ts');
const { plan, liveThrough } = await worldNamed(world);
const ownWiring = wiring ?? (await plan());
if (planted?.() === 0) throw new Error(`the bug ${bug?.name} was never planted: nothing loads ${bug?.file}`);

for (const seed of seeds) {
  const result: SeedResult = await liveThrough({ seed, wiring: ownWiring });
  parentPort?.postMessage({ seed, violation: result.violation });
  if (untilOneFails && result.violation !== undefined) break;
}
