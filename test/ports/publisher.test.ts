// The contract of a publisher: through a topic, and by calling the function that waits for the message.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { messageOfDelivery, runRequested, type RunRequested } from '../../shared/events/messages.ts';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import { callFunction, functionCaller } from '../../shared/google/functions.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { PUBSUB_AGENT } from '../../local/iam/agents.ts';
import { startMesh, PROJECT, type WatchedMesh } from './cloud.ts';

const TOPIC = `projects/${PROJECT}/topics/run-requested`;
const SUBSCRIPTION = `projects/${PROJECT}/subscriptions/reader`;
const MESSAGE = { pipeline: 'carmila', run: '000001-0123abcd' };
const PUBLISH = /:publish/;

let mesh: WatchedMesh;
before(async () => {
  mesh = await startMesh();
  mesh.cloud.pubsub.ensureTopic({ name: TOPIC });
  mesh.cloud.pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC });
  mesh.cloud.functions.ensureFunction({
    name: 'receiver',
    sourceFile: fileURLToPath(new URL('./receiver.ts', import.meta.url)),
    entryPoint: 'receiver',
    env: {},
    serviceAccountEmail: `receiver@${PROJECT}.iam.gserviceaccount.com`,
    timeoutSeconds: 30,
    size: { memory: '512Mi', concurrency: 1, minInstances: 0, maxInstances: 1 },
    url: mesh.cloud.functionUrl('receiver'),
  });
});
after(() => mesh.close());

const publisher = () => topicPublisher<RunRequested>('run-requested', mesh.config);

/** Every message that waits in the topic, acknowledged. */
async function received(): Promise<RunRequested[]> {
  const deliveries = await mesh.cloud.pubsub.pull(SUBSCRIPTION, 100);
  mesh.cloud.pubsub.acknowledge(
    SUBSCRIPTION,
    deliveries.map(({ ackId }) => ackId),
  );
  return deliveries.map((message) => messageOfDelivery({ message }, runRequested));
}

test('a message is in the topic by the time that publishing has ended', async () => {
  await publisher().publish(MESSAGE);
  assert.deepEqual(await received(), [MESSAGE]);
});

test('messages that are published at once all arrive', async () => {
  const runs = Array.from({ length: 20 }, (_, index) => `${String(index + 1).padStart(6, '0')}-0123abcd`);
  const one = publisher();
  await Promise.all(runs.map((run) => one.publish({ ...MESSAGE, run })));
  assert.deepEqual((await received()).map(({ run }) => run).sort(), runs);
});

test('a topic that is away for a moment is tried again, and the message arrives', async () => {
  mesh.cloud.api.faults.plan({ method: 'POST', url: PUBLISH, action: 503 });
  await publisher().publish(MESSAGE);
  assert.deepEqual(mesh.cloud.api.faults.unused(), []);
  mesh.cloud.api.faults.clear();
  assert.deepEqual(await received(), [MESSAGE]);
});

test('a topic that does not exist is an error that names it', async () => {
  await assert.rejects(
    topicPublisher('absent', mesh.config).publish(MESSAGE),
    (error: unknown) => error instanceof PermanentError && /publishing to absent/.test(error.message),
  );
});

test('a key that Pub/Sub may not use is a missing right: transient, and once it is granted the same message arrives', async () => {
  const key = `projects/${PROJECT}/locations/europe-west1/keyRings/k/cryptoKeys/k`;
  mesh.cloud.pubsub.ensureTopic({ name: TOPIC, kmsKeyName: key });
  await assert.rejects(
    publisher().publish(MESSAGE),
    (error: unknown) => error instanceof TransientError && error.message.includes(key),
  );
  mesh.cloud.iam.grant({
    role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
    member: `serviceAccount:${PUBSUB_AGENT}`,
    resource: key,
  });
  await publisher().publish(MESSAGE);
  assert.deepEqual(await received(), [MESSAGE]);
});

const url = () => mesh.cloud.functionUrl('receiver');
const caller = () => functionCaller<Record<string, string>>(url(), TOPIC);

test('a function that is called gets the message as a push would bring it', async () => {
  await caller().publish(MESSAGE);
  assert.deepEqual(messageOfDelivery(await callFunction(url(), { ask: 'last' }), runRequested), MESSAGE);
});

test('a function that fails is transient, and one that refuses is permanent', async () => {
  await assert.rejects(caller().publish({ pipeline: 'broken' }), TransientError);
  await assert.rejects(callFunction(url(), { ask: 'refuse' }), PermanentError);
});

test('a call whose answer was lost is transient, and was taken all the same', async () => {
  const message = { ...MESSAGE, run: '000002-0123abcd' };
  mesh.cloud.api.faults.plan({ method: 'POST', url: /^\/functions\/receiver/, action: 'lose-answer' });
  await assert.rejects(caller().publish(message), TransientError);
  assert.deepEqual(mesh.cloud.api.faults.unused(), []);
  mesh.cloud.api.faults.clear();
  assert.deepEqual(messageOfDelivery(await callFunction(url(), { ask: 'last' }), runRequested), message);
});

test('a function that does not exist is permanent', async () => {
  await assert.rejects(callFunction(mesh.cloud.functionUrl('absent'), {}), PermanentError);
});
