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

test('an identity without a grant is refused, by its name, the permission and the resource', () => {
  const { authorize } = iamWithAlice();
  assert.throws(
    () => authorize(ALICE, 'storage.objects.get', 'projects/_/buckets/b/objects/o'),
    (error: unknown) =>
      error instanceof ApiError &&
      error.code === 403 &&
      [ALICE, 'storage.objects.get', 'projects/_/buckets/b/objects/o'].every((word) =>
        error.message.includes(word),
      ),
  );
});

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
