// Method: the process of the job is killed at some of its calls to Cloud Storage, before or after the work is done, and the
// mesh ends the run by itself. What is then published is compared, byte for byte by its checksums, with what the job writes
// from the same frozen input when nothing disturbs it and nothing is in its cache. `test/jobs/heat/story/killed-stages.test.ts`
// kills it at every call; here each kill is a run of the whole mesh, so there is one for each kind of call.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Fault } from '../../../local/http/faults.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { outputManifest, type OutputManifest } from '../../../shared/outputs/manifest.ts';
import { manifestObject } from '../../../shared/runs/names.ts';
import { runHeat } from '../../jobs/heat/story/run-city.ts';
import { jobProcesses } from '../stopped-job.ts';
import { smallCity } from './small-city.ts';
import { startHeat, type HeatMesh } from './start-heat.ts';

let mesh: HeatMesh;
let killed = 0;
before(async () => {
  mesh = await startHeat();
});
after(() => mesh?.close());
afterEach(() => {
  const unused = mesh.cloud.api.faults.unused();
  mesh.cloud.api.faults.clear();
  assert.deepEqual(unused, []);
});

function kill(): void {
  for (const pid of jobProcesses('jobs/heat/main.ts')) {
    process.kill(pid, 'SIGKILL');
    killed++;
  }
}

const KILLS: readonly (readonly [what: string, name: RegExp, action: Fault['action'], attempt: number])[] = [
  ['before a file of a stage is kept', /stages%2Fcity-\d%2Freport%2F.*report\.fr\.pdf/, 'lose-request', 2],
  ['after the manifest of a stage', /stages%2Fcity-\d%2Findicators%2F.*manifest\.json/, 'lose-answer', 2],
  ['before a document is written', /attempt-1%2Fcity-\d_report\.pdf/, 'lose-request', 2],
  ['after a chunk of the store', /attempt-1%2Fcity-\d\.zarr%2Ft2m%2F/, 'lose-answer', 2],
  ['before its manifest', /attempt-1%2Foutput\.json/, 'lose-request', 2],
  // The output is whole, whatever became of the process.
  ['after its manifest', /attempt-1%2Foutput\.json/, 'lose-answer', 1],
];

/** Names, sizes and checksums of all files, those of the tables among them. */
function filesOf(manifest: OutputManifest | undefined): readonly string[] {
  assert.ok(manifest?.kind === 'output');
  return manifest.files.map(({ name, sizeBytes, crc32c }) => `${name} ${sizeBytes} ${crc32c}`);
}

/** In place of the city before, of which a stage would come from the cache with the date of its own run. */
const onlyCity = (city: string) =>
  new Map(
    [...smallCity(city, 20, 'model: { type: ridge }')].map(([name, content]) => [
      name === `${city}.yml` ? 'city.yml' : name,
      content,
    ]),
  );

async function undisturbed(run: string): Promise<readonly string[]> {
  const buckets = { runs: mesh.runs, results: new MemoryStore('results'), cache: new MemoryStore('cache') };
  return filesOf(await runHeat(buckets, { attempt: { pipeline: 'heat', run, attempt: 1 } }));
}

for (const [index, [what, name, action, attempt]] of KILLS.entries())
  test(`a job that is killed ${what} ends with the same bytes`, async () => {
    const url = new RegExp(`/upload/.*[?&]name=[^&]*${name.source}`);
    mesh.cloud.api.faults.plan({ method: 'POST', url, action, onStrike: kill });
    const earlier = killed;
    await mesh.put(onlyCity(`city-${index}`));
    const { outcome, reason, run } = await mesh.tick();
    assert.equal(outcome, 'published', reason);
    assert.equal(killed - earlier, 1);
    const stored = await readJson(mesh.results, manifestObject('heat', run!, attempt), outputManifest);
    const written = filesOf(stored?.value);
    assert.ok(written.some((file) => file.startsWith(`city-${index}_report.fr.pdf `)));
    assert.deepEqual(written, await undisturbed(run!));
    const { files } = await mesh.pointer();
    assert.ok(files.every(({ object }) => object.includes(`/attempt-${attempt}/`)));
    const sums = files.map((file) => `${file.name} ${file.sizeBytes} ${file.crc32c}`);
    assert.deepEqual(
      sums.filter((file) => !written.includes(file)),
      [],
    );
  });
