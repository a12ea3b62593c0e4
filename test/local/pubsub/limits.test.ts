// What Pub/Sub refuses, and with which errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SubscriptionRequest } from '../../../local/pubsub/pubsub.ts';
import { openPubSub, SUBSCRIPTION, text, TOPIC } from './open-pubsub.ts';

const deadLetterTopic = 'projects/p/topics/dead';

const REFUSED: [string, Partial<SubscriptionRequest>, RegExp][] = [
  [
    'an ack deadline under 10 s',
    { ackDeadlineSeconds: 5 },
    /ack_deadline_seconds is too small. You passed 5/,
  ],
  ['an ack deadline over 600 s', { ackDeadlineSeconds: 601 }, /the maximum value is 600/],
  [
    'fewer than 5 delivery attempts',
    { deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 3 } },
    /max_delivery_attempts is too small. You passed 3 in the request, but the minimum value is 5/,
  ],
  [
    'more than 100 delivery attempts',
    { deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 101 } },
    /max_delivery_attempts is too large/,
  ],
  ['a back-off over 600 s', { retryPolicy: { maximumBackoff: '601s' } }, /maximum_backoff is too large/],
  [
    'a minimum back-off over the maximum',
    { retryPolicy: { minimumBackoff: '20s', maximumBackoff: '15s' } },
    /must not be greater/,
  ],
  ['a duration that is none', { retryPolicy: { minimumBackoff: '10 s' } }, /Duration\), "10 s"/],
  [
    'retention under 10 minutes',
    { messageRetentionDuration: '599s' },
    /message_retention_duration is too small/,
  ],
  ['a push endpoint that is no URL', { pushConfig: { pushEndpoint: 'here' } }, /Invalid push endpoint/],
  ['a name in another form', { name: 'projects/p/subscriptions/1' }, /Invalid resource name given/],
];

for (const [what, change, message] of REFUSED) {
  test(`a subscription with ${what} is refused`, () => {
    const { pubsub } = openPubSub();
    pubsub.ensureTopic({ name: TOPIC });
    const request = { name: SUBSCRIPTION, topic: TOPIC, ...change };
    assert.throws(() => pubsub.ensureSubscription(request), { code: 400, message });
  });
}

test('a message that is empty, too large, or has too many or too long attributes is refused', () => {
  const { pubsub } = openPubSub();
  pubsub.ensureTopic({ name: TOPIC });
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`a${index}`, 'x']));
  for (const [message, found] of [
    [{}, /One or more messages in the publish request is empty/],
    [{ data: '' }, /is empty/],
    [{ data: 'not base64!' }, /Base64 decoding failed/],
    [{ data: Buffer.alloc(10_000_001).toString('base64') }, /message_size is too large/],
    [{ attributes: many }, /attribute_count is too large. You passed 101/],
    [{ attributes: { ['k'.repeat(257)]: 'x' } }, /attribute_key_size is too large/],
    [{ attributes: { k: 'é'.repeat(513) } }, /attribute_value_size is too large. You passed 1026/],
    [{ attributes: { googclient: 'x' } }, /Invalid attribute key/],
  ] as const) {
    assert.throws(() => pubsub.publish(TOPIC, [message]), { code: 400, message: found });
  }
  assert.throws(() => pubsub.publish(TOPIC, []), { code: 400 });
  const tooMany = Array.from({ length: 1001 }, () => ({ data: text('x') }));
  assert.throws(() => pubsub.publish(TOPIC, tooMany), { code: 400, message: /message_count is too large/ });
});

test('what is not there is not found, and what is there already cannot be created', () => {
  const { pubsub } = openPubSub();
  const missing = { code: 404, message: /Resource not found \(resource=run-requested\)/ };
  assert.throws(() => pubsub.publish(TOPIC, [{ data: text('x') }]), missing);
  assert.throws(() => pubsub.createSubscription({ name: SUBSCRIPTION, topic: TOPIC }), missing);
  pubsub.createTopic({ name: TOPIC });
  assert.throws(() => pubsub.createTopic({ name: TOPIC }), { code: 409 });
  pubsub.createSubscription({ name: SUBSCRIPTION, topic: TOPIC });
  assert.throws(() => pubsub.createSubscription({ name: SUBSCRIPTION, topic: TOPIC }), { code: 409 });
  pubsub.deleteTopic(TOPIC);
  assert.equal(pubsub.subscription(SUBSCRIPTION).topic, '_deleted-topic_');
});
