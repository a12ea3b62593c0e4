// A message that is refused too often, in virtual time: it moves to the dead-letter topic, where that is allowed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENDPOINT, openPubSub, SUBSCRIPTION, text, TOPIC } from './open-pubsub.ts';

const deadLetterTopic = 'projects/p/topics/dead';
const holding = 'projects/p/subscriptions/dead-holding';

/** A subscription whose every push is refused, with a dead letter after five of them, ten seconds apart. */
function openRefusingPubSub(options: Parameters<typeof openPubSub>[1] = {}) {
  const pubsub = openPubSub(() => 500, options);
  pubsub.pubsub.ensureTopic({ name: TOPIC });
  pubsub.pubsub.ensureTopic({ name: deadLetterTopic });
  pubsub.pubsub.ensureSubscription({ name: holding, topic: deadLetterTopic });
  pubsub.pubsub.ensureSubscription({
    name: SUBSCRIPTION,
    topic: TOPIC,
    pushConfig: { pushEndpoint: ENDPOINT },
    retryPolicy: { minimumBackoff: '10s', maximumBackoff: '10s' },
    deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 5 },
  });
  pubsub.pubsub.start();
  return pubsub;
}

test('a message refused too often becomes a dead letter that names where it came from', async () => {
  const { pubsub, pushes, pass } = openRefusingPubSub();
  pubsub.publish(TOPIC, [{ data: text('poison'), attributes: { run: 'r1' } }]);
  await pass(60_000, 10_000);
  assert.deepEqual(
    pushes.map((push) => (JSON.parse(push.body) as { deliveryAttempt: number }).deliveryAttempt),
    [1, 2, 3, 4, 5],
  );
  assert.equal(pubsub.idle(), true);
  const [dead] = await pubsub.pull(holding, 10);
  assert.equal(dead?.data, text('poison'));
  assert.deepEqual(dead?.attributes, {
    run: 'r1',
    CloudPubSubDeadLetterSourceDeliveryCount: '5',
    CloudPubSubDeadLetterSourceSubscription: 'start-run',
    CloudPubSubDeadLetterSourceSubscriptionProject: 'p',
    CloudPubSubDeadLetterSourceTopicPublishTime: '2025-01-06T00:00:00.000Z',
  });
});

test('a message that may not become a dead letter is tried on, and becomes one once it may', async () => {
  let isGranted = false;
  const asked = new Set<string>();
  const { pubsub, pushes, pass } = openRefusingPubSub({
    mayForward: (forwarded) => {
      asked.add(JSON.stringify(forwarded));
      return isGranted;
    },
  });
  pubsub.publish(TOPIC, [{ data: text('poison') }]);
  await pass(70_000, 10_000);
  assert.ok(pushes.length > 5);
  assert.deepEqual(await pubsub.pull(holding, 10), []);
  assert.deepEqual([...asked], [JSON.stringify({ subscription: SUBSCRIPTION, deadLetterTopic })]);
  isGranted = true;
  await pass(10_000);
  assert.equal((await pubsub.pull(holding, 10))[0]?.data, text('poison'));
  assert.equal(pubsub.idle(), true);
});
