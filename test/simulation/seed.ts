// Lives through one seed: a storm, a calm until nothing is owed any more, one last edit, and a calm again.
import { mend, START_MS, TICK_EVERY_MS } from './actions.ts';
import { drawn, type Decision } from './decisions.ts';
import type { Violation } from './oracle.ts';
import {
  checkEnd,
  checkFolder,
  checkIdle,
  isQuiet,
  pollIn,
  OUTCOME_OF,
  folderNow,
  readDeadLetters,
  textOf,
  type Expected,
} from './idle.ts';
import { STORM_MS, SimulatedMesh, type SimulatedMeshOptions } from './simulated-mesh.ts';
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
/** Of the calms: how many are followed by a night, and by a month. */
const SHARE_OF_NIGHTS = 0.2;
const SHARE_OF_MONTHS = 0.05;

export async function liveThrough(options: SimulatedMeshOptions): Promise<SeedResult> {
  const mesh = new SimulatedMesh(options);
  try {
    await mesh.runUntil(START_MS + STORM_MS);
    mesh.calm();
    // One more tick sees what the storm has left in the folder.
    const calmMs = mesh.clock.now();
    await runUntilQuiet(mesh, LONGEST_CALM_MS, () => mesh.clock.now() > calmMs + TICK_EVERY_MS + STEP_MS);
    await passNight(mesh, 'the first night');
    await check(mesh);
    if (mesh.oracle.violation === undefined) checkFolder(mesh);

    const expected = lastEdit(mesh);
    await runUntilQuiet(mesh, LONGEST_END_MS, () => isObserved(mesh, expected));
    await passNight(mesh, 'the last night');
    await check(mesh);
    if (mesh.oracle.violation === undefined) checkEnd(mesh, expected);
    const { oracle, decisions } = mesh;
    return { seed: options.seed, violation: oracle.violation, decisions: decisions.taken };
  } finally {
    mesh.close();
  }
}

async function runUntilQuiet(mesh: SimulatedMesh, longestMs: number, also: () => boolean): Promise<void> {
  const untilMs = mesh.clock.now() + longestMs;
  while (mesh.clock.now() < untilMs && mesh.oracle.violation === undefined) {
    await mesh.runUntil(mesh.clock.now() + STEP_MS);
    if (isQuiet(mesh) && also()) return;
  }
}

/** At random, and wherever a pointer waits for the tidying. */
async function passNight(mesh: SimulatedMesh, key: string): Promise<void> {
  const { oracle, decisions } = mesh;
  if (!mesh.isSwept || !isQuiet(mesh)) return;
  const isAwaited = oracle.exports.awaitsTidying();
  const chance = decisions.draw(key);
  if (oracle.violation !== undefined || (chance >= SHARE_OF_NIGHTS && !isAwaited)) return;
  // A dead letter does not last a month.
  await readDeadLetters(mesh);
  await mesh.passDays(chance < SHARE_OF_MONTHS ? 31 : 1);
  oracle.retention.checkTidied();
}

async function check(mesh: SimulatedMesh): Promise<void> {
  if (mesh.oracle.violation !== undefined) return;
  await readDeadLetters(mesh);
  await checkIdle(mesh);
}

/** One last change, so that what the storm's last run came to does not matter. */
function lastEdit(mesh: SimulatedMesh): Expected {
  const { clock, cloud, decisions } = mesh;
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
  return folderNow(mesh);
}

function isObserved({ oracle, cloud }: SimulatedMesh, expected: Expected): boolean {
  if (typeof expected !== 'string') {
    const run = newestOf(oracle.acceptedRuns());
    return run !== undefined && textOf(oracle.accepted.get(run)?.files ?? []) === textOf(expected);
  }
  return pollIn(cloud) === OUTCOME_OF[expected];
}
