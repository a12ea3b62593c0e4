// What the deploying identity is given by hand, read off the guide: enough for the program, and no more than a review allows.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { loadFunctions } from '../../shared/functions/registry.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { deployedFunctions } from '../../shared/functions/services.ts';
import { planResources, type PlannedResource } from '../../infra/plan.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

const guide = read('docs/DEPLOY.md');
const { includedPermissions: permissions } = parse(read('infra/deployer.yaml')) as {
  includedPermissions: readonly string[];
};
const grants = parse(read('infra/deployer-grants.yaml')) as { title: string; expression: string };

/** The commands of the guide, each on a line of its own. */
const commands = [...guide.matchAll(/```sh\n(.*?)```/gs)]
  .flatMap(([, block = '']) => block.replaceAll('\\\n', ' ').split('\n'))
  .map((line) => line.replaceAll(/\s+/g, ' ').trim());
const bindings = commands.filter((line) => /add-iam-policy-binding/.test(line));
/** Roles that one command gives it in turn: `for role in a b; do`. */
const inTurn = [...guide.matchAll(/for role in ([\w.\s\\]+); do(.*?)done/gs)].flatMap(
  ([, list = '', command = '']) =>
    command.includes('serviceAccount:sluice-deploy@')
      ? list.split(/[\s\\]+/).filter((word) => word !== '')
      : [],
);
const roleOf = (command: string): string => /--role="?([^"\s]+)/.exec(command)?.[1] ?? '';
const isUnconditional = (command: string): boolean => /--condition=None/.test(command);
const onProject = bindings.filter((line) => line.startsWith('gcloud projects'));

/** What makes the resources of each kind of the program: a role of the guide, or a permission of the custom role. */
const MAKERS: Readonly<Record<string, string>> = {
  'artifactregistry/repository:Repository': 'artifactregistry.admin',
  'artifactregistry/repositoryIamMember:RepositoryIamMember': 'artifactregistry.admin',
  'bigquery/dataset:Dataset': 'bigquery.datasets.create',
  'bigquery/datasetIamMember:DatasetIamMember': 'bigquery.datasets.setIamPolicy',
  'bigquery/table:Table': 'bigquery.tables.create',
  'billing/budget:Budget': 'billing.costsManager',
  'cloudfunctionsv2/function:Function': 'cloudfunctions.admin',
  'cloudrunv2/job:Job': 'run.admin',
  'cloudrunv2/jobIamMember:JobIamMember': 'run.admin',
  'cloudrunv2/service:Service': 'run.admin',
  'cloudrunv2/serviceIamMember:ServiceIamMember': 'run.admin',
  'cloudscheduler/job:Job': 'cloudscheduler.admin',
  'iap/webCloudRunServiceIamMember:WebCloudRunServiceIamMember': 'iap.admin',
  'kms/cryptoKey:CryptoKey': 'cloudkms.admin',
  'kms/cryptoKeyIAMMember:CryptoKeyIAMMember': 'cloudkms.admin',
  'kms/keyRing:KeyRing': 'cloudkms.admin',
  'logging/logView:LogView': 'logging.configWriter',
  'logging/logViewIamMember:LogViewIamMember': 'logging.views.setIamPolicy',
  'logging/metric:Metric': 'logging.configWriter',
  'logging/projectSink:ProjectSink': 'logging.configWriter',
  'monitoring/alertPolicy:AlertPolicy': 'monitoring.editor',
  'monitoring/dashboard:Dashboard': 'monitoring.editor',
  'monitoring/notificationChannel:NotificationChannel': 'monitoring.editor',
  'projects/iAMCustomRole:IAMCustomRole': 'iam.roleAdmin',
  'projects/iAMMember:IAMMember': 'resourcemanager.projectIamAdmin',
  'pubsub/subscription:Subscription': 'pubsub.subscriptions.create',
  'pubsub/subscriptionIAMMember:SubscriptionIAMMember': 'pubsub.subscriptions.setIamPolicy',
  'pubsub/topic:Topic': 'pubsub.topics.create',
  'pubsub/topicIAMMember:TopicIAMMember': 'pubsub.topics.setIamPolicy',
  'serviceaccount/account:Account': 'iam.serviceAccountAdmin',
  'serviceaccount/iAMMember:IAMMember': 'iam.serviceAccountAdmin',
  'storage/bucket:Bucket': 'storage.buckets.create',
  'storage/bucketIAMMember:BucketIAMMember': 'storage.buckets.setIamPolicy',
  'storage/bucketObject:BucketObject': 'storage.objectUser',
  'storage/notification:Notification': 'storage.buckets.update',
};
/** Planned only where a function is declared as one. */
const SERVICE = 'cloudrunv2/service:Service';
/** Google asks for no permission to make one of its own agents. */
const ASKS_FOR_NOTHING = ['projects/serviceIdentity:ServiceIdentity'];
/** Roles that make nothing in the plan, and why each is there. */
const OTHER_ROLES: Readonly<Record<string, string>> = {
  'bigquery.jobUser': 'BigQuery tells its own agent only to who may make jobs',
  'iam.serviceAccountUser': 'a function, a job and a subscription act as an identity',
  'logging.logWriter': 'the log of the build itself',
};

let plan: readonly PlannedResource[];
before(async () => {
  const config = {
    'gcp:project': 'deployed',
    'carmila:driveFolderId': 'folder',
    'sluice:operators': 'user:ada@example.org',
    'sluice:readers': 'user:grace@example.org',
    'sluice:consoleOperators': 'user:ada@example.org',
    'sluice:alertEmails': 'ada@example.org',
    'sluice:billingAccount': '000000-111111-222222',
  };
  plan = await planResources({ config, functionUrl: (name) => `https://${name}.example` });
});

const given = () => [
  ...inTurn,
  ...bindings.map(roleOf).map((role) => role.replace(/^roles\//, '')),
  ...permissions,
];

describe('the deploying identity', () => {
  test('is given roles at all: the guide is read as it is written', () => {
    assert.ok(inTurn.length > 5 && bindings.length > 3 && permissions.length > 20);
    assert.ok(bindings.some((line) => line.includes('roles/sluiceDeployer')));
    for (const line of bindings) assert.notEqual(roleOf(line), '', line);
  });

  test('holds no basic role, and neither administers nor owns storage or BigQuery on the whole project', () => {
    const wide = [
      ...inTurn.map((role) => `roles/${role}`),
      ...onProject
        .filter(isUnconditional)
        .map(roleOf)
        .filter((role) => role !== 'roles/$role'),
    ];
    assert.ok(wide.length > 10);
    for (const role of wide) {
      assert.doesNotMatch(role, /^roles\/(owner|editor|viewer|storage\..*|bigquery\.(admin|data.*|user))$/);
      assert.doesNotMatch(role, /^roles\/(pubsub|secretmanager)\.|projectIamAdmin/);
    }
  });

  test('reads, changes and deletes no row, object, message or secret by its own role', () => {
    for (const permission of permissions) {
      assert.doesNotMatch(permission, /\.objects\.|Data$|export|consume|publish|versions\./i);
      assert.doesNotMatch(permission, /buckets\.delete/);
    }
  });

  test('works on objects only in the bucket of the state, and in that of the sources', () => {
    const objects = bindings.filter(
      (line) => /storage\.object/.test(line) && /sluice-deploy@\$P\./.test(line),
    );
    assert.equal(objects.length, 2);
    for (const line of objects)
      assert.match(
        line,
        /^gcloud storage buckets .*"gs:\/\/\$P-sluice-state"|--condition=".*buckets\/\$P-sluice-source/,
      );
  });

  test('gives away no role on the project but those that the program grants there', () => {
    const granted = plan
      .filter(({ type }) => type === 'gcp:projects/iAMMember:IAMMember')
      .map(({ inputs }) => String(inputs.role));
    const listed = [...grants.expression.matchAll(/'(roles\/[\w.]+)'/g)].map(([, role]) => role);
    assert.deepEqual(listed, [...new Set(granted)].toSorted());
    assert.ok(listed.length <= 10, 'one list of a condition has ten roles at most');
    const admin = onProject.filter((line) => line.includes('projectIamAdmin'));
    assert.equal(admin.length, 1);
    assert.match(admin[0] ?? '', /--condition-from-file=infra\/deployer-grants\.yaml/);
  });

  test('can make every kind of resource of the program', () => {
    const kinds = [...new Set(plan.map(({ type }) => type.replace(/^gcp:/, '')))]
      .filter((kind) => !kind.startsWith('pulumi:') && !ASKS_FOR_NOTHING.includes(kind))
      .toSorted();
    const deployed = deployedFunctions(loadFunctions(), [carmila], true).values();
    const runsServices = [...deployed].some(({ runsAs }) => runsAs === 'service');
    const expected = Object.keys(MAKERS).filter((kind) => runsServices || kind !== SERVICE);
    assert.deepEqual(kinds, expected.toSorted());
    for (const [kind, maker] of Object.entries(MAKERS))
      assert.ok(given().includes(maker), `${kind}: ${maker}`);
  });

  test('holds no role that makes nothing, but for three', () => {
    const makers = new Set([...Object.values(MAKERS), ...Object.keys(OTHER_ROLES)]);
    assert.deepEqual(
      inTurn.filter((role) => !makers.has(role)),
      [],
    );
  });
});

describe('the guide', () => {
  test('enables the service of every kind of resource', () => {
    const enabled = [...guide.matchAll(/\b([a-z]+)\.googleapis\.com/g)].map(([, service]) => service);
    const services: Readonly<Record<string, string>> = {
      billing: 'billingbudgets',
      cloudfunctionsv2: 'cloudfunctions',
      cloudrunv2: 'run',
      kms: 'cloudkms',
      projects: 'cloudresourcemanager',
      serviceaccount: 'iam',
    };
    for (const kind of Object.keys(MAKERS)) {
      const [name = ''] = kind.split('/');
      assert.ok(enabled.includes(services[name] ?? name), kind);
    }
  });

  test('enables first the service that enables the others, and makes agents of Google for the program', () => {
    const enabling = commands.filter((line) => line.startsWith('gcloud services enable'));
    assert.match(enabling[0] ?? '', /--project="\$P" serviceusage\.googleapis\.com$/);
    assert.equal(enabling.length, 2);
    assert.ok(plan.some(({ type }) => type === 'gcp:projects/serviceIdentity:ServiceIdentity'));
  });

  test('says how to take a function into the state, with the command that .ci/deploy types', () => {
    const typed = commands.find((line) => line.startsWith('.ci/pulumi import')) ?? '';
    const scripted = read('.ci/deploy').replaceAll('\\\n', ' ').replaceAll(/\s+/g, ' ');
    const words = typed.replaceAll('$STACK', '$stack').replaceAll('$F', '$1').replaceAll('$P/', '$project/');
    assert.ok(
      scripted.includes(words.replaceAll('$REGION', '$region').replace('--yes', '--yes --non-interactive')),
      typed,
    );
  });

  test('names every file that a command of it reads', () => {
    const files = commands.flatMap((line) =>
      [...line.matchAll(/-file=([\w./-]+)/g)].map(([, file = '']) => file),
    );
    assert.ok(files.length >= 2);
    for (const file of files) assert.ok(existsSync(new URL(file, ROOT)), file);
  });
});
