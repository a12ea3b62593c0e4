// Method: a seeded endpoint that accepts, refuses, breaks and hangs, and a process that restarts at any
// moment, in virtual time. Whatever happens, each message is accepted at least once or is a dead letter.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryState } from '../../../local/state/state.ts';
import { type Answer, ENDPOINT, openPubSub, SUBSCRIPTION, text, TOPIC } from './open-pubsub.ts';

const SEEDS = 25;
const MESSAGES = 30;
const MOST_STEPS = 5000;
const DEAD = 'projects/p/topics/dead';
const HOLDING = 'projects/p/subscriptions/dead-holding';

/** Numbers in [0, 1) that repeat for a seed (a 32-bit xorshift). */
function seeded(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

for (let seed = 0; seed < SEEDS; seed++) {
  test(`seed ${seed}: each message is accepted or a dead letter, over restarts`, async () => {
    const chance = seeded(seed);
    const state = memoryState();
    const accepted = new Set<string>();
    const poison = (id: string) => Number(id) % 7 === 0;
    const open = () =>
      openPubSub(
        (push): Answer => {
          const { messageId } = (JSON.parse(push.body) as { message: { messageId: string } }).message;
          const fate = chance();
          if (poison(messageId) || fate < 0.2) return 500;
          if (fate < 0.3) return 'broken';
          if (fate < 0.4) return 'silent';
          accepted.add(messageId);
          return 204;
        },
        { state, chance },
      );
    let pubsub = open();
    pubsub.pubsub.ensureTopic({ name: TOPIC });
    pubsub.pubsub.ensureTopic({ name: DEAD });
    pubsub.pubsub.ensureSubscription({ name: HOLDING, topic: DEAD });
    pubsub.pubsub.ensureSubscription({
      name: SUBSCRIPTION,
      topic: TOPIC,
      pushConfig: { pushEndpoint: ENDPOINT },
      deadLetterPolicy: { deadLetterTopic: DEAD, maxDeliveryAttempts: 6 },
      ...(chance() < 0.5 && { retryPolicy: { minimumBackoff: '1s', maximumBackoff: '20s' } }),
    });
    pubsub.pubsub.start();
    const published: string[] = [];
    let steps = 0;
    while (published.length < MESSAGES || !pubsub.pubsub.idle()) {
      assert.ok(++steps < MOST_STEPS, `not idle after ${steps} steps`);
      if (published.length < MESSAGES && chance() < 0.3) {
        published.push(...pubsub.pubsub.publish(TOPIC, [{ data: text('x') }]));
      }
      await pubsub.pass(Math.floor(chance() * 4000));
      if (chance() < 0.03) {
        await pubsub.pubsub.stop();
        const { clock } = pubsub;
        pubsub = open();
        pubsub.clock.advance(clock.now() - pubsub.clock.now());
        pubsub.pubsub.start();
      }
    }
    const dead = (await pubsub.pubsub.pull(HOLDING, 1000)).length;
    const poisoned = published.filter(poison);
    assert.ok(poisoned.length > 0 && dead >= poisoned.length);
    assert.ok(published.length - accepted.size <= dead, 'a message was lost');
    assert.deepEqual(
      poisoned.filter((id) => accepted.has(id)),
      [],
    );
    await pubsub.pubsub.stop();
  });
}
