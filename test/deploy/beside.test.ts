// Pipelines side by side in one local mesh: each has a Drive folder or a bucket of its own, and an object that is finished in a watched bucket brings a run without any tick.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { SAMPLES } from './sample-pipelines.ts';
import { copyTree } from './tree-copy.ts';

const maps = SAMPLES['pipelines/maps.ts'] ?? '';
const plans = maps.replaceAll(`'maps'`, `'plans'`).replace('export const maps', 'export const plans');
const copy = copyTree('beside', { ...SAMPLES, 'pipelines/plans.ts': plans });

interface Made {
  readonly runs: number;
  readonly outcome: string;
  readonly files: readonly string[];
  readonly cause: string;
}

let made: Readonly<Record<string, Made>> = {};
before(async () => {
  const { stdout } = await copy.node('test/deploy/beside.ts');
  made = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, Made>;
});
after(() => rmSync(copy.folder, { recursive: true, force: true }));

test('two pipelines of Drive folders run, each over its own', () => {
  const cause = 'schedule';
  assert.deepEqual(made.maps, { runs: 1, outcome: 'published', files: ['north.tif'], cause });
  assert.deepEqual(made.plans, { runs: 1, outcome: 'published', files: ['south.tif'], cause });
});

test('an object in a watched bucket brings a run, without a tick, when it is settled', () => {
  assert.deepEqual(made.stops, { runs: 1, outcome: 'published', files: ['stops.csv'], cause: 'event' });
});

test('many objects at once, beside a tick, are one run', () => {
  assert.equal(made.grid?.runs, 1);
  assert.deepEqual(made.grid?.files, ['a.nc', 'b.nc', 'été %2F.nc']);
});
