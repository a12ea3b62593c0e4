// A new pipeline is a new file, and a new job a new folder: in a copy of the tree with a pipeline of each kind added and nothing else touched, all follows from them.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PlannedResource } from '../../infra/plan.ts';
import { copyTree } from './tree-copy.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const job = `job: { image: 'echo', cpu: 1, memory: '512Mi', timeout: minutes(5), attempts: 1 },`;
const imports = `import { hours, minutes } from '../shared/pipelines/duration.ts';
import { definePipeline } from '../shared/pipelines/pipeline.ts';
import { fromEnv } from '../shared/pipelines/setting.ts';
import { watch } from '../shared/pipelines/trigger.ts';`;
const trigger = (source: string) =>
  `trigger: watch({ schedule: '0 6 * * *', freshness: hours(26), source: ${source} }),`;
const settle = `settleSeconds: fromEnv('SETTLE_SECONDS', '60')`;
const inBucket = (prefix: string, files: string) =>
  `bucket({ bucket: fromEnv('BUCKET'), prefix: '${prefix}', files: { ${files} }, ${settle} })`;

const FILES: Readonly<Record<string, string>> = {
  'pipelines/maps.ts': `// A sample: files of a Drive folder, in; files, out.
import { files } from '../shared/pipelines/outputs.ts';
import { driveFolder, manyOf } from '../shared/pipelines/source.ts';
${imports}

export const maps = definePipeline({
  name: 'maps',
  ${trigger(`driveFolder({ folderId: fromEnv('MAPS_FOLDER'), files: { map: manyOf(/\\.tif$/) }, ${settle} })`)}
  ${job}
  outputs: [files({ name: 'maps', pattern: /\\.tif$/, checks: [] })],
});
`,
  'pipelines/grid.ts': `// A sample: objects of a bucket, in; a model, out.
import { model } from '../shared/pipelines/outputs.ts';
import { bucket, manyOf } from '../shared/pipelines/source.ts';
${imports}

export const grid = definePipeline({
  name: 'grid',
  ${trigger(inBucket('daily/', String.raw`grid: manyOf(/\.nc$/)`))}
  ${job}
  outputs: [model({ name: 'best', pattern: /\\.nc$/, metric: 'error', better: 'lower' })],
});
`,
  'pipelines/bikes.ts': `// A sample: objects of a bucket, in; rows of a table, out.
import { int, string } from '../shared/pipelines/columns.ts';
import { table } from '../shared/pipelines/outputs.ts';
import { bucket, oneOf } from '../shared/pipelines/source.ts';
${imports}

export const bikes = definePipeline({
  name: 'bikes',
  ${trigger(inBucket('counts/', `counts: oneOf('bikes.csv')`))}
  ${job}
  outputs: [
    table({
      file: 'bikes.csv',
      columns: { place: string(), bikes: int().atLeast(0) },
      key: ['place'],
      checks: [],
      table: { dataset: 'bikes_data', table: 'bikes' },
    }),
  ],
});
`,
  'jobs/echo/main.ts': `// A sample job: writes each file that it is given.
import { Readable } from 'node:stream';
import { fetchFiles, readInputManifest } from '../../shared/attempts/input.ts';
import { writeManifest } from '../../shared/attempts/manifest.ts';
import { attemptVariables } from '../../shared/attempts/variables.ts';
import { writeOnce } from '../../shared/attempts/write-once.ts';
import { readConfig } from '../../shared/config.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import type { OutputFile } from '../../shared/outputs/manifest.ts';
import { outputFolder } from '../../shared/runs/names.ts';

const config = readConfig(process.env, attemptVariables);
const of = { pipeline: config.PIPELINE, run: config.RUN_ID, attempt: config.ATTEMPT };
const runs = gcsStore(config.RUNS_BUCKET, config);
const results = gcsStore(config.RESULTS_BUCKET, config);
const files: OutputFile[] = [];
for (const { name, bytes } of await fetchFiles(runs, await readInputManifest(runs, of.pipeline, of.run))) {
  const object = outputFolder(of.pipeline, of.run, of.attempt) + name;
  const written = await writeOnce(results, object, 'application/octet-stream', () => Readable.from([bytes]));
  files.push({ ...written, rows: bytes.toString().trim().split('\\n').length - 1 });
}
const rows = files.reduce((sum, file) => sum + (file.rows ?? 0), 0);
await writeManifest(results, { kind: 'output', ...of, writtenAt: new Date().toISOString(), files, rows });
`,
  'jobs/echo/Dockerfile': readFileSync(join(ROOT, 'jobs/forecast/Dockerfile'), 'utf8')
    .replace(/^# .*/, '# The sample job.')
    .replace('bundle-job.ts forecast', 'bundle-job.ts echo')
    .replace(/^RUN apt-get update[^]*?\/dpkg\.log\n/m, ''),
};

const CONFIG = {
  'gcp:project': 'contract',
  'maps:mapsFolder': 'folder',
  'grid:bucket': 'climate',
  'bikes:bucket': 'city',
  'sluice:operators': 'user:ada@example.org',
};

const { folder: copy, node: inCopy, plan: planOf } = copyTree('new-pipeline', FILES);

let plan: readonly PlannedResource[];
before(async () => {
  plan = await planOf(CONFIG);
});
after(() => rmSync(copy, { recursive: true, force: true }));

const named = (type: string): readonly string[] =>
  plan.flatMap((each) => (each.type === `gcp:${type}` ? [each.name] : [])).toSorted();

describe('the program plans', () => {
  test('a job, a schedule, a lock and the tables of each pipeline that is configured, and of no other', () => {
    assert.deepEqual(named('cloudrunv2/job:Job'), ['bikes-echo', 'grid-echo', 'maps-echo']);
    assert.deepEqual(named('cloudscheduler/job:Job'), ['sweep', 'tick-bikes', 'tick-grid', 'tick-maps']);
    assert.ok(named('bigquery/table:Table').includes('bikes_data-bikes'));
    assert.doesNotMatch(JSON.stringify(plan), /carmila/);
  });

  test('functions that know these pipelines, and may read the buckets', () => {
    for (const { type, name, inputs } of plan) {
      if (type !== 'gcp:cloudfunctionsv2/function:Function') continue;
      const { environmentVariables } = inputs.serviceConfig as {
        environmentVariables: Record<string, string>;
      };
      assert.equal(environmentVariables.PIPELINES, 'bikes,grid,maps', name);
    }
    for (const bucket of ['city', 'climate'])
      assert.deepEqual(
        named('storage/bucketIAMMember:BucketIAMMember').filter((name) => name.endsWith(`-${bucket}`)),
        [`detectChanges-watches-${bucket}`, `startRun-reads-${bucket}`],
      );
  });
});

test('the tests of the copy that are not the own of the new pipelines pass, which were not touched', async () => {
  const tests = [
    'architecture/walls',
    'architecture/style',
    'contract/cloudbuild',
    'contract/deployer',
    'contract/environment',
    'contract/infra',
    'contract/job-region',
    'contract/rights',
    'contract/safekeeping',
    'contract/secrets',
    'unit/boundaries',
    'unit/deployed',
    'unit/env-example',
    'unit/functions',
    'unit/pipeline',
  ];
  await inCopy('--test', '--test-concurrency=2', ...tests.map((name) => `test/${name}.test.ts`));
});

test('the sources of the job and of the functions are bundled', async () => {
  assert.match((await inCopy('build/bundle-job.ts', 'echo', 'bundles/echo')).stdout, /echo: main\.mjs/);
});

test('npm start runs a pipeline over a folder, and says of each that is not configured what it lacks', async () => {
  const folder = join(copy, 'counts');
  mkdirSync(folder);
  writeFileSync(join(folder, 'bikes.csv'), 'place,bikes\nPort,3\nGare,5\n');
  const { stdout } = await inCopy(
    'cli/start.ts',
    ...['--pipeline', 'bikes', '--drive', folder, '--data', join(copy, 'data'), '--once'],
  );
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  assert.deepEqual([last.outcome, last.rows, last.table], ['published', 2, 'bikes_data.bikes']);
  for (const line of [
    'the pipeline carmila is left out: CARMILA_DRIVE_FOLDER_ID is not set',
    'the pipeline grid is left out: GRID_BUCKET is not set',
    'the pipeline maps is left out: MAPS_MAPS_FOLDER is not set',
  ])
    assert.equal(stdout.split(line).length, 2, line);
});
