// Where messages change hands: from a topic to its subscriptions, and out again by success or failure.
import type { Clock } from '../clock.ts';
import type { UseKey } from '../iam/keys.ts';
import { afterFailure } from './backoff.ts';
import type { Catalog } from './catalog.ts';
import { durationMs } from './durations.ts';
import { parseFilter } from './filter.ts';
import type { Delivery, Message, Queue } from './queue.ts';
import type { Subscription } from './settings.ts';

/**
 * Faults on purpose, asked once for each message and subscription when the message is published: `lose` is
 * the event that never comes, `twice` the one that comes two times.
 */
export type Interference = (arrival: {
  readonly subscription: string;
  readonly topic: string;
  readonly message: Message;
}) => 'deliver' | 'lose' | 'twice';

/** Whether Pub/Sub's own agent may publish to the dead-letter topic and acknowledge at the subscription. */
export type MayForward = (o: { readonly subscription: string; readonly deadLetterTopic: string }) => boolean;

const COPIES = { deliver: 1, lose: 0, twice: 2 } as const;

/** All its methods must be called inside a transaction of the state. */
export class Exchange {
  readonly #catalog: Catalog;
  readonly #queue: Queue;
  readonly #clock: Clock;
  readonly #chance: () => number;
  readonly #interference: Interference;
  readonly #mayForward: MayForward;
  readonly #useKey: UseKey;

  constructor(o: {
    catalog: Catalog;
    queue: Queue;
    clock: Clock;
    chance: () => number;
    interference: Interference;
    mayForward: MayForward;
    useKey: UseKey;
  }) {
    this.#catalog = o.catalog;
    this.#queue = o.queue;
    this.#clock = o.clock;
    this.#chance = o.chance;
    this.#interference = o.interference;
    this.#mayForward = o.mayForward;
    this.#useKey = o.useKey;
  }

  /** Hands messages to every subscription of the topic whose filter lets them pass; gives their ids. */
  fanOut(topic: string, messages: readonly Message[]): string[] {
    const subscriptions = this.#catalog.subscriptionsOf(topic);
    return messages.map((message) => {
      const messageId = this.#queue.addMessage(message, this.#clock.now());
      for (const each of subscriptions) this.#handOver(topic, each, messageId, message);
      this.#queue.forgetUnheld(messageId);
      return String(messageId);
    });
  }

  /** Does nothing when the lease is already over. */
  succeeded(ackId: string): void {
    const delivery = this.#queue.leased(ackId);
    if (delivery === undefined) return;
    const retains = this.#catalog.subscription(delivery.subscription)?.retainAckedMessages;
    if (retains) this.#queue.retain(ackId, this.#clock.now());
    else this.#queue.remove(delivery);
  }

  /** Does nothing when the lease is already over. The dead letter and the end of the original commit together. */
  failed(ackId: string): void {
    const delivery = this.#queue.leased(ackId);
    if (delivery === undefined) return;
    const subscription = this.#catalog.subscription(delivery.subscription);
    if (subscription === undefined) return this.#queue.remove(delivery);
    const next = this.#afterFailure(subscription, delivery);
    switch (next.kind) {
      case 'dead-letter':
        this.fanOut(next.topic, [deadLetter(delivery)]);
        return this.#queue.remove(delivery);
      case 'retry':
        return this.#queue.release(ackId, next.dueMs);
    }
  }

  #handOver(topic: string, subscription: Subscription, messageId: number, message: Message): void {
    if (subscription.filter && !parseFilter(subscription.filter)(message.attributes)) return;
    const nowMs = this.#clock.now();
    const copies = COPIES[this.#interference({ subscription: subscription.name, topic, message })];
    for (let copy = 0; copy < copies; copy++) {
      this.#queue.addDelivery({
        subscription: subscription.name,
        messageId,
        orderBy: subscription.enableMessageOrdering ? message.orderingKey : '',
        dueMs: nowMs,
        expiresMs: nowMs + durationMs('message_retention_duration', subscription.messageRetentionDuration),
      });
    }
  }

  #afterFailure(subscription: Subscription, delivery: Delivery) {
    const decide = (asked: Subscription) =>
      afterFailure({
        subscription: asked,
        attempts: delivery.attempts,
        nowMs: this.#clock.now(),
        chance: this.#chance(),
      });
    const next = decide(subscription);
    if (next.kind !== 'dead-letter') return next;
    const { deadLetterPolicy, ...withoutDeadLetters } = subscription;
    const forwards =
      deadLetterPolicy && this.#canForward(subscription.name, deadLetterPolicy.deadLetterTopic);
    return forwards ? next : decide(withoutDeadLetters);
  }

  /** A dead letter whose topic has no subscription, or that may not be sent, is not sent: the message stays. */
  #canForward(subscription: string, deadLetterTopic: string): boolean {
    const topic = this.#catalog.topic(deadLetterTopic);
    if (topic === undefined || !this.#mayForward({ subscription, deadLetterTopic })) return false;
    try {
      this.#useKey(topic.kmsKeyName, 'encrypt');
      return true;
    } catch {
      return false;
    }
  }
}

function deadLetter(delivery: Delivery): Message {
  const [, project = '', , subscription = ''] = delivery.subscription.split('/');
  return {
    data: delivery.data,
    orderingKey: delivery.orderingKey,
    attributes: {
      ...delivery.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(delivery.attempts),
      CloudPubSubDeadLetterSourceSubscription: subscription,
      CloudPubSubDeadLetterSourceSubscriptionProject: project,
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(delivery.publishedMs).toISOString(),
    },
  };
}
