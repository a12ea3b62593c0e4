// The pump: pushes what is due, ends leases without an answer, and sleeps until the next thing is due.
import type { CancelTimer, Clock } from '../clock.ts';
import type { UseKey } from '../iam/keys.ts';
import type { NewId } from '../ids.ts';
import type { State } from '../state/state.ts';
import type { Catalog } from './catalog.ts';
import type { Exchange } from './exchange.ts';
import { Flow } from './flow.ts';
import { pushRequest } from './push-request.ts';
import type { Delivery, Queue } from './queue.ts';
import type { Subscription } from './settings.ts';

/** A signed OIDC token of the service account for the audience; rejects when Pub/Sub may not sign as that account. */
export type MintIdToken = (serviceAccountEmail: string, audience: string) => Promise<string>;

/** Sends a POST and gives the HTTP status; rejects when no answer came. `signal` aborts it once no one waits. */
export type Post = (push: {
  url: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  signal?: AbortSignal;
}) => Promise<number>;

export interface PumpParts {
  readonly state: State;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly chance: () => number;
  readonly post: Post;
  readonly mintIdToken: MintIdToken;
  readonly catalog: Catalog;
  readonly queue: Queue;
  readonly exchange: Exchange;
  readonly useKey: UseKey;
  /** Called after each turn: something may have become due. */
  readonly turned: () => void;
}

interface Answer {
  readonly subscription: Subscription;
  readonly ackId: string;
  readonly acknowledged: boolean;
}

const ACKNOWLEDGING = new Set([102, 200, 201, 202, 204]);

export class Pump {
  readonly #parts: PumpParts;
  readonly #flows = new Map<string, Flow>();
  readonly #inFlight = new Map<string, { subscription: Subscription; abort: AbortController }>();
  #answers: Answer[] = [];
  #running = false;
  #woken = false;
  #cancelTimer: CancelTimer = () => {};

  constructor(parts: PumpParts) {
    this.#parts = parts;
  }

  start(): void {
    const { state, queue, clock } = this.#parts;
    state.transaction(() => queue.releasePushes(clock.now()));
    this.#running = true;
    this.wake();
  }

  /** Abandons the pushes in flight: their messages are delivered again after the next start. */
  stop(): void {
    this.#running = false;
    this.#cancelTimer();
    for (const { abort } of this.#inFlight.values()) abort.abort();
    this.#inFlight.clear();
    this.#answers = [];
    this.#flows.clear();
  }

  /** Looks for work soon: after the present transaction, which is synchronous, has committed. */
  wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    queueMicrotask(() => this.#turn());
  }

  /** Ends the leases that are overdue, and drops what is past its retention. */
  sweep(): void {
    const { state, clock, queue } = this.#parts;
    state.transaction(() => {
      const nowMs = clock.now();
      // Each failure ends its lease, so that every round finds others, and the last finds none.
      for (let late = queue.overdue(nowMs); late.length > 0; late = queue.overdue(nowMs)) {
        for (const { ackId } of late) this.#expire(ackId);
      }
      queue.dropExpired(nowMs);
    });
  }

  #expire(ackId: string): void {
    this.#parts.exchange.failed(ackId);
    const push = this.#inFlight.get(ackId);
    if (push === undefined) return;
    this.#inFlight.delete(ackId);
    push.abort.abort();
    this.#flowFailed(push.subscription);
  }

  #turn(): void {
    this.#woken = false;
    if (this.#running) {
      const { state, catalog, clock, queue } = this.#parts;
      // A turn reads the clock once: what falls due meanwhile belongs to the next turn, and is not missed.
      const nowMs = clock.now();
      // One commit for all that this turn settles and leases: a commit waits for the disk.
      const due = state.transaction(() => {
        for (const answer of this.#answers.splice(0)) this.#settle(answer);
        this.sweep();
        // Most turns find nothing due in most subscriptions.
        const waiting = queue.waiting(nowMs);
        return catalog
          .pushing()
          .filter(({ name }) => waiting.has(name))
          .flatMap((subscription) => this.#leaseDue(subscription, nowMs));
      });
      for (const { subscription, delivery } of due) void this.#push(subscription, delivery);
      this.#sleep(nowMs);
    }
    this.#parts.turned();
  }

  #settle({ subscription, ackId, acknowledged }: Answer): void {
    // The lease ended meanwhile: the answer came too late to count.
    if (!this.#inFlight.delete(ackId)) return;
    if (acknowledged) {
      this.#parts.exchange.succeeded(ackId);
      this.#flow(subscription.name).succeeded();
    } else {
      this.#parts.exchange.failed(ackId);
      this.#flowFailed(subscription);
    }
  }

  #leaseDue(subscription: Subscription, nowMs: number): { subscription: Subscription; delivery: Delivery }[] {
    const { queue, newId } = this.#parts;
    const { name, ackDeadlineSeconds } = subscription;
    const limit = this.#flow(name).room(nowMs);
    if (limit === 0) return [];
    const untilMs = nowMs + ackDeadlineSeconds * 1000;
    const leased = queue.lease({ subscription: name, limit, nowMs, untilMs, newAckId: newId });
    return leased.map((delivery) => ({ subscription, delivery }));
  }

  /** Never rejects. */
  async #push(subscription: Subscription, delivery: Delivery): Promise<void> {
    const { ackId } = delivery;
    const abort = new AbortController();
    this.#inFlight.set(ackId, { subscription, abort });
    this.#flow(delivery.subscription).started();
    const acknowledged = await this.#send(subscription, delivery, abort.signal);
    if (!this.#inFlight.has(ackId)) return;
    this.#answers.push({ subscription, ackId, acknowledged });
    this.wake();
  }

  async #send(subscription: Subscription, delivery: Delivery, signal: AbortSignal): Promise<boolean> {
    const { catalog, useKey } = this.#parts;
    try {
      useKey(catalog.topic(subscription.topic)?.kmsKeyName, 'decrypt');
      const { url, headers, body } = pushRequest(subscription, delivery);
      const oidc = subscription.pushConfig.oidcToken;
      if (oidc !== undefined) {
        const token = await this.#parts.mintIdToken(oidc.serviceAccountEmail, oidc.audience || url);
        headers['authorization'] = `Bearer ${token}`;
      }
      const timeoutMs = subscription.ackDeadlineSeconds * 1000;
      return ACKNOWLEDGING.has(await this.#parts.post({ url, headers, body, timeoutMs, signal }));
    } catch {
      // No answer, no key or no token: each is a refused delivery.
      return false;
    }
  }

  #sleep(nowMs: number): void {
    const { clock, queue } = this.#parts;
    const pausesMs = [...this.#flows.values()].map((flow) => flow.pausedUntilMs).filter((ms) => ms > nowMs);
    const nextMs = Math.min(queue.nextDueMs(nowMs) ?? Infinity, ...pausesMs);
    this.#cancelTimer();
    this.#cancelTimer = nextMs === Infinity ? () => {} : clock.at(nextMs, () => this.#turn());
  }

  #flow(subscription: string): Flow {
    const known = this.#flows.get(subscription);
    if (known !== undefined) return known;
    const flow = new Flow();
    this.#flows.set(subscription, flow);
    return flow;
  }

  #flowFailed(subscription: Subscription): void {
    const pauses = subscription.retryPolicy === undefined;
    this.#flow(subscription.name).failed(this.#parts.clock.now(), this.#parts.chance(), pauses);
  }
}
