// The laws, held in virtual time over many seeds: events lost, doubled and late, calls lost, functions killed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listRuns, readRun, readStatus } from '../../shared/runs/history.ts';
import { World, type WorldOptions } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
// SIMULATION_SEEDS=1000 looks further; SIMULATION_SEED=17 shows one seed again.
const SEEDS = process.env.SIMULATION_SEED
  ? [Number(process.env.SIMULATION_SEED)]
  : Array.from({ length: Number(process.env.SIMULATION_SEEDS ?? 60) }, (_, index) => index + 1);

const STORM: Omit<WorldOptions, 'seed'> = {
  rates: { loseRequest: 0.03, loseAnswer: 0.03, kill: 0.02 },
  drop: 0.2,
  double: 0.2,
  crash: 0.15,
  hang: 0.05,
  tickEveryMs: HOUR,
  settleMs: 5 * MINUTE,
};
const NO_FAULT: Omit<WorldOptions, 'seed'> = {
  rates: { loseRequest: 0, loseAnswer: 0, kill: 0 },
  drop: 0,
  double: 0,
  crash: 0,
  hang: 0,
  tickEveryMs: HOUR,
  settleMs: 5 * MINUTE,
};

test('in a storm of faults every run ends, and the table ends as the folder', async (t) => {
  for (const seed of SEEDS) {
    await t.test(`seed ${seed}`, async () => {
      await liveThrough(new World({ seed, ...STORM }), seed);
    });
  }
});

test('with every message and event dropped, the sweep alone brings every run to its end', async () => {
  const world = new World({ seed: 1, ...NO_FAULT, drop: 1 });
  for (let day = 0; day < 3; day++) {
    world.edit('Transco.xlsx', `day ${day}`);
    await world.runFor(4 * HOUR);
    assert.equal(world.warehouse.published, world.folderText());
  }
});

test('with every event delivered twice, each run is published once', async () => {
  const world = new World({ seed: 2, ...NO_FAULT, double: 1 });
  for (let day = 0; day < 5; day++) {
    world.edit('Transco.xlsx', `day ${day}`);
    await world.runFor(6 * HOUR);
    assert.equal(world.warehouse.published, world.folderText());
    assert.equal(world.warehouse.ledger.length, day + 1);
  }
});

test('edited at any moment, it never runs twice at once and only freezes what the snapshot saw', async () => {
  let superseded = 0;
  for (const seed of SEEDS.slice(0, 6)) {
    const again = `SIMULATION_SEED=${seed} node --test test/simulation/simulation.test.ts`;
    const world = new World({ seed, ...NO_FAULT, double: 0.5, tickEveryMs: 2 * MINUTE, settleMs: 0 });
    world.editOften('Transco.xlsx', 200, 3 * HOUR);
    await world.runFor(9 * HOUR);
    assert.deepEqual(world.overlaps, [], again);
    assert.equal(world.warehouse.published, world.folderText(), again);
    for (const { run, standing } of await listRuns(world.runs, 'carmila', 300)) {
      if (standing === 'superseded') superseded++;
      if (standing === 'published') await assertFrozenAsSeen(world, run, again);
    }
  }
  assert.ok(superseded > 0, 'no run was ever superseded: the edits came at no awkward moment');
});

async function assertFrozenAsSeen(world: World, run: string, again: string): Promise<void> {
  const { request, input } = (await readRun(world.runs, 'carmila', run)) ?? {};
  for (const file of input?.files ?? []) {
    const seen = request?.snapshot.find(({ name }) => name === file.name)?.content;
    assert.ok(seen?.kind === 'md5', again);
    const copy = await world.runs.info(file.object);
    assert.equal(copy?.md5, Buffer.from(seen.md5Hex, 'hex').toString('base64'), again);
  }
}

async function liveThrough(world: World, seed: number): Promise<void> {
  const again = `SIMULATION_SEED=${seed} node --test test/simulation/simulation.test.ts`;
  for (let edit = 0; edit < 6; edit++) {
    world.edit('2025 flux quotidiens.xlsx', `edit ${edit}`);
    await world.runFor(((edit % 3) + 0.3) * HOUR);
    assertLaws(world, again);
  }
  world.calm();
  // A last change, so that what the storm's last run came to (it may have failed) does not matter.
  world.edit('Transco.xlsx', 'after the storm');
  await world.runFor(12 * HOUR);
  assertLaws(world, again);
  assert.equal(world.warehouse.published, world.folderText(), again);
  const { holder, queued } = await readStatus(world.runs, 'carmila');
  assert.deepEqual({ holder, queued }, { holder: undefined, queued: undefined }, again);
  for (const { run, outcome } of await listRuns(world.runs, 'carmila', 100)) {
    assert.ok(outcome !== undefined, `run ${run} has no outcome: ${again}`);
    const published = world.warehouse.ledger.some((entry) => entry.run === run);
    assert.equal(outcome.outcome === 'published', published, `run ${run} is ${outcome.outcome}: ${again}`);
  }
}

/** Laws 5 and 6: one ledger entry per publication, and never an older run after a newer one. */
function assertLaws({ warehouse }: World, again: string): void {
  const { ledger } = warehouse;
  assert.equal(new Set(ledger.map(({ publication }) => publication)).size, ledger.length, again);
  assert.equal(new Set(ledger.map(({ run }) => run)).size, ledger.length, again);
  const sequences = ledger.map(({ sequence }) => sequence);
  assert.deepEqual(
    sequences,
    sequences.toSorted((a, b) => a - b),
    again,
  );
}
