// The job over a city whose sources are all fetched: killed while it waits, continued by the next attempt, and refused without a key.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stagesOf } from '../../../../jobs/heat/stages/stages.ts';
import { freeze, memoryBuckets, runHeat } from '../story/run-city.ts';
import { smallStages } from '../story/small-stages.ts';
import { servicesOfTests } from './asking.ts';
import { portsOf } from './services.ts';

const asking = servicesOfTests();
/** The real stages up to the features. */
const stages: typeof stagesOf = (raw) => [
  ...stagesOf(raw).slice(0, 3),
  ...smallStages().stagesOf(raw).slice(3),
];

async function frozen() {
  const folder = mkdtempSync(join(tmpdir(), 'heat-story-'));
  writeFileSync(join(folder, 'villeneuve.yml'), asking.services.configuration);
  const buckets = memoryBuckets();
  await freeze(buckets.runs, folder);
  rmSync(folder, { recursive: true });
  return buckets;
}

test('an attempt that is killed while it waits is continued: one job, and a publication', async () => {
  const buckets = await frozen();
  const kill = () => {
    throw new Error('killed');
  };
  const killed = portsOf(asking.services, buckets.cache, { wait: kill }).ports;
  await assert.rejects(runHeat(buckets, { stagesOf: stages, fetching: killed }), /killed/);
  const from = asking.services.requests.length;
  const { ports } = portsOf(asking.services, buckets.cache);
  const manifest = await runHeat(buckets, { stagesOf: stages, fetching: ports });
  assert.equal(manifest.kind, 'output', JSON.stringify(manifest).slice(0, 300));
  assert.equal(asking.requestsSince(from, /^POST .*\/execution$/), 0);
  const after = asking.services.requests.length;
  await runHeat(buckets, { stagesOf: stages, fetching: ports });
  assert.equal(asking.services.requests.length, after);
});

test('without a key the run is refused, with the file and the setting that is missing', async () => {
  const buckets = await frozen();
  const { ports } = portsOf(asking.services, buckets.cache, { cdsKey: undefined });
  const manifest = await runHeat(buckets, { stagesOf: stages, fetching: ports });
  assert.ok(manifest.kind === 'refusal');
  assert.match(manifest.reason, /^villeneuve.yml, key sources.era5.provider: found "cds", .* cdsSecret/);
});
