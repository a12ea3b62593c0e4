// What waits in a subscription, and in which order it goes out.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { memoryState, openState } from '../../../local/state/state.ts';
import { ENDPOINT, openPubSub, SUBSCRIPTION, text, TOPIC } from './open-pubsub.ts';

const data = (deliveries: readonly { data: string }[]) =>
  deliveries.map((delivery) => Buffer.from(delivery.data, 'base64').toString());

test('a publish inside a transaction that fails is not published, and one that commits is', async () => {
  const { pubsub, state, pushes, pass } = openPubSub();
  pubsub.ensureTopic({ name: TOPIC });
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig: { pushEndpoint: ENDPOINT } });
  pubsub.start();
  assert.throws(() =>
    state.transaction(() => {
      pubsub.publish(TOPIC, [{ data: text('undone') }]);
      throw new Error('undone');
    }),
  );
  state.transaction(() => pubsub.publish(TOPIC, [{ data: text('done') }]));
  await pass(1000);
  assert.equal(pushes.length, 1);
  assert.match(pushes[0]?.body ?? '', new RegExp(text('done')));
});

test('the state file of an earlier version, whose subscriptions had a column more, is opened and used', () => {
  const state = memoryState();
  state.sql.exec(`CREATE TABLE pubsub_subscriptions (
    name TEXT PRIMARY KEY, topic TEXT NOT NULL, settings TEXT NOT NULL, manner TEXT NOT NULL,
    pushes INTEGER NOT NULL) STRICT`);
  const { pubsub } = openPubSub(undefined, { state });
  pubsub.ensureTopic({ name: TOPIC });
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC });
  assert.equal(pubsub.subscription(SUBSCRIPTION).topic, TOPIC);
});

test('ids of messages are increasing integers, over restarts and without subscriptions too', () => {
  const { pubsub, state } = openPubSub();
  pubsub.ensureTopic({ name: TOPIC });
  const before = pubsub.publish(TOPIC, [{ data: text('a') }, { data: text('b') }]).map(Number);
  const restarted = openPubSub(undefined, { state });
  const after = restarted.pubsub.publish(TOPIC, [{ data: text('c') }]).map(Number);
  const ids = [...before, ...after];
  assert.deepEqual(
    ids,
    [...new Set(ids)].sort((a, b) => a - b),
  );
});

test('what was acknowledged before a restart stays so; what was in flight or waiting is pushed again', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pubsub-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const first = openPubSub((_push, count) => (count === 1 ? 204 : 'silent'), {
    state: openState(join(folder, 'state.db')),
  });
  first.pubsub.ensureTopic({ name: TOPIC });
  first.pubsub.ensureSubscription({
    name: SUBSCRIPTION,
    topic: TOPIC,
    ackDeadlineSeconds: 600,
    pushConfig: { pushEndpoint: ENDPOINT },
    deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/dead', maxDeliveryAttempts: 5 },
  });
  first.pubsub.start();
  for (const word of ['one', 'two', 'three', 'four']) first.pubsub.publish(TOPIC, [{ data: text(word) }]);
  await first.pass(0);
  await first.pubsub.stop();
  first.state.close();

  const second = openPubSub(() => 204, { state: openState(join(folder, 'state.db')) });
  assert.equal(second.pubsub.idle(), false);
  second.pubsub.start();
  await second.pass(0);
  const bodies = second.pushes.map(
    (push) => JSON.parse(push.body) as { message: { data: string }; deliveryAttempt: number },
  );
  const pushedAgain = bodies.map((body) => `${data([body.message])} ${body.deliveryAttempt}`);
  assert.deepEqual(pushedAgain.sort(), ['four 1', 'three 2', 'two 2']);
  assert.equal(second.pubsub.idle(), true);
  second.state.close();
});

test('a pulled message comes back after its deadline, unless acknowledged or extended', async () => {
  const { pubsub, pass } = openPubSub();
  pubsub.ensureTopic({ name: TOPIC });
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC });
  pubsub.publish(TOPIC, [{ data: text('acked') }, { data: text('extended') }, { data: text('left') }]);
  const [acked, extended, left] = await pubsub.pull(SUBSCRIPTION, 10);
  assert.ok(acked && extended && left);
  pubsub.acknowledge(SUBSCRIPTION, [acked.ackId]);
  pubsub.modifyAckDeadline(SUBSCRIPTION, [extended.ackId], 60);
  assert.deepEqual(await pubsub.pull(SUBSCRIPTION, 10), []);
  await pass(10_000);
  assert.deepEqual(data(await pubsub.pull(SUBSCRIPTION, 10)), ['left']);
  pubsub.acknowledge(SUBSCRIPTION, [left.ackId]);
  await pass(50_000);
  const again = await pubsub.pull(SUBSCRIPTION, 10);
  assert.deepEqual(data(again), ['extended', 'left']);
  assert.deepEqual(
    again.map((delivery) => delivery.attempts),
    [2, 3],
  );
});

test('a pulled message that is given back too often becomes a dead letter', async () => {
  const { pubsub } = openPubSub();
  const dead = 'projects/p/topics/dead';
  pubsub.ensureTopic({ name: TOPIC });
  pubsub.ensureTopic({ name: dead });
  pubsub.ensureSubscription({ name: 'projects/p/subscriptions/dead', topic: dead });
  const deadLetterPolicy = { deadLetterTopic: dead, maxDeliveryAttempts: 5 };
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, deadLetterPolicy });
  pubsub.publish(TOPIC, [{ data: text('poison') }]);
  for (let attempt = 1; attempt <= 5; attempt++) {
    const [delivery] = await pubsub.pull(SUBSCRIPTION, 1);
    assert.equal(delivery?.attempts, attempt);
    pubsub.modifyAckDeadline(SUBSCRIPTION, [delivery?.ackId ?? ''], 0);
  }
  assert.deepEqual(await pubsub.pull(SUBSCRIPTION, 1), []);
  assert.deepEqual(data(await pubsub.pull('projects/p/subscriptions/dead', 1)), ['poison']);
});

test('a lease is nothing to another subscription', async () => {
  const { pubsub, pass } = openPubSub();
  const other = 'projects/p/subscriptions/other';
  pubsub.ensureTopic({ name: TOPIC });
  for (const name of [SUBSCRIPTION, other]) pubsub.ensureSubscription({ name, topic: TOPIC });
  pubsub.publish(TOPIC, [{ data: text('x') }]);
  const [delivery] = await pubsub.pull(SUBSCRIPTION, 1);
  pubsub.acknowledge(other, [delivery?.ackId ?? '']);
  await pass(10_000);
  assert.equal((await pubsub.pull(SUBSCRIPTION, 1)).length, 1);
});

test('a waiting pull is answered as soon as a message comes, or with nothing at its end', async () => {
  const { pubsub, pass } = openPubSub();
  pubsub.ensureTopic({ name: TOPIC });
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC });
  const waiting = pubsub.pull(SUBSCRIPTION, 1, 5000);
  pubsub.publish(TOPIC, [{ data: text('now') }]);
  assert.deepEqual(data(await waiting), ['now']);
  const vain = pubsub.pull(SUBSCRIPTION, 1, 5000);
  await pass(5000);
  assert.deepEqual(await vain, []);
});

test('messages of one ordering key are pushed one after the other, the refused one first again', async () => {
  const { pubsub, pushes, pass } = openPubSub((push, count) => (count === 2 && push.body ? 500 : 204));
  pubsub.ensureTopic({ name: TOPIC });
  const pushConfig = { pushEndpoint: ENDPOINT };
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig, enableMessageOrdering: true });
  pubsub.start();
  pubsub.publish(
    TOPIC,
    ['1', '2', '3', '4'].map((word) => ({ data: text(word), orderingKey: 'k' })),
  );
  await pass(1000);
  const order = pushes.flatMap((push) =>
    data([(JSON.parse(push.body) as { message: { data: string } }).message]),
  );
  assert.deepEqual(order, ['1', '2', '2', '3', '4']);
});

test('a filter lets through what it names, and refuses by 501 what it cannot read', async () => {
  const passes = async (filter: string, attributes: Record<string, string>) => {
    const { pubsub } = openPubSub();
    pubsub.ensureTopic({ name: TOPIC });
    pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, filter });
    pubsub.publish(TOPIC, [{ attributes }]);
    return (await pubsub.pull(SUBSCRIPTION, 1)).length === 1;
  };
  const attributes = { kind: 'b', run: 'carmila-1' };
  for (const [filter, expected] of [
    ['attributes.kind = "b"', true],
    ['attributes.kind="a"', false],
    ['attributes.kind != "a"', true],
    ['attributes.absent != "a"', true],
    ['attributes:run', true],
    ['NOT attributes:run', false],
    ['hasPrefix(attributes.run, "carmila-")', true],
    ['hasPrefix(attributes.run, "other-")', false],
    ['attributes.kind = "b" AND NOT hasPrefix(attributes.run, "other-")', true],
    ['attributes.kind = "b" AND attributes.run = "other"', false],
  ] as const) {
    assert.equal(await passes(filter, attributes), expected, filter);
  }
  for (const filter of ['attributes.kind = "a" OR attributes.kind = "b"', '(attributes:run)', 'kind = "a"']) {
    await assert.rejects(passes(filter, attributes), { code: 501 }, filter);
  }
});

test('a seek to a time forgets what came before it, and brings back what was retained since', async () => {
  const { pubsub, clock, pass } = openPubSub();
  pubsub.ensureTopic({ name: TOPIC });
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, retainAckedMessages: true });
  pubsub.publish(TOPIC, [{ data: text('old') }]);
  await pass(1000);
  const sinceMs = clock.now();
  pubsub.publish(TOPIC, [{ data: text('new') }]);
  const pulled = await pubsub.pull(SUBSCRIPTION, 10);
  pubsub.acknowledge(
    SUBSCRIPTION,
    pulled.map((delivery) => delivery.ackId),
  );
  assert.deepEqual(await pubsub.pull(SUBSCRIPTION, 10), []);
  pubsub.seek(SUBSCRIPTION, sinceMs);
  assert.deepEqual(data(await pubsub.pull(SUBSCRIPTION, 10)), ['new']);
});

test('settling a subscription again keeps its messages, and takes its new settings', async () => {
  const { pubsub, pushes, pass } = openPubSub(() => 204);
  pubsub.ensureTopic({ name: TOPIC });
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, expirationPolicy: { ttl: '' } });
  pubsub.publish(TOPIC, [{ data: text('kept') }]);
  pubsub.ensureTopic({ name: TOPIC });
  const pushConfig = { pushEndpoint: `${ENDPOINT}moved` };
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig });
  pubsub.start();
  await pass(0);
  assert.deepEqual(
    pushes.map((push) => push.url),
    [`${ENDPOINT}moved`],
  );
});
