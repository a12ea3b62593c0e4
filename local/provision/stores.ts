// Buckets, topics, subscriptions, sinks, datasets and tables.
import type { Field } from '../bigquery/types.ts';
import { count, group, knownInputs, list, optionalText, text } from './inputs.ts';
import type { Creator } from './provision.ts';

const bucket: Creator = (resource, { cloud }) => {
  // Access is by role alone here, and nothing lives long enough for a rule of retention to matter.
  const access = ['uniformBucketLevelAccess', 'publicAccessPrevention', 'lifecycleRules', 'retentionPolicy'];
  const inputs = knownInputs(resource, ['name', 'location', ...access]);
  cloud.storage.ensureBucket({
    name: text(inputs, 'name'),
    location: text(inputs, 'location'),
    projectId: cloud.projectId,
  });
};

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
  const inputs = knownInputs(resource, ['name']);
  cloud.pubsub.ensureTopic({ name: `projects/${cloud.projectId}/topics/${text(inputs, 'name')}` });
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
  const inputs = knownInputs(resource, ['datasetId', 'location', 'defaultTableExpirationMs']);
  await cloud.bigquery.ensureDataset({
    datasetId: text(inputs, 'datasetId'),
    location: text(inputs, 'location'),
    ...('defaultTableExpirationMs' in inputs
      ? { defaultTableExpirationMs: count(inputs, 'defaultTableExpirationMs') }
      : {}),
  });
};

const table: Creator = async (resource, { cloud }) => {
  const inputs = knownInputs(resource, ['datasetId', 'tableId', 'deletionProtection', 'schema', 'view']);
  const schema = optionalText(inputs, 'schema');
  await cloud.bigquery.ensureTable({
    datasetId: text(inputs, 'datasetId'),
    tableId: text(inputs, 'tableId'),
    ...(schema === undefined ? {} : { schema: { fields: JSON.parse(schema) as Field[] } }),
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
