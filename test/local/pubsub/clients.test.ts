// The real Google client for Pub/Sub, over REST, against the local one.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import * as functions from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { PubSub as Client, v1 } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';
import { systemClock } from '../../../local/clock.ts';
import { type Api, createApi, OPERATOR } from '../../../local/http/api.ts';
import { forbidden } from '../../../local/http/errors.ts';
import { randomIds } from '../../../local/ids.ts';
import { postOverHttp } from '../../../local/pubsub/post.ts';
import { PubSub } from '../../../local/pubsub/pubsub.ts';
import { pubsubRoutes } from '../../../local/pubsub/routes.ts';
import { memoryState } from '../../../local/state/state.ts';

const MISMATCH = 'other@p';

let api: Api;
let pubsub: PubSub;
let port: number;
let mismatchPort: number;

before(async () => {
  api = createApi();
  pubsub = new PubSub({
    state: memoryState(),
    clock: systemClock,
    newId: randomIds,
    chance: Math.random,
    post: postOverHttp,
    mintIdToken: async () => 'token',
  });
  pubsubRoutes(api.app, pubsub, (caller, permission, resource) => {
    if (caller !== OPERATOR) throw forbidden(`Permission ${permission} denied on ${resource}`);
  });
  port = await api.listenAs(OPERATOR);
  mismatchPort = await api.listenAs(MISMATCH);
  pubsub.start();
});

after(async () => {
  await pubsub.stop();
  await api.close();
});

const options = (to: number) => ({
  projectId: 'p',
  apiEndpoint: `127.0.0.1:${to}`,
  fallback: true,
  protocol: 'http',
  authClient: new PassThroughClient(),
});

const subscriberClient = () =>
  new v1.SubscriberClient({
    ...options(port),
    apiEndpoint: '127.0.0.1',
    port,
  } as ConstructorParameters<typeof v1.SubscriberClient>[0]);

test('the Google client creates, lists, publishes and deletes over REST', async () => {
  const client = new Client(options(port));
  const [topic] = await client.createTopic('crud');
  const [subscription] = await topic.createSubscription('crud-holding', {
    ackDeadlineSeconds: 60,
    retryPolicy: { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 600 } },
    deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/crud', maxDeliveryAttempts: 7 },
  });
  const [found] = await subscription.getMetadata();
  assert.equal(found.ackDeadlineSeconds, 60);
  assert.equal(found.deadLetterPolicy?.maxDeliveryAttempts, 7);
  assert.equal(Number(found.retryPolicy?.maximumBackoff?.seconds), 600);
  assert.deepEqual(
    (await client.getTopics())[0].map((listed) => listed.name),
    ['projects/p/topics/crud'],
  );
  assert.match(await topic.publishMessage({ json: { run: 'r1' }, attributes: { a: 'b' } }), /^\d+$/);
  await subscription.setMetadata({ ackDeadlineSeconds: 90 });
  assert.equal((await subscription.getMetadata())[0].ackDeadlineSeconds, 90);
  await subscription.delete();
  await topic.delete();
  await assert.rejects(topic.publishMessage({ data: Buffer.from('x') }), { code: 5 });
  await client.close();
});

test('the Google client pulls, extends and acknowledges over REST', async () => {
  const client = new Client(options(port));
  const [topic] = await client.createTopic('pulled');
  await topic.createSubscription('pulled-by-hand');
  await topic.publishMessage({ data: Buffer.from('hello'), attributes: { a: 'b' } });
  const pulling = subscriberClient();
  const subscription = 'projects/p/subscriptions/pulled-by-hand';
  const [{ receivedMessages }] = await pulling.pull({ subscription, maxMessages: 10 });
  const [received] = receivedMessages ?? [];
  assert.equal(String(received?.message?.data), 'hello');
  assert.deepEqual({ ...received?.message?.attributes }, { a: 'b' });
  const ackIds = [received?.ackId ?? ''];
  await pulling.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 60 });
  await pulling.acknowledge({ subscription, ackIds });
  const [nothing] = await pulling.pull({ subscription, maxMessages: 10, returnImmediately: true });
  assert.deepEqual(nothing.receivedMessages, []);
  await pulling.close();
  await client.close();
});

test('the functions framework turns a push into the event of a published message', async () => {
  const observed = Promise.withResolvers<functions.CloudEvent<unknown>>();
  let deliveries = 0;
  functions.cloudEvent('local-pubsub-test', (event: functions.CloudEvent<unknown>) => {
    if (++deliveries === 1) throw new Error('not yet');
    observed.resolve(event);
  });
  const server = getTestServer('local-pubsub-test').listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pushEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/projects/p/topics/pushed`;
  const client = new Client(options(port));
  const [topic] = await client.createTopic('pushed');
  await topic.createSubscription('pushed-to-function', { pushConfig: { pushEndpoint } });
  const messageId = await topic.publishMessage({ json: { run: 'r1' } });
  const event = await observed.promise;
  assert.equal(event.type, 'google.cloud.pubsub.topic.v1.messagePublished');
  assert.equal(event.id, messageId);
  const { message } = event.data as { message: { data: string } };
  assert.deepEqual(JSON.parse(Buffer.from(message.data, 'base64').toString()), { run: 'r1' });
  await client.close();
  server.close();
});

test('a caller without the permission is refused with 403', async () => {
  pubsub.ensureTopic({ name: 'projects/p/topics/guarded' });
  const client = new Client(options(mismatchPort));
  await assert.rejects(client.topic('guarded').publishMessage({ data: Buffer.from('x') }), {
    code: 7,
    message: /pubsub.topics.publish denied on projects\/p\/topics\/guarded/,
  });
  await client.close();
});

test('fields and verbs that are not known are answered with 501 by name', async () => {
  const ask = async (method: string, path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${port}/v1/projects/p/${path}`;
    const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
    return [answer.status, ((await answer.json()) as { error: { message: string } }).error.message];
  };
  const does = 'the local cloud does not implement';
  const topic = 'projects/p/topics/guarded';
  assert.deepEqual(await ask('PUT', 'topics/other', { kmsKeyName: 'k' }), [
    501,
    `${does} the field topic.kmsKeyName`,
  ]);
  assert.deepEqual(await ask('PUT', 'subscriptions/other', { topic, enableExactlyOnceDelivery: true }), [
    501,
    `${does} the field subscription.enableExactlyOnceDelivery`,
  ]);
  assert.deepEqual(await ask('POST', 'subscriptions/other:detach', {}), [
    501,
    `${does} POST /v1/projects/p/subscriptions/other:detach`,
  ]);
});
