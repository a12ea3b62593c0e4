// A bucket's notifications: each finished object is a message on a topic, in the form that Cloud Storage gives it.
import { v1 } from '@google-cloud/pubsub';
import { Storage as Client } from '@google-cloud/storage';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiError } from '../../../local/http/errors.ts';
import { PROJECT_NUMBER, STORAGE_AGENT } from '../../../local/iam/agents.ts';
import type { NotificationConfig } from '../../../local/storage/notifications.ts';
import { startMesh, PROJECT, type WatchedMesh } from '../../ports/cloud.ts';

const TOPIC = `projects/${PROJECT}/topics/finished`;
const SUBSCRIPTION = `projects/${PROJECT}/subscriptions/finished`;
const CONFIG: NotificationConfig = {
  bucket: 'results',
  topic: TOPIC,
  eventTypes: ['OBJECT_FINALIZE'],
  payloadFormat: 'JSON_API_V1',
};

const AGENT_PUBLISHES = {
  role: 'roles/pubsub.publisher',
  member: `serviceAccount:${STORAGE_AGENT}`,
  resource: TOPIC,
};

let mesh: WatchedMesh;
before(async () => {
  mesh = await startMesh();
  const { storage, pubsub } = mesh.cloud;
  storage.ensureBucket({ name: 'results', projectId: PROJECT, location: 'EU' });
  pubsub.ensureTopic({ name: TOPIC });
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC });
  storage.notifications.ensure(CONFIG);
  mesh.cloud.iam.grant(AGENT_PUBLISHES);
});
after(() => mesh.close());

async function pulled() {
  const { hostname, port } = new URL(mesh.cloud.endpoint);
  const rest = { apiEndpoint: hostname, port: Number(port), protocol: 'http', fallback: true } as const;
  const subscriber = new v1.SubscriberClient({ ...rest, projectId: PROJECT });
  const [{ receivedMessages = [] }] = await subscriber.pull({
    subscription: SUBSCRIPTION,
    maxMessages: 10,
    returnImmediately: true,
  });
  const ackIds = (receivedMessages ?? []).map(({ ackId }) => ackId ?? '');
  if (ackIds.length > 0) await subscriber.acknowledge({ subscription: SUBSCRIPTION, ackIds });
  await subscriber.close();
  return (receivedMessages ?? []).map(({ message }) => ({
    attributes: message?.attributes,
    object: JSON.parse(Buffer.from(message?.data ?? '').toString()) as Record<string, unknown>,
  }));
}

const file = () =>
  new Client({ projectId: PROJECT, apiEndpoint: mesh.cloud.endpoint })
    .bucket('results')
    .file('carmila/é/output.json');

test('a finished object is one message, whose attributes name it and whose data is the object', async () => {
  // The same configuration again is no second one.
  mesh.cloud.storage.notifications.ensure(CONFIG);
  await file().save('{}', { resumable: false });
  const [metadata] = await file().getMetadata();
  const [reported, ...others] = await pulled();
  assert.deepEqual(others, []);
  assert.deepEqual(reported?.attributes, {
    notificationConfig: 'projects/_/buckets/results/notificationConfigs/1',
    eventType: 'OBJECT_FINALIZE',
    payloadFormat: 'JSON_API_V1',
    bucketId: 'results',
    objectId: 'carmila/é/output.json',
    objectGeneration: metadata.generation,
    eventTime: metadata.timeCreated,
  });
  assert.deepEqual([reported.object.name, reported.object.size], ['carmila/é/output.json', '2']);
});

test('an object that takes the place of another says of which generation', async () => {
  const [before] = await file().getMetadata();
  await file().save('{"a":1}', { resumable: false });
  assert.equal((await pulled())[0]?.attributes?.overwroteGeneration, before.generation);
});

test('an object is finished all the same when Cloud Storage may not tell the topic of it', async () => {
  mesh.cloud.iam.revoke(AGENT_PUBLISHES);
  await file().save('{"b":2}', { resumable: false });
  mesh.cloud.iam.grant(AGENT_PUBLISHES);
  assert.deepEqual(await pulled(), []);
  assert.equal((await file().download())[0].toString(), '{"b":2}');
});

test('events that the local cloud does not support are refused by name', () => {
  const { notifications } = mesh.cloud.storage;
  const refused = (change: Partial<NotificationConfig>, code: number) =>
    assert.throws(
      () => notifications.ensure({ ...CONFIG, ...change }),
      (error: unknown) => error instanceof ApiError && error.code === code,
    );
  refused({ eventTypes: ['OBJECT_DELETE'] }, 501);
  refused({ eventTypes: [] }, 501);
  refused({ payloadFormat: 'XML' }, 400);
});

test('a bucket shows the number of the project that it is in', async () => {
  const { storage, endpoint } = mesh.cloud;
  storage.ensureBucket({ name: 'foreign', projectId: 'another-project', location: 'EU' });
  const client = new Client({ projectId: PROJECT, apiEndpoint: endpoint });
  const numbers = await Promise.all(
    ['results', 'foreign'].map(async (name) => (await client.bucket(name).getMetadata())[0].projectNumber),
  );
  assert.equal(numbers[0], PROJECT_NUMBER);
  assert.match(String(numbers[1]), /^9\d{11}$/);
});

test('a bucket takes ten notifications of an event, and refuses the eleventh', () => {
  const { storage } = mesh.cloud;
  storage.ensureBucket({ name: 'many', projectId: PROJECT, location: 'EU' });
  const config = (count: number) => ({ ...CONFIG, bucket: 'many', objectNamePrefix: `in/${count}/` });
  for (let count = 1; count <= 10; count++) storage.notifications.ensure(config(count));
  // The same one again is no other.
  storage.notifications.ensure(config(10));
  assert.throws(() => storage.notifications.ensure(config(11)), { code: 400, message: /10 notifications/ });
});
