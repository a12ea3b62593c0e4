// The local cloud takes the whole of what the infra program would deploy, and nothing that it does not know.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import { provision } from '../../local/provision/provision.ts';
import type { ObjectResource } from '../../local/storage/storage.ts';
import { startMesh, PROJECT, REGION, type WatchedMesh } from '../ports/cloud.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let mesh: WatchedMesh;
let plan: readonly PlannedResource[];
before(async () => {
  mesh = await startMesh(() => ({ command: [process.execPath], cwd: ROOT, variables: [] }));
  const config = {
    'gcp:project': PROJECT,
    'gcp:region': REGION,
    'carmila:driveFolderId': 'folder',
    'image:forecast': `sha256:${'0'.repeat(64)}`,
    'sluice:operators': 'user:ada@example.org',
  };
  plan = await planResources({ config, functionUrl: mesh.cloud.functionUrl });
});
after(() => mesh.close());

const provisioning = () => ({ cloud: mesh.cloud, sourceRoot: ROOT });

test('takes the whole plan, and the same plan again changes nothing', async () => {
  await provision(plan, provisioning());
  const granted = mesh.cloud.iam.allows(
    `sluice-start-run@${PROJECT}.iam.gserviceaccount.com`,
    'storage.objects.create',
    'projects/_/buckets/contract-sluice-runs',
  );
  assert.equal(granted, true);
  const before = mesh.cloud.pubsub.subscriptions(`projects/${PROJECT}`, '', 100);
  await provision(plan, provisioning());
  assert.deepEqual(mesh.cloud.pubsub.subscriptions(`projects/${PROJECT}`, '', 100), before);
  assert.equal(before.length, 8);
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
  assert.equal(mesh.cloud.storage.find('never', 'x'), undefined);
});

test('refuses by name an input that it does not know', async () => {
  const inputs = { name: 'x', location: 'EU', requesterPays: true };
  await assert.rejects(
    provision([{ type: 'gcp:storage/bucket:Bucket', name: 'b', inputs }], provisioning()),
    /the input requesterPays of b \(gcp:storage\/bucket:Bucket\)/,
  );
});

const planned = (type: string, name: string): PlannedResource => {
  const found = plan.find((resource) => resource.type === type && resource.name === name);
  assert.ok(found, `${name} (${type}) is in the plan`);
  return found;
};

/** The resource with one input changed, which `path` leads to: `pushConfig.noWrapper`, `containers.0.ports`. */
function changed(resource: PlannedResource, path: string, value: unknown): PlannedResource {
  const inputs = structuredClone(resource.inputs) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const at = keys.reduce<Record<string, unknown>>(
    (within, key) => (within[key] ??= {}) as Record<string, unknown>,
    inputs,
  );
  at[last] = value;
  return { ...resource, inputs };
}

const FUNCTION = ['gcp:cloudfunctionsv2/function:Function', 'start-run'] as const;
const SUBSCRIPTION = ['gcp:pubsub/subscription:Subscription', 'run-requested-to-start-run'] as const;
const JOB = ['gcp:cloudrunv2/job:Job', 'carmila-forecast'] as const;
const SCHEDULE = ['gcp:cloudscheduler/job:Job', 'sweep'] as const;

const UNKNOWN: readonly (readonly [readonly [string, string], path: string, message: string])[] = [
  [FUNCTION, 'eventTrigger.eventType', 'eventTrigger'],
  [FUNCTION, 'serviceConfig.vpcConnector', 'serviceConfig.vpcConnector'],
  [FUNCTION, 'buildConfig.environmentVariables.A', 'buildConfig.environmentVariables'],
  [FUNCTION, 'buildConfig.source.repoSource.repoName', 'buildConfig.source.repoSource'],
  [SUBSCRIPTION, 'pushConfig.noWrapper.writeMetadata', 'pushConfig.noWrapper'],
  [SUBSCRIPTION, 'pushConfig.oidcToken.scope', 'pushConfig.oidcToken.scope'],
  [SUBSCRIPTION, 'retryPolicy.jitter', 'retryPolicy.jitter'],
  [SUBSCRIPTION, 'constructor', 'constructor'],
  [JOB, 'template.template.containers.0.ports', 'template.template.containers[0].ports'],
  [
    JOB,
    'template.template.containers.0.envs.0.valueSource.secretKeyRef',
    'template.template.containers[0].envs[0].valueSource',
  ],
  [
    JOB,
    'template.template.containers.0.resources.limits.gpu',
    'template.template.containers[0].resources.limits.gpu',
  ],
  [SCHEDULE, 'httpTarget.oauthToken.scope', 'httpTarget.oauthToken'],
  [SCHEDULE, 'retryConfig.jitter', 'retryConfig.jitter'],
];
for (const [[type, name], path, message] of UNKNOWN) {
  test(`refuses by its path the input ${path} of ${name}`, async () => {
    const resource = changed(planned(type, name), path, 'x');
    await assert.rejects(provision([resource], provisioning()), {
      message: `the local cloud does not know the input ${message} of ${name} (${type})`,
    });
  });
}

const REFUSED: readonly (readonly [readonly [string, string], path: string, value: unknown, why: RegExp])[] =
  [
    [
      FUNCTION,
      'serviceConfig.ingressSettings',
      'ALLOW_INTERNAL_AND_GCLB',
      /ingressSettings of start-run .*expected "ALLOW_ALL" or/,
    ],
    [FUNCTION, 'buildConfig.runtime', 'nodejs18', /found "nodejs18", expected "nodejs2\d"/],
    [
      FUNCTION,
      'serviceConfig.environmentVariables.COUNT',
      3,
      /environmentVariables.COUNT of .*found 3, expected a text/,
    ],
    [FUNCTION, 'serviceConfig', 'large', /serviceConfig of .*expected an object/],
    [
      FUNCTION,
      'serviceConfig.maxInstanceRequestConcurrency',
      8,
      /Total cpu < 1 is not supported with concurrency > 1/,
    ],
    [
      FUNCTION,
      'serviceConfig.minInstanceCount',
      6,
      /invalid minimum of 6 instances; expected 0 to the maximum, 5/,
    ],
    [FUNCTION, 'serviceConfig.availableMemory', '64Mi', /invalid memory "64Mi"; expected 128Mi to 32Gi/],
    [FUNCTION, 'serviceConfig.availableMemory', '512', /invalid memory "512"/],
    [FUNCTION, 'serviceConfig.availableCpu', '3', /invalid cpu "3"/],
    [FUNCTION, 'serviceConfig.timeoutSeconds', 3601, /invalid timeout of 3601 s; expected 1 to 3600/],
    [
      JOB,
      'template.template.containers',
      [],
      /takes one of the containers of the job carmila-forecast, found 0/,
    ],
    [SCHEDULE, 'retryConfig.retryCount', 6, /retry_count/],
  ];
for (const [[type, name], path, value, why] of REFUSED) {
  test(`refuses ${JSON.stringify(value)} as ${path} of ${name}`, async () => {
    // Alone, a function would lack the rights that its build needs.
    const resources = plan.map((each) =>
      each.type === type && each.name === name ? changed(each, path, value) : each,
    );
    await assert.rejects(provision(resources, provisioning()), why);
  });
}

test('takes a function of one vCPU for as many requests at once as it declares', async () => {
  const sizes = { availableCpu: '1', maxInstanceRequestConcurrency: 80, minInstanceCount: 1 };
  const resources = plan.map((each) =>
    each === planned(...FUNCTION)
      ? changed(each, 'serviceConfig', { ...(each.inputs['serviceConfig'] as object), ...sizes })
      : each,
  );
  await provision(resources, provisioning());
});

test('takes a rule for every version under a prefix, and a notification for a prefix', async () => {
  const bucket = {
    type: 'gcp:storage/bucket:Bucket',
    name: 'exports',
    inputs: {
      name: 'contract-exports',
      location: 'EU',
      lifecycleRules: [
        {
          action: { type: 'Delete' },
          condition: { daysSinceCustomTime: 30, withState: 'ANY', matchesPrefixes: ['maps/'] },
        },
      ],
    },
  };
  const notification = {
    ...planned('gcp:storage/notification:Notification', 'output-finalized'),
    inputs: {
      bucket: 'contract-exports',
      topic: `projects/${PROJECT}/topics/output-finalized`,
      payloadFormat: 'NONE',
      eventTypes: ['OBJECT_FINALIZE'],
      objectNamePrefix: 'maps/',
    },
  };
  await provision([bucket, notification], provisioning());
  const { storage } = mesh.cloud;
  assert.deepEqual(storage.buckets.policies.of('contract-exports').lifecycle, [
    { action: { type: 'Delete' }, condition: { daysSinceCustomTime: 30, matchesPrefix: ['maps/'] } },
  ]);
  const object = { bucket: 'contract-exports', generation: '1', timeCreated: '2026-01-01T00:00:00Z' };
  const messages = (name: string) =>
    storage.notifications.messagesFor({ ...object, name } as ObjectResource, undefined).length;
  assert.deepEqual([messages('maps/1.tif'), messages('other/1.tif')], [1, 0]);
});

test('takes a schedule without retries, as Cloud Scheduler settles it', async () => {
  const { inputs } = planned(...SCHEDULE);
  const schedule = changed(planned(...SCHEDULE), 'retryConfig', undefined);
  await provision([schedule], provisioning());
  const name = `projects/${PROJECT}/locations/${REGION}/jobs/${String(inputs['name'])}`;
  assert.deepEqual(mesh.cloud.scheduler.job(name).job.retryConfig, {
    retryCount: 0,
    maxRetryDuration: '0s',
    minBackoffDuration: '5s',
    maxBackoffDuration: '3600s',
    maxDoublings: 5,
  });
});

test('a service that the cloud does not have answers 501 by name', async () => {
  for (const path of [`/v1/projects/${PROJECT}/locations/${REGION}/triggers`, '/v1/projects/p/secrets']) {
    const answer = await fetch(`${mesh.cloud.endpoint}${path}`);
    const { error } = (await answer.json()) as { error: { message: string } };
    assert.deepEqual([answer.status, error.message.includes(`GET ${path}`)], [501, true], error.message);
  }
});

test('forgets a grant that the plan no longer gives', async () => {
  const without = plan.filter(({ name }) => name !== 'startRun-adds-runs');
  assert.equal(without.length, plan.length - 1);
  await provision(without, provisioning());
  const email = `sluice-start-run@${PROJECT}.iam.gserviceaccount.com`;
  const resource = 'projects/_/buckets/contract-sluice-runs';
  assert.equal(mesh.cloud.iam.allows(email, 'storage.objects.create', resource), false);
});
