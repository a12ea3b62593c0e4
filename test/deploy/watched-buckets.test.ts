// Buckets that pipelines watch, in the plan: who may do what in them, and what the stack may not say.
import { runtime } from '@pulumi/pulumi';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planResources } from '../../infra/plan.ts';
import { readSettings } from '../../infra/settings.ts';
import { deadLettersOf, OUTPUT_FINALIZED, SOURCE_FINALIZED } from '../../shared/deployment.ts';
import { loadFunctions } from '../../shared/functions/registry.ts';
import { files } from '../../shared/pipelines/outputs.ts';
import type { WatchPipeline } from '../../shared/pipelines/pipeline.ts';
import { fromEnv } from '../../shared/pipelines/setting.ts';
import { bucket, manyOf } from '../../shared/pipelines/source.ts';
import { pipeline as sales } from '../ports/sales.ts';

const watching = (name: string, prefix: string): WatchPipeline => ({
  ...sales,
  name,
  trigger: {
    ...sales.trigger,
    source: bucket({
      bucket: fromEnv('BUCKET'),
      prefix,
      files: { grid: manyOf(/\.nc$/) },
      settleSeconds: fromEnv('SETTLE_SECONDS', '300'),
    }),
  },
  outputs: [files({ name: 'maps', pattern: /\.tif$/, checks: [] })],
});
const pipelines = [watching('heat', 'daily/'), watching('rain', 'rain/'), watching('snow', 'snow/')];
const HINTS = `${SOURCE_FINALIZED}-to-detect-changes`;
const BASE = { 'gcp:project': 'contract' };
const CONFIG = { ...BASE, 'heat:bucket': 'climate', 'rain:bucket': 'climate' };
const planned = (config: Record<string, string>) =>
  planResources({ config, pipelines, functionUrl: (name) => `https://${name}.example` });

test('the functions of sources may watch and read the buckets, each granted once, and do no more there', async () => {
  const plan = await planned(CONFIG);
  const granted = plan
    .filter(({ type, inputs }) => type.endsWith('BucketIAMMember') && inputs.bucket === 'climate')
    .map(({ inputs }) => `${String(inputs.member)} ${String(inputs.role)}`);
  const member = (name: string) => `serviceAccount:sluice-${name}@contract.iam.gserviceaccount.com`;
  assert.deepEqual(granted.toSorted(), [
    `${member('detect-changes')} projects/contract/roles/sluiceBucketWatcher`,
    `${member('start-run')} roles/storage.objectViewer`,
  ]);
  const role = plan.find(({ name }) => name === 'sluiceBucketWatcher');
  assert.deepEqual(role?.inputs.permissions, ['storage.buckets.get', 'storage.objects.list']);
  // The project's number of the source is compared with that of the runs bucket.
  const ofRuns = plan.find(({ name }) => name === 'detectChanges-watches-runs');
  assert.equal(ofRuns?.inputs.bucket, 'contract-sluice-runs');
});

test('one notification for each bucket, however many pipelines watch it, tells one topic, which detect-changes receives', async () => {
  const plan = await planned({ ...CONFIG, 'snow:bucket': 'alps' });
  const notifications = plan.filter(
    ({ type, name }) => type.endsWith(':Notification') && name !== OUTPUT_FINALIZED,
  );
  const topic = `projects/contract/topics/${SOURCE_FINALIZED}`;
  const reported = { topic, payloadFormat: 'JSON_API_V1', eventTypes: ['OBJECT_FINALIZE'] };
  assert.deepEqual(
    notifications.map(({ inputs }) => inputs),
    [
      { bucket: 'climate', ...reported },
      // All that is watched there begins so.
      { bucket: 'alps', objectNamePrefix: 'snow/', ...reported },
    ],
  );
  const of = (name: string) => plan.find((resource) => resource.name === name)?.inputs;
  assert.equal(of(`storage-${SOURCE_FINALIZED}`)?.topic, SOURCE_FINALIZED);
  const hints = of(HINTS);
  assert.ok(hints);
  const { pushEndpoint } = hints.pushConfig as { pushEndpoint: string };
  assert.equal(pushEndpoint, `https://detect-changes.example/${topic}`);
  assert.match(String(of('detect-changes-pubsub-invoker-invoker')?.member), /:sluice-pubsub-invoker@/);
  for (const name of [
    deadLettersOf(HINTS),
    `${deadLettersOf(HINTS)}-handleCommands`,
    `handleCommands-${SOURCE_FINALIZED}`,
  ])
    assert.ok(of(name), name);
});

test('a stack in which no pipeline watches a bucket has nothing of this', async () => {
  const plan = await planResources({
    config: { ...BASE, 'sales:a': 'folder', 'sales:b': '1' },
    pipelines: [sales],
    functionUrl: (name) => `https://${name}.example`,
  });
  assert.ok(plan.some(({ name }) => name === OUTPUT_FINALIZED));
  assert.doesNotMatch(
    JSON.stringify(plan),
    new RegExp(`${SOURCE_FINALIZED}|detect-changes-pubsub-invoker|bucketWatcher`, 'i'),
  );
});

test('a pipeline of which the stack says nothing is left out of everything, and named with its key', async () => {
  const plan = await planned(CONFIG);
  assert.deepEqual(
    plan.filter(({ name, inputs }) => /snow/.test(name + JSON.stringify(inputs))),
    [],
  );
  runtime.setAllConfig(CONFIG);
  const { leftOut } = readSettings(pipelines, loadFunctions());
  assert.deepEqual(leftOut, ['the pipeline snow is left out: snow:bucket is not set']);
});

test('a stack that says too little of a pipeline, or nothing of any, is refused with the keys', async () => {
  await assert.rejects(
    planned({ ...CONFIG, 'snow:settleSeconds': '5' }),
    /the stack's configuration is wrong:\n +snow:bucket: found nothing; expected the name of a bucket$/,
  );
  await assert.rejects(planned(BASE), (error: Error) => {
    for (const { name } of pipelines)
      assert.match(error.message, new RegExp(`${name}:bucket: found nothing`));
    return true;
  });
});

test('a bucket in which runs would start runs is refused', async () => {
  await assert.rejects(
    planned({ ...BASE, 'heat:bucket': 'contract-sluice-exports' }),
    /heat watches gs:\/\/contract-sluice-exports\/daily\/, a bucket that the mesh writes to/,
  );
});
