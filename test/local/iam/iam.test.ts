// What a grant allows, and what it does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPERATOR } from '../../../local/http/api.ts';
import { ApiError } from '../../../local/http/errors.ts';
import { Iam } from '../../../local/iam/iam.ts';
import { memoryState } from '../../../local/state/state.ts';

const ALICE = 'alice@p.iam.gserviceaccount.com';
const MEMBER = `serviceAccount:${ALICE}`;

function iamWithAlice(): Iam {
  const iam = new Iam({ state: memoryState(), projectId: 'p' });
  iam.ensureServiceAccount(ALICE);
  return iam;
}

// What people paste into searches when a role is missing, word for word.
const DENIALS: readonly (readonly [permission: string, resource: string, sentence: string])[] = [
  [
    'storage.objects.get',
    'projects/_/buckets/b/objects/o',
    `${ALICE} does not have storage.objects.get access to the Google Cloud Storage object. Permission 'storage.objects.get' denied on resource (or it may not exist).`,
  ],
  [
    'storage.objects.list',
    'projects/_/buckets/b',
    `${ALICE} does not have storage.objects.list access to the Google Cloud Storage bucket. Permission 'storage.objects.list' denied on resource (or it may not exist).`,
  ],
  ['pubsub.topics.publish', 'projects/p/topics/t', 'User not authorized to perform this action.'],
  [
    'run.jobs.run',
    'projects/p/locations/l/jobs/j',
    "Permission 'run.jobs.run' denied on resource 'projects/p/locations/l/jobs/j' (or resource may not exist).",
  ],
  [
    'bigquery.jobs.create',
    'projects/p',
    'Access Denied: Project p: User does not have bigquery.jobs.create permission in project p.',
  ],
  [
    'bigquery.tables.create',
    'projects/p/datasets/d',
    'Access Denied: Dataset p:d: Permission bigquery.tables.create denied on dataset p:d (or it may not exist).',
  ],
  [
    'bigquery.tables.updateData',
    'projects/p/datasets/d/tables/t',
    'Access Denied: Table p:d.t: Permission bigquery.tables.updateData denied on table p:d.t (or it may not exist).',
  ],
  [
    'cloudscheduler.jobs.run',
    'projects/p/locations/l/jobs/j',
    'The principal (user or service account) lacks IAM permission "cloudscheduler.jobs.run" for the resource "projects/p/locations/l/jobs/j" (or the resource may not exist).',
  ],
];

for (const [permission, resource, sentence] of DENIALS) {
  test(`an identity without ${permission} is refused with 403, as that product words it`, () => {
    const { authorize } = iamWithAlice();
    assert.throws(
      () => authorize(ALICE, permission, resource),
      (error: unknown) => {
        assert.ok(error instanceof ApiError);
        assert.deepEqual([error.code, error.message], [403, sentence]);
        return true;
      },
    );
  });
}

test('the operator may do everything', () => {
  iamWithAlice().authorize(OPERATOR, 'storage.buckets.delete', 'projects/_/buckets/b');
});

test('a grant holds for its resource and what lies under it, not for a neighbour whose name begins alike', () => {
  const iam = iamWithAlice();
  iam.grant({ role: 'roles/storage.objectViewer', member: MEMBER, resource: 'projects/_/buckets/runs' });
  assert.equal(iam.allows(ALICE, 'storage.objects.get', 'projects/_/buckets/runs'), true);
  assert.equal(iam.allows(ALICE, 'storage.objects.get', 'projects/_/buckets/runs/objects/a'), true);
  assert.equal(iam.allows(ALICE, 'storage.objects.get', 'projects/_/buckets/runs-2'), false);
  assert.equal(iam.allows(ALICE, 'storage.objects.create', 'projects/_/buckets/runs'), false);
});

test('a grant on the project holds for its tables and its buckets, not for a Drive folder or another project', () => {
  const iam = iamWithAlice();
  iam.grant({ role: 'roles/storage.objectAdmin', member: MEMBER, resource: 'projects/p' });
  iam.grant({ role: 'roles/bigquery.dataEditor', member: MEMBER, resource: 'projects/p' });
  iam.grant({ role: 'drive.reader', member: MEMBER, resource: 'projects/p' });
  assert.equal(iam.allows(ALICE, 'storage.objects.delete', 'projects/_/buckets/b'), true);
  assert.equal(iam.allows(ALICE, 'bigquery.tables.updateData', 'projects/p/datasets/d/tables/t'), true);
  assert.equal(iam.allows(ALICE, 'bigquery.tables.updateData', 'projects/p2/datasets/d'), false);
  assert.equal(iam.allows(ALICE, 'drive.files.get', 'drive/folders/f'), false);
});

test('the roles keep the differences that surprise people', () => {
  const iam = iamWithAlice();
  const may = (role: string, permission: string): boolean => {
    iam.resetBindings();
    iam.grant({ role, member: MEMBER, resource: 'projects/p' });
    return iam.allows(ALICE, permission, 'projects/p');
  };
  assert.equal(may('roles/storage.objectCreator', 'storage.objects.delete'), false);
  assert.equal(may('roles/storage.objectAdmin', 'storage.buckets.get'), false);
  assert.equal(may('roles/run.developer', 'run.routes.invoke'), false);
  assert.equal(may('roles/run.invoker', 'run.jobs.runWithOverrides'), false);
  assert.equal(may('roles/run.jobsExecutorWithOverrides', 'run.jobs.runWithOverrides'), true);
  assert.equal(may('roles/run.jobsExecutorWithOverrides', 'run.executions.get'), false);
  assert.equal(may('roles/bigquery.jobUser', 'bigquery.tables.getData'), false);
  assert.equal(may('roles/bigquery.dataEditor', 'bigquery.jobs.create'), false);
  assert.equal(may('roles/pubsub.publisher', 'pubsub.topics.get'), false);
});

test('a grant is forgotten when the bindings are reset, and kept when the cloud starts again', () => {
  const state = memoryState();
  const resource = 'projects/p/topics/t';
  const first = new Iam({ state, projectId: 'p' });
  first.ensureServiceAccount(ALICE);
  first.grant({ role: 'roles/pubsub.publisher', member: MEMBER, resource });
  const second = new Iam({ state, projectId: 'p' });
  assert.equal(second.allows(ALICE, 'pubsub.topics.publish', resource), true);
  second.resetBindings();
  assert.equal(second.allows(ALICE, 'pubsub.topics.publish', resource), false);
});

test('a grant made after a refusal is seen by the next call', () => {
  const iam = iamWithAlice();
  const resource = 'projects/p/topics/t';
  assert.equal(iam.allows(ALICE, 'pubsub.topics.publish', resource), false);
  iam.grant({ role: 'roles/pubsub.publisher', member: MEMBER, resource });
  assert.equal(iam.allows(ALICE, 'pubsub.topics.publish', resource), true);
});

test('an unknown role, an unknown account and a member without an identity are refused by name', () => {
  const iam = iamWithAlice();
  const grant = (role: string, member: string) => () => iam.grant({ role, member, resource: 'projects/p' });
  assert.throws(grant('roles/owner', MEMBER), { code: 400, message: /roles\/owner/ });
  assert.throws(grant('roles/run.invoker', 'serviceAccount:bob@p.iam.gserviceaccount.com'), {
    code: 400,
    message: /bob@p/,
  });
  assert.throws(grant('roles/run.invoker', 'allUsers'), { code: 501, message: /allUsers/ });
});

test('everyone may be let in to a function, and to nothing else', () => {
  const iam = iamWithAlice();
  const open = { role: 'roles/run.invoker', member: 'allUsers', resource: 'projects/p/functions/open' };
  iam.grant(open);
  assert.equal(iam.allowsEveryone('run.routes.invoke', open.resource), true);
  assert.equal(iam.allowsEveryone('run.routes.invoke', 'projects/p/functions/other'), false);
  const role = 'roles/storage.objectViewer';
  assert.throws(() => iam.grant({ ...open, role, resource: 'projects/_/buckets/b' }), { code: 501 });
});

test('a custom role holds what the program says, anew when it says otherwise, and survives a restart', () => {
  const state = memoryState();
  const iam = new Iam({ state, projectId: 'p' });
  iam.ensureServiceAccount(ALICE);
  const role = 'projects/p/roles/starter';
  const resource = 'projects/p/locations/l/jobs/j';
  iam.ensureRole(role, ['run.jobs.run', 'run.executions.list']);
  iam.grant({ role, member: MEMBER, resource });
  assert.equal(iam.allows(ALICE, 'run.jobs.run', resource), true);
  assert.equal(iam.allows(ALICE, 'run.jobs.delete', resource), false);
  iam.ensureRole(role, ['run.executions.list']);
  assert.equal(iam.allows(ALICE, 'run.jobs.run', resource), false);
  const again = new Iam({ state, projectId: 'p' });
  assert.equal(again.allows(ALICE, 'run.executions.list', resource), true);
});

test('a custom role with a permission that nothing asks about is refused by name', () => {
  const iam = iamWithAlice();
  assert.throws(() => iam.ensureRole('projects/p/roles/r', ['run.jobs.run', 'run.jobs.start']), {
    code: 400,
    message: /^Permission run\.jobs\.start of projects\/p\/roles\/r/,
  });
});

test('a condition narrows a grant to the resources that it names', () => {
  const iam = iamWithAlice();
  const resource = 'projects/_/buckets/b';
  const condition =
    'resource.name.endsWith("/state.json") || resource.name.startsWith("projects/_/buckets/b/objects/x/")';
  iam.grant({ role: 'roles/storage.objectUser', member: MEMBER, resource, condition });
  const may = (name: string) => iam.allows(ALICE, 'storage.objects.delete', `${resource}/objects/${name}`);
  assert.deepEqual(['p/state.json', 'x/y', 'p/state.json.old', 'p/x/y'].map(may), [true, true, false, false]);
  const grant = { role: 'roles/storage.objectUser', member: MEMBER, resource };
  assert.throws(() => iam.grant({ ...grant, condition: 'request.time < timestamp("2027-01-01")' }), {
    code: 501,
    message: /request\.time/,
  });
});

test('a condition on the prefix of a listing narrows what may be listed, and no other right', () => {
  const iam = iamWithAlice();
  const resource = 'projects/_/buckets/b';
  const condition = 'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("x/")';
  iam.grant({ role: 'roles/storage.objectViewer', member: MEMBER, resource, condition });
  const mayList = (prefix?: string) => iam.allows(ALICE, 'storage.objects.list', resource, prefix);
  assert.deepEqual(['x/', 'x/y', 'x', '', undefined].map(mayList), [true, true, false, false, false]);
  assert.equal(iam.allows(ALICE, 'storage.objects.get', `${resource}/objects/x/y`), false);
});

test('a revoked grant ends at once, and no other does', () => {
  const iam = iamWithAlice();
  const resource = 'projects/p/topics/t';
  const publisher = { role: 'roles/pubsub.publisher', member: MEMBER, resource };
  iam.grant(publisher);
  iam.grant({ ...publisher, role: 'roles/pubsub.viewer' });
  assert.equal(iam.revoke(publisher), true);
  assert.equal(iam.revoke(publisher), false);
  assert.equal(iam.allows(ALICE, 'pubsub.topics.publish', resource), false);
  assert.equal(iam.allows(ALICE, 'pubsub.topics.get', resource), true);
});

test('a person is granted as a user, and no service account is one', () => {
  const iam = iamWithAlice();
  const resource = 'projects/p/functions/f';
  iam.grant({ role: 'roles/run.invoker', member: 'user:ada@example.org', resource });
  assert.equal(iam.allows('ada@example.org', 'run.routes.invoke', resource), true);
  iam.grant({ role: 'roles/run.invoker', member: `user:${ALICE}`, resource });
  assert.equal(iam.allows(ALICE, 'run.routes.invoke', resource), false);
});
