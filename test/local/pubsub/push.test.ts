// Deliveries to a push endpoint in virtual time: again, later, and within bounds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../../local/clock.ts';
import { forbidden } from '../../../local/http/errors.ts';
import { memoryState, State } from '../../../local/state/state.ts';
import { ENDPOINT, gapsMs, openPubSub, SUBSCRIPTION, text, TOPIC } from './open-pubsub.ts';

const pushConfig = { pushEndpoint: ENDPOINT };

test('a push carries the message in the words that Pub/Sub uses, with an OIDC token', async () => {
  const { pubsub, pushes, pass } = openPubSub();
  pubsub.ensureTopic({ name: TOPIC });
  pubsub.ensureSubscription({
    name: SUBSCRIPTION,
    topic: TOPIC,
    pushConfig: { ...pushConfig, oidcToken: { serviceAccountEmail: 'pusher@p' } },
  });
  pubsub.start();
  const [messageId] = pubsub.publish(TOPIC, [{ data: text('hello'), attributes: { run: 'r1' } }]);
  await pass(0);
  assert.equal(pushes.length, 1);
  assert.equal(pushes[0]?.url, ENDPOINT);
  assert.equal(pushes[0]?.headers['authorization'], `Bearer token-of-pusher@p-for-${ENDPOINT}`);
  assert.equal(pushes[0]?.timeoutMs, 10_000);
  assert.deepEqual(JSON.parse(pushes[0]?.body ?? ''), {
    message: {
      data: text('hello'),
      attributes: { run: 'r1' },
      messageId,
      message_id: messageId,
      publishTime: '2025-01-06T00:00:00.000Z',
      publish_time: '2025-01-06T00:00:00.000Z',
    },
    subscription: SUBSCRIPTION,
  });
  assert.equal(pubsub.idle(), true);
});

for (const what of ['sign', 'decrypt']) {
  test(`a push that Pub/Sub may not ${what} does not go out, and goes once it may`, async () => {
    let isGranted = false;
    const refuse = (asked: string) => {
      if (asked === what && !isGranted) throw forbidden(`may not ${what}`);
    };
    const { pubsub, pushes, pass } = openPubSub(() => 204, {
      mintIdToken: async () => {
        refuse('sign');
        return 'token';
      },
      useKey: (key, use) => {
        if (key !== undefined) refuse(use);
      },
    });
    pubsub.ensureTopic({ name: TOPIC, kmsKeyName: 'k' });
    const oidcToken = { serviceAccountEmail: 'pusher@p' };
    pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig: { ...pushConfig, oidcToken } });
    pubsub.start();
    pubsub.publish(TOPIC, [{ data: text('x') }]);
    await pass(60_000, 1000);
    assert.equal(pushes.length, 0);
    assert.equal(pubsub.idle(), false);
    isGranted = true;
    await pass(60_000, 1000);
    assert.equal(pushes.length, 1);
    assert.equal(pubsub.idle(), true);
  });
}

for (const [status, deliveries] of [
  ...[102, 200, 201, 202, 204].map((status) => [status, 1] as const),
  ...[203, 301, 400, 403, 429, 500, 503].map((status) => [status, 2] as const),
]) {
  test(`an answer ${status} ${deliveries === 1 ? 'acknowledges' : 'refuses'} the message`, async () => {
    const { pubsub, pushes, pass } = openPubSub((_push, count) => (count === 1 ? status : 204));
    pubsub.ensureTopic({ name: TOPIC });
    pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig });
    pubsub.start();
    pubsub.publish(TOPIC, [{ data: text('x') }]);
    await pass(1000);
    assert.equal(pushes.length, deliveries);
    assert.equal(pubsub.idle(), true);
  });
}

test('a retry policy doubles the wait from its minimum to its maximum', async () => {
  const { pubsub, pushes, pass } = openPubSub((_push, count) => (count < 6 ? 500 : 204));
  pubsub.ensureTopic({ name: TOPIC });
  const retryPolicy = { minimumBackoff: '10s', maximumBackoff: '100s' };
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig, retryPolicy });
  pubsub.start();
  pubsub.publish(TOPIC, [{ data: text('x') }]);
  await pass(400_000, 1000);
  assert.deepEqual(gapsMs(pushes), [10_000, 20_000, 40_000, 80_000, 100_000]);
});

test('a retry policy of zero still pauses between two pushes', async () => {
  const { pubsub, pushes, pass } = openPubSub(() => 500);
  pubsub.ensureTopic({ name: TOPIC });
  const retryPolicy = { minimumBackoff: '0s', maximumBackoff: '0s' };
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig, retryPolicy });
  pubsub.start();
  pubsub.publish(TOPIC, [{ data: text('x') }]);
  await pass(300, 50);
  assert.deepEqual(gapsMs(pushes), [100, 100, 100]);
});

test('jitter makes a wait longer, never shorter than the minimum nor longer than the maximum', async () => {
  const { pubsub, pushes, pass } = openPubSub(() => 500, { chance: () => 0.999999 });
  pubsub.ensureTopic({ name: TOPIC });
  const retryPolicy = { minimumBackoff: '10s', maximumBackoff: '22s' };
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig, retryPolicy });
  pubsub.start();
  pubsub.publish(TOPIC, [{ data: text('x') }]);
  await pass(60_000, 500);
  assert.deepEqual(gapsMs(pushes), [12_500, 22_000, 22_000]);
});

test('without a retry policy the subscription pauses from 100 ms to 60 s', async () => {
  const { pubsub, pushes, pass } = openPubSub(() => 'broken');
  pubsub.ensureTopic({ name: TOPIC });
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig });
  pubsub.start();
  pubsub.publish(TOPIC, [{ data: text('x') }]);
  await pass(230_000, 100);
  const doubling = Array.from({ length: 10 }, (_, index) => 100 * 2 ** index);
  assert.deepEqual(gapsMs(pushes), [...doubling, 60_000, 60_000]);
});

test('no answer within the ack deadline refuses the message, and a late answer counts for nothing', async () => {
  const late = Promise.withResolvers<number>();
  const { pubsub, pushes, pass } = openPubSub((_push, count) => (count === 1 ? late.promise : 'silent'));
  pubsub.ensureTopic({ name: TOPIC });
  const retryPolicy = { minimumBackoff: '10s', maximumBackoff: '600s' };
  pubsub.ensureSubscription({
    name: SUBSCRIPTION,
    topic: TOPIC,
    pushConfig,
    ackDeadlineSeconds: 30,
    retryPolicy,
  });
  pubsub.start();
  pubsub.publish(TOPIC, [{ data: text('x') }]);
  await pass(29_999);
  assert.equal(pushes.length, 1);
  await pass(1);
  assert.equal(pushes[0]?.signal?.aborted, true);
  late.resolve(204);
  await pass(10_000);
  assert.deepEqual(gapsMs(pushes), [40_000]);
  assert.equal(pubsub.idle(), false);
});

test('the pushes in flight double on success, up to a bound, and halve on failure', async () => {
  const open: ((status: number) => void)[] = [];
  const { pubsub, pass } = openPubSub(() => new Promise<number>((resolve) => open.push(resolve)));
  const answerAll = async (status: number) => {
    for (const answer of open.splice(0)) answer(status);
    await pass(0);
    return open.length;
  };
  pubsub.ensureTopic({ name: TOPIC });
  const retryPolicy = { minimumBackoff: '600s', maximumBackoff: '600s' };
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig, retryPolicy });
  pubsub.start();
  pubsub.publish(
    TOPIC,
    Array.from({ length: 900 }, () => ({ data: text('x') })),
  );
  await pass(0);
  assert.equal(open.length, 1);
  assert.equal(await answerAll(200), 2);
  assert.equal(await answerAll(200), 8);
  assert.equal(await answerAll(200), 64);
  assert.equal(await answerAll(200), 64);
  assert.equal(await answerAll(500), 1);
});

test('a message past its retention is forgotten', async () => {
  const { pubsub, pushes, pass } = openPubSub(() => 500);
  pubsub.ensureTopic({ name: TOPIC });
  const retryPolicy = { minimumBackoff: '300s', maximumBackoff: '300s' };
  const messageRetentionDuration = '600s';
  pubsub.ensureSubscription({
    name: SUBSCRIPTION,
    topic: TOPIC,
    pushConfig,
    retryPolicy,
    messageRetentionDuration,
  });
  pubsub.start();
  pubsub.publish(TOPIC, [{ data: text('x') }]);
  await pass(3_600_000, 100_000);
  assert.equal(pushes.length, 2);
  assert.equal(pubsub.idle(), true);
});

test('interference loses a message for good, or delivers it two times', async () => {
  const { pubsub, pushes, pass } = openPubSub(() => 204, {
    interference: ({ message }) => (message.attributes['fate'] === 'lose' ? 'lose' : 'twice'),
  });
  pubsub.ensureTopic({ name: TOPIC });
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig });
  pubsub.start();
  pubsub.publish(TOPIC, [{ attributes: { fate: 'lose' } }, { attributes: { fate: 'double' } }]);
  await pass(1000);
  const fates = pushes.map(
    (push) =>
      (JSON.parse(push.body) as { message: { attributes: { fate: string } } }).message.attributes.fate,
  );
  assert.deepEqual(fates, ['double', 'double']);
  assert.equal(pubsub.idle(), true);
});

/** A clock that can be found later than the last timer left it. */
class LateClock extends VirtualClock {
  lateMs = 0;

  override now(): number {
    return super.now() + this.lateMs;
  }

  override at(atMs: number, fire: () => void) {
    return super.at(atMs - this.lateMs, fire);
  }
}

/** A state whose commits take five milliseconds of the clock, while `slow` says so. */
class SlowState extends State {
  slow = false;
  #depth = 0;
  readonly #clock: LateClock;

  constructor(clock: LateClock) {
    super(memoryState().sql);
    this.#clock = clock;
  }

  override transaction<T>(work: () => T): T {
    this.#depth++;
    const done = super.transaction(work);
    if (--this.#depth === 0 && this.slow) this.#clock.lateMs += 5;
    return done;
  }
}

test('a message that falls due while a turn commits is pushed by the next turn', async () => {
  const clock = new LateClock();
  const state = new SlowState(clock);
  let answerSlowly: (status: number) => void = () => undefined;
  const { pubsub, pushes, pass } = openPubSub(
    (_push, count) => {
      if (count === 2) return 500;
      return count === 3 ? new Promise<number>((resolve) => (answerSlowly = resolve)) : 204;
    },
    { clock, state },
  );
  pubsub.ensureTopic({ name: TOPIC });
  const retryPolicy = { minimumBackoff: '1s', maximumBackoff: '1s' };
  pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC, pushConfig, retryPolicy });
  pubsub.start();
  // The first success widens the window to two pushes at once.
  pubsub.publish(TOPIC, [{ data: text('first') }]);
  await pass(0);
  pubsub.publish(TOPIC, [{ data: text('refused') }, { data: text('slow') }]);
  await pass(998);
  assert.equal(pushes.length, 3);
  // The turn that takes this answer looks for what is due 2 ms too early, and has committed 3 ms too late.
  state.slow = true;
  answerSlowly(204);
  await pass(0);
  state.slow = false;
  await pass(1000);
  assert.equal(pushes.length, 4);
  assert.equal(pubsub.idle(), true);
});
