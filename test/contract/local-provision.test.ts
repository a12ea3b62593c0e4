// The local cloud takes the whole of what the infra program would deploy, and nothing that it does not know.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import { provision } from '../../local/provision/provision.ts';
import { openGround, PROJECT, REGION, type Ground } from './cloud.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let ground: Ground;
let plan: readonly PlannedResource[];
before(async () => {
  ground = await openGround(() => ({ command: [process.execPath], cwd: ROOT, variables: [] }));
  const config = {
    'gcp:project': PROJECT,
    'gcp:region': REGION,
    'carmila:driveFolderId': 'folder',
    'image:forecast': `sha256:${'0'.repeat(64)}`,
    'sluice:operators': 'user:ada@example.org',
  };
  plan = await planResources({ config, functionUrl: ground.cloud.functionUrl });
});
after(() => ground.close());

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
  assert.equal(ground.cloud.storage.find('never', 'x'), undefined);
});

test('refuses by name an input that it does not know', async () => {
  const inputs = { name: 'x', location: 'EU', requesterPays: true };
  await assert.rejects(
    provision([{ type: 'gcp:storage/bucket:Bucket', name: 'b', inputs }], provisioning()),
    /the input requesterPays of b \(gcp:storage\/bucket:Bucket\)/,
  );
});

test('a service that the cloud does not have answers 501 by name', async () => {
  for (const path of [`/v1/projects/${PROJECT}/locations/${REGION}/triggers`, '/v1/projects/p/secrets']) {
    const answer = await fetch(`${ground.cloud.endpoint}${path}`);
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
  assert.equal(ground.cloud.iam.allows(email, 'storage.objects.create', resource), false);
});
