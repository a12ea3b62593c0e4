// Pub/Sub: topics, subscriptions, and messages on their way. A plain noun; the HTTP skin is in routes.ts.
import type { Clock } from '../clock.ts';
import { alreadyExists, invalid, notFound } from '../http/errors.ts';
import { anyKey, type UseKey } from '../iam/keys.ts';
import type { NewId } from '../ids.ts';
import type { State } from '../state/state.ts';
import { Catalog } from './catalog.ts';
import { refuseOutside } from './durations.ts';
import { Exchange, type Interference, type MayForward } from './exchange.ts';
import { checkMessages, type PublishedMessage } from './messages.ts';
import { type MintIdToken, type Post, Pump } from './pump.ts';
import { type Delivery, Queue } from './queue.ts';
import {
  type PushConfig,
  settlePushConfig,
  settleSubscription,
  settleTopic,
  type Subscription,
  type SubscriptionRequest,
  type Topic,
} from './settings.ts';

export type { Interference, MayForward } from './exchange.ts';
export type { PublishedMessage } from './messages.ts';
export type { MintIdToken, Post } from './pump.ts';
export type { Delivery } from './queue.ts';
export type { Subscription, SubscriptionRequest, Topic } from './settings.ts';

const MOST_PULLED = 1000;
const LONGEST_LEASE_SECONDS = 600;

export class PubSub {
  readonly #state: State;
  readonly #clock: Clock;
  readonly #newId: NewId;
  readonly #catalog: Catalog;
  readonly #queue: Queue;
  readonly #exchange: Exchange;
  readonly #pump: Pump;
  readonly #useKey: UseKey;
  readonly #waiting = new Set<() => void>();

  /**
   * `chance` gives numbers in [0, 1), for jitter; `interference` makes events be lost or doubled. Without
   * `mayForward` everything that is given up becomes a dead letter, and without `useKey` every key may be used.
   */
  constructor(o: {
    state: State;
    clock: Clock;
    newId: NewId;
    chance: () => number;
    post: Post;
    mintIdToken: MintIdToken;
    interference?: Interference;
    mayForward?: MayForward;
    useKey?: UseKey;
  }) {
    this.#state = o.state;
    this.#clock = o.clock;
    this.#newId = o.newId;
    this.#catalog = new Catalog(o.state);
    this.#queue = new Queue(o.state);
    const parts = { ...o, catalog: this.#catalog, queue: this.#queue };
    const { interference = () => 'deliver', mayForward = () => true, useKey = anyKey } = o;
    this.#useKey = useKey;
    this.#exchange = new Exchange({ ...parts, interference, mayForward, useKey });
    this.#pump = new Pump({ ...parts, useKey, exchange: this.#exchange, turned: () => this.#turned() });
  }

  start(): void {
    this.#pump.start();
  }

  /** Stops pushing at once. What is in flight is delivered again after the next start. */
  stop(): Promise<void> {
    this.#pump.stop();
    return Promise.resolve();
  }

  /** True when no message waits or is in flight on any push subscription. */
  idle(): boolean {
    return !this.#queue.pushesRemain();
  }

  /** Makes the topic, or updates its settings. */
  ensureTopic(topic: Topic): void {
    this.#state.transaction(() => this.#catalog.putTopic(settleTopic(topic)));
  }

  /**
   * Makes the subscription, or updates its settings. What Google never lets change (topic, filter, ordering)
   * is changed by making it anew, without its messages.
   */
  ensureSubscription(request: SubscriptionRequest): void {
    const wanted = settleSubscription(request);
    this.#state.transaction(() => {
      this.topic(wanted.topic);
      const found = this.#catalog.subscription(wanted.name);
      if (found !== undefined && !sameIdentity(found, wanted)) this.#queue.dropAll(wanted.name);
      this.#catalog.putSubscription(wanted);
    });
    this.#pump.wake();
  }

  /** 409 when it exists. */
  createTopic(topic: Topic): Topic {
    return this.#state.transaction(() => {
      const settled = settleTopic(topic);
      if (this.#catalog.topic(topic.name) !== undefined) throw exists(topic.name);
      this.#catalog.putTopic(settled);
      return settled;
    });
  }

  /** 404 when there is none. */
  topic(name: string): Topic {
    const topic = this.#catalog.topic(name);
    if (topic === undefined) throw missing(name);
    return topic;
  }

  topics(project: string, after: string, limit: number): Topic[] {
    return this.#catalog.topics(project, after, limit);
  }

  /** The names of the topic's subscriptions. */
  subscriptionsOf(topic: string): string[] {
    this.topic(topic);
    return this.#catalog.subscriptionsOf(topic).map((subscription) => subscription.name);
  }

  deleteTopic(name: string): void {
    this.#state.transaction(() => {
      this.topic(name);
      this.#catalog.deleteTopic(name);
    });
  }

  /** 409 when it exists, 404 without its topic. */
  createSubscription(request: SubscriptionRequest): Subscription {
    return this.#state.transaction(() => {
      const settled = settleSubscription(request);
      this.topic(settled.topic);
      if (this.#catalog.subscription(settled.name) !== undefined) throw exists(settled.name);
      this.#catalog.putSubscription(settled);
      return settled;
    });
  }

  /** 404 when there is none. */
  subscription(name: string): Subscription {
    const subscription = this.#catalog.subscription(name);
    if (subscription === undefined) throw missing(name);
    return subscription;
  }

  subscriptions(project: string, after: string, limit: number): Subscription[] {
    return this.#catalog.subscriptions(project, after, limit);
  }

  /** Changes the given settings; 400 for those that cannot change. */
  updateSubscription(name: string, changes: Partial<SubscriptionRequest>): Subscription {
    return this.#state.transaction(() => {
      const subscription = this.subscription(name);
      const changed = settleSubscription({ ...subscription, ...changes });
      if (!sameIdentity(subscription, changed)) {
        throw invalid('Invalid update_mask provided in the UpdateSubscriptionRequest: an immutable field.');
      }
      this.#catalog.putSubscription(changed);
      this.#pump.wake();
      return changed;
    });
  }

  modifyPushConfig(name: string, config: PushConfig): void {
    this.updateSubscription(name, { pushConfig: settlePushConfig(config) });
  }

  deleteSubscription(name: string): void {
    this.#state.transaction(() => {
      this.subscription(name);
      this.#queue.dropAll(name);
      this.#catalog.deleteSubscription(name);
    });
  }

  /** Gives the messages' ids once they are durable; joins an outer transaction. 400 when they cannot be encrypted. */
  publish(topic: string, messages: readonly PublishedMessage[]): string[] {
    const ids = this.#state.transaction(() => {
      this.#useKey(this.topic(topic).kmsKeyName, 'encrypt');
      return this.#exchange.fanOut(topic, checkMessages(messages));
    });
    this.#pump.wake();
    return ids;
  }

  /** Leases up to `maxMessages`; waits up to `waitMs` for a first one, and gives none when none came. */
  async pull(name: string, maxMessages: number, waitMs = 0): Promise<Delivery[]> {
    refuseOutside('max_messages', maxMessages, 1, Number.MAX_SAFE_INTEGER);
    const untilMs = this.#clock.now() + waitMs;
    for (;;) {
      const deliveries = this.#lease(name, Math.min(maxMessages, MOST_PULLED));
      if (deliveries.length > 0 || this.#clock.now() >= untilMs) return deliveries;
      await this.#nextTurn(untilMs);
    }
  }

  /** Ids of leases that are over are ignored, as Pub/Sub does. */
  acknowledge(name: string, ackIds: readonly string[]): void {
    this.#ofSubscription(name, ackIds, (ackId) => this.#exchange.succeeded(ackId));
  }

  /** Seconds from now until the leases end; 0 gives the messages back, as refused. */
  modifyAckDeadline(name: string, ackIds: readonly string[], ackDeadlineSeconds: number): void {
    refuseOutside('ack_deadline_seconds', ackDeadlineSeconds, 0, LONGEST_LEASE_SECONDS);
    const untilMs = this.#clock.now() + ackDeadlineSeconds * 1000;
    this.#ofSubscription(name, ackIds, (ackId) =>
      ackDeadlineSeconds === 0 ? this.#exchange.failed(ackId) : this.#queue.extend(ackId, untilMs),
    );
  }

  /** Acknowledges what was published before `timeMs`, and delivers again what was retained since. */
  seek(name: string, timeMs: number): void {
    this.#state.transaction(() => {
      this.subscription(name);
      this.#queue.seek(name, timeMs, this.#clock.now());
    });
    this.#pump.wake();
  }

  #lease(name: string, limit: number): Delivery[] {
    this.#pump.sweep();
    const subscription = this.subscription(name);
    if (subscription.pushConfig.pushEndpoint) {
      throw invalid('This method is not supported for this subscription type: it is a push subscription.');
    }
    this.#useKey(this.#catalog.topic(subscription.topic)?.kmsKeyName, 'decrypt');
    const nowMs = this.#clock.now();
    const untilMs = nowMs + subscription.ackDeadlineSeconds * 1000;
    const lease = { subscription: name, limit, nowMs, untilMs, newAckId: this.#newId };
    return this.#state.transaction(() => this.#queue.lease(lease));
  }

  #ofSubscription(name: string, ackIds: readonly string[], act: (ackId: string) => void): void {
    this.#pump.sweep();
    this.#state.transaction(() => {
      this.subscription(name);
      for (const ackId of ackIds) if (this.#queue.leased(ackId)?.subscription === name) act(ackId);
    });
    this.#pump.wake();
  }

  #nextTurn(untilMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#waiting.delete(done);
        resolve();
      };
      const cancel = this.#clock.at(untilMs, done);
      this.#waiting.add(done);
    });
  }

  #turned(): void {
    for (const done of [...this.#waiting]) done();
  }
}

const sameIdentity = (a: Subscription, b: Subscription) =>
  a.topic === b.topic &&
  (a.filter ?? '') === (b.filter ?? '') &&
  (a.enableMessageOrdering ?? false) === (b.enableMessageOrdering ?? false);

const shortName = (name: string) => name.split('/').at(-1);
const missing = (name: string) => notFound(`Resource not found (resource=${shortName(name)}).`);
const exists = (name: string) =>
  alreadyExists(`Resource already exists in the project (resource=${shortName(name)}).`);
