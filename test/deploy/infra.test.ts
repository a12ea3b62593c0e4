// What the infra program would deploy: the list of resources, and the inputs of each.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { deadLettersOf, RUN_ENDED } from '../../shared/deployment.ts';
import type { FunctionDeclaration } from '../../shared/functions/declaration.ts';
import { loadFunctions, topicsOf, withoutSourceEvents } from '../../shared/functions/registry.ts';
import { deployedFunctions } from '../../shared/functions/services.ts';
import { subscriptionsOf } from '../../shared/functions/subscriptions.ts';
import { PROJECT, REGION } from '../ports/cloud.ts';

const CONFIG = {
  'gcp:project': PROJECT,
  'gcp:region': REGION,
  'carmila:driveFolderId': 'folder',
  'image:forecast': `sha256:${'0'.repeat(64)}`,
  'sluice:operators': 'user:ada@example.org',
};

const functionUrl = (name: string): string => `https://${name}.example`;

let plan: readonly PlannedResource[];
before(async () => {
  plan = await planResources({ config: CONFIG, functionUrl });
});

const ofType = (type: string) => plan.filter((resource) => resource.type === `gcp:${type}`);
const named = (type: string) =>
  ofType(type)
    .map(({ name }) => name)
    .sort();

const MEMBERS = /Ia[mM]Member$|IAMMember$/;

// Carmila watches no bucket.
const DECLARED = withoutSourceEvents(loadFunctions());
const DEPLOYED = deployedFunctions(DECLARED, [carmila]);
const FUNCTIONS = [...DEPLOYED.keys()].toSorted();
const SUBSCRIPTIONS = [...subscriptionsOf(DECLARED).keys()];
// Carmila takes no requests.
const TOPICS = topicsOf(DECLARED).filter((name) => name !== RUN_ENDED);
const DEAD_LETTERS = SUBSCRIPTIONS.map(deadLettersOf);
const namesOf = (form: FunctionDeclaration['runsAs']) =>
  FUNCTIONS.filter((name) => DEPLOYED.get(name)?.runsAs === form);

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'artifactregistry/repository:Repository': ['images'],
  'storage/bucket:Bucket': ['audit', 'exports', 'results', 'runs', 'source', 'training-cache'],
  'storage/bucketObject:BucketObject': [...new Set([...DEPLOYED.values()].map(({ source }) => source))]
    .map((source) => `source-${source}`)
    .toSorted(),
  'storage/notification:Notification': ['output-finalized'],
  'pubsub/topic:Topic': [...TOPICS, ...DEAD_LETTERS].toSorted(),
  'logging/logView:LogView': ['sluice-jobs'],
  'logging/metric:Metric': [
    'sluice-job-seconds',
    'sluice-lag-seconds',
    'sluice-polls',
    'sluice-rows',
    'sluice-run-seconds',
    'sluice-runs-ended',
    'sluice-sweeps',
  ],
  'monitoring/alertPolicy:AlertPolicy': [
    'alert-dead-letters',
    'alert-not-fresh',
    'alert-run-failed',
    'alert-sweep-silent',
  ],
  'monitoring/dashboard:Dashboard': ['dashboard'],
  'logging/projectSink:ProjectSink': ['execution-finished'],
  'pubsub/subscription:Subscription': [...SUBSCRIPTIONS, ...DEAD_LETTERS].toSorted(),
  'cloudfunctionsv2/function:Function': namesOf('function'),
  'cloudrunv2/service:Service': namesOf('service'),
  'cloudrunv2/job:Job': ['carmila-forecast'],
  'cloudscheduler/job:Job': ['sweep', 'tick-carmila'],
  'bigquery/dataset:Dataset': ['carmila_data', 'carmila_data_staging', 'sluice'],
  'projects/iAMCustomRole:IAMCustomRole': [
    'sluiceExecutionOperator',
    'sluiceExecutionStarter',
    'sluiceObjectAdder',
    'sluiceObjectEraser',
    'sluiceObjectRetirer',
    'sluiceRowPublisher',
    'sluiceStateWriter',
    'sluiceTableStager',
  ],
  'kms/keyRing:KeyRing': ['sluice-europe'],
  'kms/cryptoKey:CryptoKey': ['sluice-europe'],
  'projects/serviceIdentity:ServiceIdentity': ['pubsub'],
  'serviceaccount/account:Account': [
    'build',
    'carmila-job',
    'pubsub-invoker',
    'scheduler',
    ...FUNCTIONS,
  ].toSorted(),
};

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
      config: CONFIG,
      functionUrl,
    });
    const listed = (resources: readonly PlannedResource[]) =>
      resources.map(({ type, name }) => `${type} ${name}`).sort();
    assert.deepEqual(listed(again), listed(plan));
  });

  test('opens nothing to everybody, and no bucket to the public', () => {
    assert.doesNotMatch(JSON.stringify(plan), /allUsers|allAuthenticatedUsers/);
    for (const { inputs } of ofType('storage/bucket:Bucket')) {
      assert.equal(inputs.publicAccessPrevention, 'enforced');
      assert.equal(inputs.uniformBucketLevelAccess, true);
    }
  });

  test('pushes with an identity, backs off, and ends in a dead letter that a subscription keeps', () => {
    const subscriptions = ofType('pubsub/subscription:Subscription');
    const pushed = subscriptions.filter(({ inputs }) => 'pushConfig' in inputs);
    assert.equal(pushed.length, SUBSCRIPTIONS.length);
    for (const { inputs } of pushed) {
      const push = inputs.pushConfig as { pushEndpoint: string; oidcToken: Record<string, string> };
      assert.match(push.oidcToken.serviceAccountEmail ?? '', /^sluice-pubsub-invoker@/);
      assert.ok(push.pushEndpoint.startsWith(push.oidcToken.audience ?? 'none'));
      assert.ok('retryPolicy' in inputs);
      const { deadLetterTopic } = inputs.deadLetterPolicy as { deadLetterTopic: string };
      const keepers = subscriptions.filter((other) => other.inputs.topic === deadLetterTopic);
      assert.equal(keepers.length, 1, deadLetterTopic);
    }
  });

  test('lets no event reach a function but by a subscription of its own, which has a dead letter', () => {
    for (const { inputs } of ofType('cloudfunctionsv2/function:Function')) {
      assert.equal('eventTrigger' in inputs, false, String(inputs.name));
    }
  });

  test('lets only the operators that the stack names give commands', async () => {
    const config = { ...CONFIG, 'sluice:operators': '' };
    const resources = await planResources({ config, functionUrl });
    const invokers = resources.filter(({ name }) => /^handle-commands-.*-invoker$/.test(name));
    assert.deepEqual(invokers, []);
  });

  test('gives a role on the whole project no access to a new dataset, except the owners', () => {
    for (const { name, inputs } of ofType('bigquery/dataset:Dataset')) {
      const groups = (inputs.accesses as { specialGroup?: string }[]).map(({ specialGroup }) => specialGroup);
      assert.deepEqual(groups.filter(Boolean), ['projectOwners'], name);
    }
  });

  test('lets those read the published tables whom the stack names, and not what is staged', async () => {
    const readersBy = async (config: Record<string, string>) =>
      (await planResources({ config: { ...CONFIG, ...config }, functionUrl }))
        .filter(({ inputs }) => inputs.role === 'roles/bigquery.dataViewer')
        .map(({ inputs }) => `${String(inputs.member)} ${String(inputs.datasetId)}`)
        .toSorted();
    const allOf = (member: string) => [`${member} carmila_data`, `${member} sluice`];
    const everyone = [...allOf('group:analysts@example.org'), ...allOf('user:ada@example.org')];
    const readers = { 'sluice:readers': 'user:ada@example.org, group:analysts@example.org' };
    assert.deepEqual(await readersBy({ 'sluice:operators': '' }), []);
    assert.deepEqual(await readersBy({ ...readers, 'sluice:operators': '' }), everyone);
    // An operator reads already, by one grant.
    assert.deepEqual(await readersBy(readers), everyone);
  });

  test('can take away the job of a pipeline that is given up', () => {
    for (const { inputs } of ofType('cloudrunv2/job:Job')) assert.equal(inputs.deletionProtection, false);
  });

  test('keeps the audit record from everybody, its owner included', () => {
    const [audit] = ofType('storage/bucket:Bucket').filter(({ name }) => name === 'audit');
    assert.deepEqual(audit?.inputs.retentionPolicy, { retentionPeriod: '34560000' });
    assert.equal('lifecycleRules' in (audit?.inputs ?? {}), false);
  });

  test('watches a budget and writes to people only where the stack names them', async () => {
    const silent = ['billing/budget:Budget', 'monitoring/notificationChannel:NotificationChannel'];
    for (const type of silent) assert.deepEqual(named(type), []);
    const config = {
      ...CONFIG,
      'sluice:alertEmails': 'ada@example.org, grace@example.org',
      'sluice:billingAccount': '000000-111111-222222',
      'sluice:monthlyBudget': '35',
    };
    const reported = await planResources({ config, functionUrl });
    const budget = reported.find(({ name }) => name === 'budget');
    assert.deepEqual(budget?.inputs.amount, { specifiedAmount: { units: '35' } });
    assert.deepEqual(budget.inputs.budgetFilter, { projects: ['projects/123456789012'] });
    const policies = reported.filter(({ type }) => type.endsWith(':AlertPolicy'));
    assert.equal(policies.length, 4);
    for (const { inputs } of policies) assert.equal((inputs.notificationChannels as string[]).length, 2);
  });

  test('names in each alert its page of the runbook, and its window is no longer than Monitoring allows', () => {
    const policies = ofType('monitoring/alertPolicy:AlertPolicy');
    for (const { name, inputs } of policies) {
      const { content } = inputs.documentation as { content: string };
      assert.match(content, new RegExp(`docs/RUNBOOK\\.md.*section .${name}`));
      for (const condition of inputs.conditions as object[]) {
        const periods = [...JSON.stringify(condition).matchAll(/"(?:alignmentPeriod|duration)":"(\d+)s"/g)];
        const seconds = periods.map(([, each]) => Number(each));
        assert.ok(seconds.every((each) => each % 60 === 0));
        assert.ok(
          seconds.reduce((sum, each) => sum + each, 0) <= 25 * 3600,
          `${name}: ${seconds.join(', ')} s`,
        );
      }
    }
    const [silent] = policies.filter(({ name }) => name === 'alert-sweep-silent');
    const text = JSON.stringify(silent?.inputs);
    assert.match(text, /"alignmentPeriod":"1740s"/);
    assert.match(text, /"duration":"60s"/);
  });

  test('alerts on a day without a poll only where a poll is due every day', async () => {
    const filterOf = async (...others: readonly (readonly [name: string, schedule: string])[]) => {
      const own = others.map(([name, schedule]) => ({
        ...carmila,
        name,
        trigger: { ...carmila.trigger, schedule },
      }));
      const settings = Object.fromEntries(own.map(({ name }) => [`${name}:driveFolderId`, 'folder']));
      const planned = await planResources({
        config: { ...CONFIG, ...settings },
        functionUrl,
        pipelines: own,
      });
      const policy = planned.find(({ name }) => name === 'alert-not-fresh');
      const conditions = policy?.inputs.conditions as { conditionThreshold: { filter: string } }[];
      return conditions[1]?.conditionThreshold.filter;
    };
    assert.doesNotMatch(
      (await filterOf(['hourly', '0 * * * *'], ['daily', '0 6 * * 0-6'])) ?? '',
      /pipeline/,
    );
    assert.match(
      (await filterOf(['hourly', '0 * * * *'], ['weekly', '0 6 * * 1'], ['monthly', '0 6 1 * *'])) ?? '',
      /AND metric\.labels\.pipeline!="weekly" AND metric\.labels\.pipeline!="monthly"$/,
    );
    assert.equal(await filterOf(['weekly', '0 6 * * 1']), undefined);
  });

  test('draws all that is measured on the dashboard', () => {
    const [dashboard] = ofType('monitoring/dashboard:Dashboard');
    const { mosaicLayout } = JSON.parse(String(dashboard?.inputs.dashboardJson)) as {
      mosaicLayout: { columns: number; tiles: { xPos: number; width: number }[] };
    };
    assert.ok(mosaicLayout.tiles.every(({ xPos, width }) => xPos + width <= mosaicLayout.columns));
    const drawn = JSON.stringify(mosaicLayout);
    for (const name of named('logging/metric:Metric')) assert.ok(drawn.includes(name), name);
    assert.match(drawn, /num_undelivered_messages/);
  });

  test('hands every function its own identity and a time limit, and has one of its own build it', () => {
    for (const { name, inputs } of ofType('cloudfunctionsv2/function:Function')) {
      const service = inputs.serviceConfig as Record<string, unknown>;
      const build = inputs.buildConfig as Record<string, unknown>;
      const builder = `sluice-build@${PROJECT}.iam.gserviceaccount.com`;
      assert.equal(build.serviceAccount, `projects/${PROJECT}/serviceAccounts/${builder}`);
      assert.equal(service.serviceAccountEmail, `sluice-${name}@${PROJECT}.iam.gserviceaccount.com`);
      assert.equal(service.timeoutSeconds, 540);
    }
  });

  test('needs the settings that have no fallback, and says which', async () => {
    const local = { config: { 'gcp:project': PROJECT }, functionUrl };
    await assert.rejects(planResources(local), /driveFolderId/);
  });

  test('takes no image but by the digest of one', async () => {
    const byTag = {
      config: { ...CONFIG, 'image:forecast': 'latest' },
      functionUrl,
    };
    await assert.rejects(planResources(byTag), /image:forecast: found "latest"; expected the digest/);
  });
});
