// What the infra program would deploy: the list, who may do what, and that the local cloud takes it whole.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import { provision } from '../../local/provision/provision.ts';
import { openGround, PROJECT, REGION, type Ground } from './cloud.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

let ground: Ground;
let plan: readonly PlannedResource[];
before(async () => {
  ground = await openGround(() => ({ command: [process.execPath], cwd: ROOT }));
  plan = await planResources({
    config: { 'gcp:project': PROJECT, 'gcp:region': REGION, 'carmila:driveFolderId': 'folder' },
    functionUrl: ground.cloud.functionUrl,
  });
});
after(() => ground.close());

const ofType = (type: string) => plan.filter((resource) => resource.type === `gcp:${type}`);
const named = (type: string) =>
  ofType(type)
    .map(({ name }) => name)
    .sort();

const MEMBERS = /Ia[mM]Member$|IAMMember$/;
const members = () => plan.filter(({ type }) => MEMBERS.test(type));

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'storage/bucket:Bucket': ['models', 'results', 'runs', 'source'],
  'storage/bucketObject:BucketObject': ['source'],
  'pubsub/topic:Topic': [
    'load-requested',
    'load-requested-to-load-output-dead-letter',
    'run-requested',
    'run-requested-to-start-run-dead-letter',
  ],
  'pubsub/subscription:Subscription': [
    'load-requested-to-load-output',
    'load-requested-to-load-output-dead-letter',
    'run-requested-to-start-run',
    'run-requested-to-start-run-dead-letter',
  ],
  'cloudfunctionsv2/function:Function': ['detect-changes', 'load-output', 'start-run', 'sweep-runs'],
  'cloudrunv2/job:Job': ['carmila-forecast'],
  'cloudscheduler/job:Job': ['sweep', 'tick-carmila'],
  'bigquery/dataset:Dataset': ['carmila_data', 'carmila_data_staging'],
  'serviceaccount/account:Account': [
    'carmila-job',
    'courier',
    'detect-changes',
    'load-output',
    'scheduler',
    'start-run',
    'sweep-runs',
  ],
};

// Role by role and thing by thing: what is not in this table, nobody may do.
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  'sluice-detect-changes': [
    'pubsub.publisher on topic run-requested',
    'storage.objectUser on bucket contract-sluice-runs',
  ],
  'sluice-start-run': [
    'pubsub.publisher on topic run-requested',
    'run.jobsExecutorWithOverrides on job carmila-forecast',
    'run.viewer on job carmila-forecast',
    'storage.objectUser on bucket contract-sluice-runs',
  ],
  'sluice-load-output': [
    'bigquery.dataEditor on dataset carmila_data',
    'bigquery.dataEditor on dataset carmila_data_staging',
    'bigquery.jobUser on project contract',
    'pubsub.publisher on topic run-requested',
    'storage.objectUser on bucket contract-sluice-runs',
    'storage.objectViewer on bucket contract-sluice-results',
  ],
  'sluice-sweep-runs': [
    'run.developer on job carmila-forecast',
    'run.invoker on service load-output',
    'run.invoker on service start-run',
    'storage.objectUser on bucket contract-sluice-runs',
    'storage.objectViewer on bucket contract-sluice-results',
  ],
  'sluice-carmila-job': [
    'storage.objectCreator on bucket contract-sluice-results',
    'storage.objectUser on bucket contract-sluice-models',
    'storage.objectViewer on bucket contract-sluice-results',
    'storage.objectViewer on bucket contract-sluice-runs',
  ],
  'sluice-scheduler': ['run.invoker on service detect-changes', 'run.invoker on service sweep-runs'],
  'sluice-courier': [
    'eventarc.eventReceiver on project contract',
    'run.invoker on service load-output',
    'run.invoker on service start-run',
  ],
  'service-123456789012': [
    'pubsub.publisher on topic load-requested-to-load-output-dead-letter',
    'pubsub.publisher on topic run-requested-to-start-run-dead-letter',
    'pubsub.subscriber on subscription load-requested-to-load-output',
    'pubsub.subscriber on subscription run-requested-to-start-run',
  ],
};

function thingOf({ type, inputs }: PlannedResource): string {
  const text = (key: string) => String(inputs[key]);
  if (type.includes('bucketIAM')) return `bucket ${text('bucket')}`;
  if (type.includes('topicIAM')) return `topic ${text('topic')}`;
  if (type.includes('subscriptionIAM')) return `subscription ${text('subscription')}`;
  if (type.includes('datasetIam')) return `dataset ${text('datasetId')}`;
  if (type.includes('jobIam')) return `job ${text('name')}`;
  if (type.includes('serviceIam')) return `service ${text('name')}`;
  return `project ${text('project')}`;
}

describe('the plan', () => {
  test('is the list of what is deployed', () => {
    for (const [type, names] of Object.entries(EXPECTED)) assert.deepEqual(named(type), names, type);
  });

  test('holds nothing of a type that this test has not seen', () => {
    const known = new Set([...Object.keys(EXPECTED), 'bigquery/table:Table'].map((type) => `gcp:${type}`));
    const other = plan.filter(
      ({ type }) => !known.has(type) && !MEMBERS.test(type) && !type.startsWith('pulumi:'),
    );
    assert.deepEqual(other, []);
  });

  test('is the same when it is made again', async () => {
    const again = await planResources({
      config: { 'gcp:project': PROJECT, 'gcp:region': REGION, 'carmila:driveFolderId': 'folder' },
      functionUrl: ground.cloud.functionUrl,
    });
    const listed = (resources: readonly PlannedResource[]) =>
      resources.map(({ type, name }) => `${type} ${name}`).sort();
    assert.deepEqual(listed(again), listed(plan));
  });

  test('gives every identity what it needs, and no more', () => {
    const found: Record<string, string[]> = {};
    for (const member of members()) {
      const who =
        /^serviceAccount:([^@]+)@/.exec(String(member.inputs.member))?.[1] ?? String(member.inputs.member);
      const role = String(member.inputs.role).replace('roles/', '');
      (found[who] ??= []).push(`${role} on ${thingOf(member)}`);
    }
    for (const rights of Object.values(found)) rights.sort();
    assert.deepEqual(found, RIGHTS);
  });

  test('opens nothing to everybody, and no bucket to the public', () => {
    assert.doesNotMatch(JSON.stringify(plan), /allUsers|allAuthenticatedUsers/);
    for (const { inputs } of ofType('storage/bucket:Bucket')) {
      assert.equal(inputs.publicAccessPrevention, 'enforced');
      assert.equal(inputs.uniformBucketLevelAccess, true);
    }
  });

  test('pushes with an identity, backs off, and ends in a dead letter that somebody keeps', () => {
    const subscriptions = ofType('pubsub/subscription:Subscription');
    const pushed = subscriptions.filter(({ inputs }) => 'pushConfig' in inputs);
    assert.equal(pushed.length, 2);
    for (const { inputs } of pushed) {
      const push = inputs.pushConfig as { pushEndpoint: string; oidcToken: Record<string, string> };
      assert.match(push.oidcToken.serviceAccountEmail ?? '', /^sluice-courier@/);
      assert.ok(push.pushEndpoint.startsWith(push.oidcToken.audience ?? 'none'));
      assert.ok('retryPolicy' in inputs);
      const { deadLetterTopic } = inputs.deadLetterPolicy as { deadLetterTopic: string };
      const keepers = subscriptions.filter((other) => other.inputs.topic === deadLetterTopic);
      assert.equal(keepers.length, 1, deadLetterTopic);
    }
  });

  test('hands every function its own identity and a time limit', () => {
    for (const { name, inputs } of ofType('cloudfunctionsv2/function:Function')) {
      const service = inputs.serviceConfig as Record<string, unknown>;
      assert.equal(service.serviceAccountEmail, `sluice-${name}@${PROJECT}.iam.gserviceaccount.com`);
      assert.equal(service.timeoutSeconds, 540);
    }
  });

  test('needs the settings that have no fallback, and says which', async () => {
    const world = { config: { 'gcp:project': PROJECT }, functionUrl: ground.cloud.functionUrl };
    await assert.rejects(planResources(world), /driveFolderId/);
  });
});

describe('the local cloud', () => {
  const provisioning = () => ({ cloud: ground.cloud, sourceRoot: ROOT });

  test('takes the whole plan, and the same plan again changes nothing', async () => {
    await provision(plan, provisioning());
    const granted = ground.cloud.iam.allows(
      `sluice-start-run@${PROJECT}.iam.gserviceaccount.com`,
      'storage.objects.create',
      'projects/_/buckets/contract-sluice-runs',
    );
    assert.equal(granted, true);
    const before = ground.cloud.pubsub.subscriptions(`projects/${PROJECT}`, '', 100);
    await provision(plan, provisioning());
    assert.deepEqual(ground.cloud.pubsub.subscriptions(`projects/${PROJECT}`, '', 100), before);
    // The four of the plan, and the one that the trigger makes for itself.
    assert.equal(before.length, 5);
  });

  test('refuses by name a type that it does not know, before it creates anything', async () => {
    const bucket = {
      type: 'gcp:storage/bucket:Bucket',
      name: 'b',
      inputs: { name: 'never', location: 'EU' },
    };
    const strange = { type: 'gcp:redis/instance:Instance', name: 'cache', inputs: {} };
    await assert.rejects(
      provision([bucket, strange], provisioning()),
      /cache \(gcp:redis\/instance:Instance\)/,
    );
    assert.equal(ground.cloud.storage.find('never', 'x'), undefined);
  });

  test('refuses by name an input that it does not know', async () => {
    const inputs = { name: 'x', location: 'EU', requesterPays: true };
    await assert.rejects(
      provision([{ type: 'gcp:storage/bucket:Bucket', name: 'b', inputs }], provisioning()),
      /the input requesterPays of b \(gcp:storage\/bucket:Bucket\)/,
    );
  });

  test('forgets a grant that the plan no longer gives', async () => {
    const without = plan.filter(({ name }) => name !== 'startRun-runs');
    assert.equal(without.length, plan.length - 1);
    await provision(without, provisioning());
    const email = `sluice-start-run@${PROJECT}.iam.gserviceaccount.com`;
    const resource = 'projects/_/buckets/contract-sluice-runs';
    assert.equal(ground.cloud.iam.allows(email, 'storage.objects.create', resource), false);
  });
});
