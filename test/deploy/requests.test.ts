// A pipeline that takes requests, in the plan: its bucket and topic, and who may do what in them.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import { REQUEST_METRICS } from '../../infra/request-metrics.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { internet } from '../../shared/functions/callers.ts';
import { defineFunction, isOpen } from '../../shared/functions/declaration.ts';
import { gatherFunctions, loadFunctions } from '../../shared/functions/registry.ts';
import { SMALL } from '../../shared/functions/size.ts';
import { sleeps } from '../ports/sleeps.ts';

const CARMILA = { 'gcp:project': 'contract', 'carmila:driveFolderId': 'folder' };
const CONFIG = {
  ...CARMILA,
  'sleeps:callers': 'domain:example.com',
  'sluice:operators': 'user:ada@example.org',
};
const BUCKET = 'contract-sluice-requests';
const AUDIT = 'contract-sluice-audit';

const planned = (config: Record<string, string>) =>
  planResources({
    config,
    pipelines: [carmila, sleeps],
    functions: gatherFunctions([...loadFunctions().values(), open]),
    functionUrl: (name) => `https://${name}.example`,
  });

/** A function that verifies tokens itself; it uses the sources of another, since none is bundled here. */
const open = defineFunction({
  name: 'answer-all',
  purpose: 'Tests',
  calledBy: [internet()],
  rights: [],
  size: SMALL,
  runsAs: 'service',
});

let plan: readonly PlannedResource[];
before(async () => {
  plan = await planned(CONFIG);
});

const ofType = (type: string) => plan.filter((resource) => resource.type === `gcp:${type}`);
const inputsOf = (type: string, name: string) => ofType(type).find((each) => each.name === name)?.inputs;

test('a stack that names no callers has neither bucket nor topic nor grant of it', async () => {
  const without = await planned(CARMILA);
  const names = without.filter(({ inputs }) => inputs.bucket === BUCKET || inputs.name === BUCKET);
  assert.deepEqual(names, []);
  const topics = without.filter(({ type }) => type.startsWith('gcp:pubsub/'));
  assert.ok(topics.length > 0 && topics.every(({ inputs }) => inputs.name !== 'run-ended'));
  assert.doesNotMatch(JSON.stringify(without), /sleeps/);
});

test('content and the index of jobs expire, the queue and decisions do not, and nothing erased can be restored', () => {
  const bucket = inputsOf('storage/bucket:Bucket', 'requests');
  assert.equal(bucket?.name, BUCKET);
  assert.deepEqual(bucket.softDeletePolicy, { retentionDurationSeconds: 0 });
  assert.equal(bucket.versioning, undefined);
  assert.deepEqual(bucket.lifecycleRules, [
    { action: { type: 'Delete' }, condition: { age: 400, matchesPrefixes: ['content/'] } },
    { action: { type: 'Delete' }, condition: { age: 430, matchesPrefixes: ['jobs/'] } },
  ]);
});

test('each identity changes only its folders of the bucket, and the job reads only the content of its own pipeline', () => {
  const grants = ofType('storage/bucketIAMMember:BucketIAMMember').filter(
    ({ inputs }) => inputs.bucket === BUCKET,
  );
  const shown = grants.map(({ inputs: { member, role, condition } }) => {
    const who = /sluice-[^@]+|user:.*/.exec(String(member))?.[0];
    const { expression = '' } = (condition ?? {}) as { expression?: string };
    const where = expression.replace(`projects/_/buckets/${BUCKET}/objects/`, '');
    return `${who} ${String(role).split('/').at(-1)} ${where}`.trim();
  });
  assert.deepEqual(shown.toSorted(), [
    'sluice-accept-requests sluiceObjectAdder',
    'sluice-accept-requests sluiceStateWriter resource.name.startsWith("content/")',
    'sluice-accept-requests sluiceStateWriter resource.name.startsWith("queue/")',
    'sluice-handle-commands storage.objectViewer',
    'sluice-publish-output storage.objectViewer',
    'sluice-read-requests storage.objectViewer',
    'sluice-sleeps-job storage.objectViewer resource.name.startsWith("content/sleeps/")',
    'sluice-start-run sluiceObjectAdder',
    'sluice-start-run sluiceStateWriter resource.name.startsWith("dispatch/")',
    'sluice-start-run sluiceStateWriter resource.name.startsWith("queue/")',
    'sluice-sweep-runs storage.objectViewer',
    'user:ada@example.org storage.objectViewer',
  ]);
});

test('of the results bucket, accept-requests lists and overwrites what such pipelines wrote, and reads none', () => {
  const own = ofType('storage/bucketIAMMember:BucketIAMMember').filter(
    ({ inputs }) =>
      inputs.bucket === 'contract-sluice-results' && /sluice-accept-requests@/.test(String(inputs.member)),
  );
  assert.deepEqual(
    own.map(({ inputs: { role, condition } }) => [
      String(role).split('/').at(-1),
      (condition as { expression: string }).expression,
    ]),
    [
      [
        'sluiceObjectEraser',
        'resource.name.startsWith("projects/_/buckets/contract-sluice-results/objects/sleeps/") || ' +
          'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("sleeps/")',
      ],
    ],
  );
  const role = inputsOf('projects/iAMCustomRole:IAMCustomRole', 'sluiceObjectEraser');
  assert.deepEqual(role?.permissions, [
    'storage.objects.create',
    'storage.objects.delete',
    'storage.objects.list',
  ]);
});

test('while requests are taken, start-run and accept-requests record in the audit bucket as well, and only operators read it', async () => {
  const adders = (resources: readonly PlannedResource[]) =>
    resources
      .filter(({ type, inputs }) => type.endsWith('BucketIAMMember') && inputs.bucket === AUDIT)
      .map(
        ({ inputs: { member, role } }) =>
          `${String(member).split(/[:@]/)[1]} ${String(role).split('/').at(-1)}`,
      )
      .toSorted();
  assert.deepEqual(adders(plan), [
    'ada storage.objectViewer',
    'sluice-accept-requests sluiceObjectAdder',
    'sluice-handle-commands sluiceObjectAdder',
    'sluice-start-run sluiceObjectAdder',
  ]);
  assert.deepEqual(
    adders(await planned(CARMILA)).filter((each) => each.startsWith('sluice-')),
    ['sluice-handle-commands sluiceObjectAdder'],
  );
});

test('ends are announced by start-run, which deletes the entries, and releases by publish-output', () => {
  assert.equal(inputsOf('pubsub/topic:Topic', 'run-ended')?.name, 'run-ended');
  const members = ofType('pubsub/topicIAMMember:TopicIAMMember').filter(
    ({ inputs }) => inputs.topic === 'run-ended',
  );
  assert.deepEqual(members.map(({ inputs }) => /sluice-[^@]+/.exec(String(inputs.member))?.[0]).toSorted(), [
    'sluice-publish-output',
    'sluice-start-run',
  ]);
});

test('the job knows the bucket, and the pipeline has no schedule, dataset or lock', () => {
  const { template } = inputsOf('cloudrunv2/job:Job', 'sleeps-sleep') as {
    template: { template: { containers: [{ envs: { name: string; value: string }[] }] } };
  };
  const { envs } = template.template.containers[0];
  assert.equal(envs.find(({ name }) => name === 'REQUESTS_BUCKET')?.value, BUCKET);
  assert.equal(inputsOf('cloudscheduler/job:Job', 'tick-sleeps'), undefined);
  assert.deepEqual(
    ofType('bigquery/table:Table').filter(({ inputs }) => /sleeps/.test(String(inputs.tableId))),
    [],
  );
});

test('a function that is open is invoked by everyone, or without a check, as the stack says, and knows the callers', async () => {
  const everyone = (resources: readonly PlannedResource[]) =>
    resources
      .filter(({ inputs }) => inputs.member === 'allUsers')
      .map(({ type, inputs }) => `${type} ${String(inputs.name)} ${String(inputs.role)}`);
  assert.deepEqual(everyone(plan), []);
  const service = inputsOf('cloudrunv2/service:Service', 'answer-all');
  assert.equal(service?.invokerIamDisabled, true);
  const others = plan.filter(({ inputs }) => inputs.invokerIamDisabled === true);
  for (const { name } of others) assert.ok(isOpen(loadedOrOpen(name)), name);
  const text = JSON.stringify(inputsOf('cloudrunv2/service:Service', 'answer-all'));
  assert.match(text, /"SLEEPS_CALLERS","value":"domain:example.com"/);
  assert.deepEqual(everyone(await planned(CARMILA)), []);

  const granted = await planned({ ...CONFIG, 'sluice:openTo': 'allUsers' });
  assert.ok(
    everyone(granted).includes(
      'gcp:cloudrunv2/serviceIamMember:ServiceIamMember answer-all roles/run.invoker',
    ),
  );
  const checked = granted.find(({ type, name }) => type.endsWith('Service') && name === 'answer-all');
  assert.equal(checked?.inputs.invokerIamDisabled, undefined);
});

const loadedOrOpen = (name: string) => loadFunctions().get(name) ?? open;

test('callers of another form, and an unknown way to open a function, are refused by name', async () => {
  await assert.rejects(
    planned({ ...CONFIG, 'sleeps:callers': 'allUsers' }),
    /sleeps:callers: found "allUsers"/,
  );
  await assert.rejects(planned({ ...CONFIG, 'sluice:openTo': 'all' }), /sluice:openTo/);
  await assert.rejects(planned({ ...CARMILA, 'sleeps:approvers': 'a@b.org' }), /sleeps:callers/);
});

const kindsOf = (resources: readonly PlannedResource[], type: string): readonly string[] =>
  resources.filter((each) => each.type === `gcp:${type}`).map(({ name }) => name);
const REQUEST_ALERTS = ['alert-requests-failing', 'alert-requests-slow', 'alert-requests-waiting'];

test('metrics and alerts of requested runs are there only where a pipeline takes requests', async () => {
  const metrics = 'logging/metric:Metric';
  const alerts = 'monitoring/alertPolicy:AlertPolicy';
  const without = await planned(CARMILA);
  const added = (type: string) =>
    kindsOf(plan, type).filter((name) => !kindsOf(without, type).includes(name));
  assert.deepEqual(added(alerts).toSorted(), REQUEST_ALERTS);
  assert.deepEqual(added(metrics).toSorted(), Object.keys(REQUEST_METRICS).toSorted());
  const drawn = JSON.stringify(inputsOf('monitoring/dashboard:Dashboard', 'dashboard'));
  for (const name of added(metrics)) assert.ok(drawn.includes(`user/${name}\\`), name);
});

test('each alert of requested runs names its section, and refers to metrics and services that the stack has', () => {
  const metrics = kindsOf(plan, 'logging/metric:Metric');
  const declared = [...loadFunctions().values()].filter(isOpen).map(({ name }) => name);
  for (const name of REQUEST_ALERTS) {
    const inputs = inputsOf('monitoring/alertPolicy:AlertPolicy', name);
    assert.match(JSON.stringify(inputs?.documentation), new RegExp(`docs/RUNBOOK\\.md.*section .${name}`));
    const text = JSON.stringify(inputs?.conditions);
    for (const [, asked = ''] of text.matchAll(/googleapis\.com\/user\/([a-z-]+)/g))
      assert.ok(metrics.includes(asked), asked);
    for (const [, service = ''] of text.matchAll(/service_name=\\"([a-z-]+)/g))
      assert.ok(declared.includes(service), service);
  }
});
