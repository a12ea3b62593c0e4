// Lives through one seed: a storm, a calm until nothing is owed any more, one last edit, and a calm again.
import { mend, START_MS, TICK_EVERY_MS } from './actions.ts';
import { drawn, type Decision } from './decisions.ts';
import type { Violation } from './oracle.ts';
import {
  checkEnd,
  checkFolder,
  checkRest,
  isQuiet,
  lookIn,
  OUTCOME_OF,
  folderNow,
  readDeadLetters,
  textOf,
  type Expected,
} from './rest.ts';
import { STORM_MS, World, type WorldOptions } from './world.ts';
import { newestOf } from './oracle.ts';

export interface SeedResult {
  readonly seed: number;
  readonly violation: Violation | undefined;
  /** What went wrong and what people did, in order. */
  readonly decisions: readonly Decision[];
}

const STEP_MS = 10 * 60_000;
/** In a calm everything ends within this: two attempts that hang, a clock that was off, ten deliveries. */
const LONGEST_CALM_MS = 7 * 60 * 60_000;
const LONGEST_END_MS = 4 * 60 * 60_000;

export async function liveThrough(options: WorldOptions): Promise<SeedResult> {
  const world = new World(options);
  try {
    await world.runUntil(START_MS + STORM_MS);
    world.calm();
    // One more tick sees what the storm has left in the folder.
    const calmMs = world.clock.now();
    await runUntilQuiet(world, LONGEST_CALM_MS, () => world.clock.now() > calmMs + TICK_EVERY_MS + STEP_MS);
    await check(world);
    if (world.oracle.violation === undefined) checkFolder(world);

    const expected = lastEdit(world);
    await runUntilQuiet(world, LONGEST_END_MS, () => isSeen(world, expected));
    await check(world);
    if (world.oracle.violation === undefined) checkEnd(world, expected);
    const { oracle, decisions } = world;
    return { seed: options.seed, violation: oracle.violation, decisions: decisions.taken };
  } finally {
    world.close();
  }
}

async function runUntilQuiet(world: World, longestMs: number, also: () => boolean): Promise<void> {
  const untilMs = world.clock.now() + longestMs;
  while (world.clock.now() < untilMs && world.oracle.violation === undefined) {
    await world.runUntil(world.clock.now() + STEP_MS);
    if (isQuiet(world) && also()) return;
  }
}

async function check(world: World): Promise<void> {
  if (world.oracle.violation !== undefined) return;
  await readDeadLetters(world);
  await checkRest(world);
}

/** One last change, so that what the storm's last run came to does not matter. */
function lastEdit(world: World): Expected {
  const { clock, cloud, decisions } = world;
  const { folder } = cloud;
  const nowMs = clock.now();
  const chance = drawn(0, `${decisions.draw('how it ends')}`);
  mend({ folder, now: () => clock.now() });
  for (const id of ['flux', 'transco', 'openings']) folder.edit(id, 'the end', nowMs);
  if (chance < 0.1) {
    folder.move('transco', 'elsewhere', nowMs);
    return 'incomplete';
  }
  if (chance < 0.2) {
    folder.add('second-openings', 'OE bis 2024.xlsx', 'the end', false, nowMs);
    return 'ambiguous';
  }
  if (chance < 0.3) folder.edit('flux', 'the end is refused', nowMs);
  return folderNow(world);
}

function isSeen({ oracle, cloud }: World, expected: Expected): boolean {
  if (typeof expected !== 'string') {
    const run = newestOf(oracle.acceptedRuns());
    return run !== undefined && textOf(oracle.accepted.get(run)?.files ?? []) === textOf(expected);
  }
  return lookIn(cloud) === OUTCOME_OF[expected];
}
