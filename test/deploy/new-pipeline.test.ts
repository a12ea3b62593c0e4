// A new pipeline is a new file, and a new job or source of services a new folder: in a copy of the tree with a pipeline of each kind added and nothing else touched, all follows from them.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { PlannedResource } from '../../infra/plan.ts';
import { bundled, extended } from './extended-copy.ts';
import { SAMPLES } from './sample-pipelines.ts';
import type { Served } from './serving-process.ts';
import { copyTree } from './tree-copy.ts';

const CONFIG = {
  'gcp:project': 'contract',
  'maps:mapsFolder': 'folder',
  'grid:bucket': 'climate',
  'stops:bucket': 'city',
  'sluice:operators': 'user:ada@example.org',
};

const { folder: copy, node: inCopy, plan: planOf } = extended;

let plan: readonly PlannedResource[];
before(async () => {
  plan = await planOf({ ...CONFIG, 'grid:callers': 'user:bo@example.org, group:riders@example.org' });
});

const inputsOf = (type: string, name: string): Readonly<Record<string, unknown>> => {
  const found = plan.find((each) => each.type === `gcp:${type}` && each.name === name);
  assert.ok(found, `the program plans no ${type} ${name}`);
  return found.inputs;
};
const named = (type: string): readonly string[] =>
  plan.flatMap((each) => (each.type === `gcp:${type}` ? [each.name] : [])).toSorted();

describe('the program plans', () => {
  test('a job, a schedule, a lock and the tables of each pipeline that is configured, and of no other', () => {
    assert.deepEqual(named('cloudrunv2/job:Job'), ['grid-echo', 'maps-echo', 'stops-echo']);
    assert.deepEqual(named('cloudscheduler/job:Job'), ['sweep', 'tick-grid', 'tick-maps', 'tick-stops']);
    assert.ok(named('bigquery/table:Table').includes('stops_data-stops'));
    assert.doesNotMatch(JSON.stringify(plan), /carmila/);
  });

  test('functions that know these pipelines, and may read the buckets', () => {
    for (const { type, name, inputs } of plan) {
      if (type !== 'gcp:cloudfunctionsv2/function:Function') continue;
      const { environmentVariables } = inputs.serviceConfig as {
        environmentVariables: Record<string, string>;
      };
      assert.equal(environmentVariables.PIPELINES, 'grid,maps,stops', name);
    }
    for (const bucket of ['city', 'climate'])
      assert.deepEqual(
        named('storage/bucketIAMMember:BucketIAMMember').filter((name) => name.endsWith(`-${bucket}`)),
        [`detectChanges-watches-${bucket}`, `startRun-reads-${bucket}`],
      );
  });
});

describe('of one source that two services of a pipeline share, the program plans', () => {
  const SERVICES = ['grid-north', 'grid-south'];
  const EXPORTS = 'contract-sluice-exports';

  test('a function for each, under a name, an account and variables of its own', () => {
    for (const name of SERVICES) {
      const { buildConfig, serviceConfig } = inputsOf('cloudfunctionsv2/function:Function', name);
      const { entryPoint } = buildConfig as { entryPoint: string };
      assert.equal(entryPoint, 'report-version');
      const { serviceAccountEmail, ingressSettings, environmentVariables } = serviceConfig as Readonly<
        Record<string, unknown>
      >;
      assert.equal(serviceAccountEmail, `sluice-${name}@contract.iam.gserviceaccount.com`);
      assert.equal(ingressSettings, 'ALLOW_ALL');
      assert.deepEqual(environmentVariables, {
        GOOGLE_CLOUD_PROJECT: 'contract',
        PIPELINES: 'grid,maps,stops',
        PIPELINE: 'grid',
        SERVICE: name.replace('grid-', ''),
        MODEL: 'best',
        EXPORTS_BUCKET: EXPORTS,
      });
    }
    assert.deepEqual(
      named('storage/bucketObject:BucketObject').filter((name) => /version|north|south/.test(name)),
      ['source-report-version'],
    );
  });

  test('the right to read the exports of that pipeline, and no other right but for traces', () => {
    const expression =
      `resource.name.startsWith("projects/_/buckets/${EXPORTS}/objects/grid/") || ` +
      'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("grid/")';
    for (const name of SERVICES) {
      const member = `serviceAccount:sluice-${name}@contract.iam.gserviceaccount.com`;
      const granted = plan.filter(({ inputs }) => inputs.member === member).map(({ inputs }) => inputs);
      assert.deepEqual(granted, [
        { project: 'contract', role: 'roles/telemetry.tracesWriter', member },
        {
          bucket: EXPORTS,
          role: 'roles/storage.objectViewer',
          member,
          condition: { title: 'exports of grid', expression },
        },
      ]);
    }
  });

  test('the right to call them for the callers in the stack, and for no one by default', async () => {
    const members = (resources: readonly PlannedResource[]) =>
      resources.flatMap(({ type, inputs }) =>
        type === 'gcp:cloudrunv2/serviceIamMember:ServiceIamMember' && SERVICES.includes(String(inputs.name))
          ? [`${String(inputs.name)} ${String(inputs.member)}`]
          : [],
      );
    assert.deepEqual(
      members(plan).toSorted(),
      SERVICES.flatMap((name) => [`${name} group:riders@example.org`, `${name} user:bo@example.org`]),
    );
    assert.deepEqual(members(await planOf(CONFIG)), []);
    await assert.rejects(planOf({ ...CONFIG, 'grid:callers': 'allUsers' }), /grid:callers: found "allUsers"/);
  });
});

test('the pages that list all rights and settings need no word of new pipelines, unlike of new functions', async () => {
  const pipelinesAlone = copyTree('new-pipeline', SAMPLES);
  try {
    await pipelinesAlone.test('deploy/rights', 'deploy/stacks');
  } finally {
    rmSync(pipelinesAlone.folder, { recursive: true, force: true });
  }
});

test('the sources of the job and of the functions are bundled, that of services once', async () => {
  assert.match((await inCopy('build/bundle-job.ts', 'echo', 'bundles/echo')).stdout, /echo: main\.mjs/);
  const { stdout } = await bundled();
  assert.match(stdout, /^report-version: /m);
  assert.doesNotMatch(stdout, /north|south/);
});

test('the services answer with the current version to the callers in the stack, and without any one right name that right', async () => {
  const folder = join(copy, 'grids');
  mkdirSync(folder);
  writeFileSync(join(folder, 'first.nc'), 'first');
  const { stdout } = await inCopy('test/deploy/serving-process.ts', 'grid', folder, join(copy, 'served'));
  const { answers, runs, without, elsewhere, own } = JSON.parse(
    stdout.trim().split('\n').at(-1) ?? '',
  ) as Served;
  const none = '503 {"error":"no model is published yet","code":"TRANSIENT_FAILURE"}';
  const at = (run: string | null | undefined) => ({
    'grid-north': `200 {"service":"north","run":"${run}"}`,
    'grid-south': `200 {"service":"south","run":"${run}"}`,
  });
  assert.notEqual(runs[0], runs[1]);
  assert.deepEqual(answers, [{ 'grid-north': none, 'grid-south': none }, at(runs[0]), at(runs[1])]);
  for (const [service, resource] of [
    ['grid-north', 'gridNorth'],
    ['grid-south', 'gridSouth'],
  ] as const)
    assert.deepEqual(Object.keys(without[service] ?? {}).toSorted(), [
      `${service}-user:caller@example.org-invoker`,
      `${resource}-follows-grid`,
      `${resource}-traces`,
    ]);
  assert.ok(own > 0);
  for (const answer of Object.values(elsewhere)) assert.match(answer, /does not have storage\.objects\.list/);

  const started = await inCopy(
    'cli/start.ts',
    ...['--pipeline', 'grid', '--bucket', folder, '--data', join(copy, 'served'), '--once'],
  );
  for (const service of ['grid-north', 'grid-south'])
    assert.match(started.stdout, new RegExp(`service +http://\\S+/functions/${service}$`, 'm'));
});

test('npm start runs a pipeline over a folder, and says of each that is not configured what it lacks', async () => {
  const folder = join(copy, 'counts');
  mkdirSync(folder);
  writeFileSync(join(folder, 'stops.csv'), 'place,riders\nPort,3\nGare,5\n');
  const { stdout } = await inCopy(
    'cli/start.ts',
    ...['--pipeline', 'stops', '--bucket', folder, '--data', join(copy, 'data'), '--once'],
  );
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  assert.deepEqual([last.outcome, last.rows, last.table], ['published', 2, 'stops_data.stops']);
  for (const line of [
    'the pipeline carmila is left out: CARMILA_DRIVE_FOLDER_ID is not set',
    'the pipeline bikes is left out: BIKES_BUCKET is not set',
    'the pipeline grid is left out: GRID_BUCKET is not set',
    'the pipeline maps is left out: MAPS_MAPS_FOLDER is not set',
  ])
    assert.equal(stdout.split(line).length, 2, line);
});
