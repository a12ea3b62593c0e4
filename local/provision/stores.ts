// Buckets, topics, subscriptions, sinks, datasets and tables.
import type { Field } from '../bigquery/types.ts';
import type { LifecycleRule } from '../storage/lifecycle.ts';
import type { BucketPolicy } from '../storage/policies.ts';
import { count, group, groups, knownInputs, list, optionalText, text } from './inputs.ts';
import type { Creator } from './provision.ts';

type Inputs = Readonly<Record<string, unknown>>;

const bucket: Creator = (resource, { cloud }) => {
  // Access is by role alone here, and nothing is ever public, or taken down with its program.
  const ignored = ['uniformBucketLevelAccess', 'publicAccessPrevention', 'forceDestroy', 'deletionPolicy'];
  const kept = ['encryption', 'softDeletePolicy', 'versioning', 'lifecycleRules', 'retentionPolicy'];
  const inputs = knownInputs(resource, ['name', 'location', ...ignored, ...kept]);
  const [name, location] = [text(inputs, 'name'), text(inputs, 'location')];
  cloud.storage.ensureBucket({ name, location, projectId: cloud.projectId }, policyOf(inputs));
};

const policyOf = (inputs: Inputs): BucketPolicy => ({
  ...('retentionPolicy' in inputs
    ? { retentionSeconds: Number(text(group(inputs, 'retentionPolicy'), 'retentionPeriod')) }
    : {}),
  ...('versioning' in inputs ? { versioning: group(inputs, 'versioning').enabled === true } : {}),
  ...('encryption' in inputs ? { kmsKeyName: text(group(inputs, 'encryption'), 'defaultKmsKeyName') } : {}),
  ...('softDeletePolicy' in inputs
    ? { softDeleteSeconds: count(group(inputs, 'softDeletePolicy'), 'retentionDurationSeconds') }
    : {}),
  ...('lifecycleRules' in inputs ? { lifecycle: groups(inputs, 'lifecycleRules').map(ruleOf) } : {}),
});

/** Pulumi gives two of the conditions other names than the API does. */
function ruleOf(rule: Inputs): LifecycleRule {
  const { withState, matchesSuffixes, ...condition } = group(rule, 'condition');
  return {
    action: { type: text(group(rule, 'action'), 'type') },
    condition: {
      ...condition,
      ...(withState === undefined ? {} : { isLive: withState === 'LIVE' }),
      ...(matchesSuffixes === undefined ? {} : { matchesSuffix: matchesSuffixes as string[] }),
    },
  };
}

const notification: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, ['bucket', 'topic', 'payloadFormat', 'eventTypes']);
  cloud.storage.notifications.ensure({
    bucket: text(inputs, 'bucket'),
    topic: text(inputs, 'topic'),
    payloadFormat: text(inputs, 'payloadFormat'),
    eventTypes: list(inputs, 'eventTypes'),
  });
};

const topic: Creator = (resource, { cloud }) => {
  // There is one place to store a message in.
  const inputs = knownInputs(resource, ['name', 'kmsKeyName', 'messageStoragePolicy']);
  const kmsKeyName = optionalText(inputs, 'kmsKeyName');
  cloud.pubsub.ensureTopic({
    name: `projects/${cloud.projectId}/topics/${text(inputs, 'name')}`,
    ...(kmsKeyName === undefined ? {} : { kmsKeyName }),
  });
};

const sink: Creator = (resource, { cloud }) => {
  // A writer of its own is an identity of Google's, Cloud Logging's agent here.
  const inputs = knownInputs(resource, ['name', 'destination', 'filter', 'uniqueWriterIdentity']);
  cloud.logging.ensureSink({
    name: text(inputs, 'name'),
    destination: text(inputs, 'destination'),
    filter: text(inputs, 'filter'),
  });
};

const subscription: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, [
    'name',
    'topic',
    'ackDeadlineSeconds',
    'expirationPolicy',
    'messageRetentionDuration',
    'pushConfig',
    'retryPolicy',
    'deadLetterPolicy',
  ]);
  const { name, ...settings } = inputs;
  cloud.pubsub.ensureSubscription({
    ...(settings as { topic: string }),
    name: `projects/${cloud.projectId}/subscriptions/${String(name)}`,
  });
};

const dataset: Creator = async (resource, { cloud }) => {
  // Nobody has a role on the whole project here, and no deployer reads: `accesses` names none but them.
  const ignored = ['deleteContentsOnDestroy', 'deletionPolicy', 'accesses'];
  const kept = ['defaultTableExpirationMs', 'defaultEncryptionConfiguration', 'maxTimeTravelHours'];
  const inputs = knownInputs(resource, ['datasetId', 'location', ...ignored, ...kept]);
  const maxTimeTravelHours = optionalText(inputs, 'maxTimeTravelHours');
  await cloud.bigquery.ensureDataset({
    datasetId: text(inputs, 'datasetId'),
    location: text(inputs, 'location'),
    ...('defaultTableExpirationMs' in inputs
      ? { defaultTableExpirationMs: count(inputs, 'defaultTableExpirationMs') }
      : {}),
    ...('defaultEncryptionConfiguration' in inputs
      ? { kmsKeyName: text(group(inputs, 'defaultEncryptionConfiguration'), 'kmsKeyName') }
      : {}),
    ...(maxTimeTravelHours === undefined ? {} : { maxTimeTravelHours }),
  });
};

const table: Creator = async (resource, { cloud }) => {
  const inputs = knownInputs(resource, [
    'datasetId',
    'tableId',
    'deletionProtection',
    'encryptionConfiguration',
    'schema',
    'view',
  ]);
  const schema = optionalText(inputs, 'schema');
  await cloud.bigquery.ensureTable({
    datasetId: text(inputs, 'datasetId'),
    tableId: text(inputs, 'tableId'),
    ...(schema === undefined ? {} : { schema: { fields: JSON.parse(schema) as Field[] } }),
    ...('encryptionConfiguration' in inputs
      ? { kmsKeyName: text(group(inputs, 'encryptionConfiguration'), 'kmsKeyName') }
      : {}),
    ...('view' in inputs ? { view: { query: text(group(inputs, 'view'), 'query') } } : {}),
  });
};

export const storesAndMessages: Readonly<Record<string, Creator>> = {
  'gcp:storage/bucket:Bucket': bucket,
  'gcp:pubsub/topic:Topic': topic,
  'gcp:pubsub/subscription:Subscription': subscription,
  'gcp:storage/notification:Notification': notification,
  'gcp:logging/projectSink:ProjectSink': sink,
  'gcp:bigquery/dataset:Dataset': dataset,
  'gcp:bigquery/table:Table': table,
};
