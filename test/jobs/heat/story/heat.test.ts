// The story of the job over small stages: what it publishes, what it refuses, and what it only plans.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { UnusableFile } from '../../../../jobs/heat/formats/unusable.ts';
import { ATTEMPT, freeze, memoryBuckets, runHeat, type LogLine } from './run-city.ts';
import { smallStages } from './small-stages.ts';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const configuration = (city: string, more = ''): string => `
city: ${city}
period: { start: 2025-06-21, end: 2025-06-22 }
grid: { crs: EPSG:3857, resolution_m: 200 }
extent: { bbox_wgs84: [2.2, 48.8, 2.3, 48.9] }
sources: { era5: {} }
${more}`;

async function bucketsWith(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'heat-story-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const buckets = memoryBuckets();
  await freeze(buckets.runs, folder);
  return buckets;
}

test('the manifest names the files of all cities, and two tables with a row for each', async () => {
  const buckets = await bucketsWith({ 'b.yml': configuration('brume'), 'a.yml': configuration('aube') });
  const manifest = await runHeat(buckets, smallStages());
  assert.ok(manifest.kind === 'output');
  assert.deepEqual(
    manifest.files.filter(({ name }) => name.includes('aube')).map(({ name }) => name),
    [
      ...['aube_experiment.json', 'aube_metrics.json', 'aube_indicators.json'],
      ...['aube.zarr/t2m/0.0', 'aube_report.html'],
    ],
  );
  assert.equal(manifest.rows, 2);
  const table = (name: string) =>
    buckets.results.stored(`heat/${ATTEMPT.run}/attempt-1/${name}`)!.content.toString('utf8').split('\n');
  assert.match(table('indicators.csv')[0]!, /^city,period_start,period_end,intensity,/);
  assert.equal(
    table('indicators.csv')[1],
    'aube,2025-06-21,2025-06-22,,,1.5,31,20,30,2,,,,,,,2025-07-01T06:00:00.000Z,heat/maps/current.json,,aube_report.html,,',
  );
  assert.equal(
    table('metrics.csv')[2],
    'brume,2025-06-21,2025-06-22,0.5,,,,,bicubic,,,200,3,2025-07-01T06:00:00.000Z,heat/maps/current.json,,brume_report.html,,',
  );
});

test('every wrong configuration is named, with its key, and nothing runs', async () => {
  const buckets = await bucketsWith({
    'a.yml': configuration('aube', 'colour: red'),
    'b.yml': configuration('brume').replace('200', '"fine"'),
    'c.yml': 'city: [',
    'd.yml': configuration('dune'),
    'e.yml': configuration('dune'),
  });
  const stages = smallStages();
  const manifest = await runHeat(buckets, stages);
  assert.ok(manifest.kind === 'refusal');
  assert.deepEqual(
    manifest.problems.map(({ message }) => message.replace(/YAML: .*/, 'YAML: …')),
    [
      'a.yml, key colour, line 7: found an unknown key; expected one of city, extent, gcs, grid, indicators, mode, model, output, period, sources, variables',
      'b.yml, key grid.resolution_m, line 4: found "fine"; expected a number',
      'c.yml, line 1: found "city: ["; expected YAML: …',
      'e.yml, key city: found "dune", which d.yml configures too; expected each city in one file',
    ],
  );
  assert.deepEqual(stages.ran, []);
});

test('a file that cannot be used refuses the run; the stages of other cities stay in the cache', async () => {
  const files = { 'a.yml': configuration('aube'), 'b.yml': configuration('brume') };
  const buckets = await bucketsWith(files);
  const broken = smallStages();
  const problem = { file: 'aube/era5.nc', place: 'variable t2m', found: 'ice', expected: 'air' };
  const stagesOf: typeof broken.stagesOf = (raw) =>
    broken.stagesOf(raw).map((stage) =>
      stage.name === 'preprocess'
        ? {
            ...stage,
            run: (work) =>
              work.city.city === 'aube' ? Promise.reject(new UnusableFile(problem)) : stage.run(work),
          }
        : stage,
    );
  const manifest = await runHeat(buckets, { stagesOf });
  assert.ok(manifest.kind === 'refusal');
  assert.equal(manifest.reason, 'aube/era5.nc, variable t2m: found ice; expected air');
  const repaired = smallStages();
  await runHeat(buckets, { ...repaired, attempt: { ...ATTEMPT, attempt: 2 } });
  assert.deepEqual(
    repaired.ran.filter((stage) => stage.startsWith('brume')),
    [],
  );
  assert.equal(repaired.ran.length, 7);
});

test('a city with mode.dry_run is planned and left out; a run of such cities alone is refused with the plan', async () => {
  const dry = configuration('aube', 'mode: { dry_run: true }');
  const lines: LogLine[] = [];
  const both = await runHeat(await bucketsWith({ 'a.yml': dry, 'b.yml': configuration('brume') }), {
    ...smallStages(),
    lines,
  });
  assert.ok(both.kind === 'output');
  assert.ok(both.files.every(({ name }) => !name.includes('aube')));
  const all = 'ingest, preprocess, features, train, evaluate, indicators, publish, report';
  assert.ok(
    lines.some(
      ({ message }) => message === `aube, planned and not run: from the cache: none; would run: ${all}`,
    ),
  );
  const buckets = await bucketsWith({ 'a.yml': dry });
  const stages = smallStages();
  const alone = await runHeat(buckets, stages);
  assert.ok(alone.kind === 'refusal');
  assert.match(alone.reason, /^a.yml, mode.dry_run: found true \(from the cache: none; would run: ingest,/);
  assert.deepEqual(stages.ran, []);
});
