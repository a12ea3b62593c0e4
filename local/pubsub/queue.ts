// The messages that wait and the deliveries that are leased: durable, one row per subscription and message.
import type { SQLOutputValue } from 'node:sqlite';
import type { State } from '../state/state.ts';

export interface Message {
  /** base64, possibly empty. */
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
}

/** One arrival of a message at a subscription, under a lease named by `ackId`. */
export interface Delivery extends Message {
  readonly subscription: string;
  readonly messageId: string;
  readonly publishedMs: number;
  readonly ackId: string;
  /** How many times it was delivered, this one included. */
  readonly attempts: number;
}

// due_ms is when something must happen next: the earliest delivery of a waiting row (ack_id null), or the
// end of the lease of a delivered one. acked_ms is set only where acknowledged messages are retained.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS pubsub_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT NOT NULL, attributes TEXT NOT NULL,
    ordering_key TEXT NOT NULL, published_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS pubsub_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, subscription TEXT NOT NULL, message_id INTEGER NOT NULL,
    order_by TEXT NOT NULL, expires_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, ack_id TEXT UNIQUE, acked_ms INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS pubsub_deliveries_due ON pubsub_deliveries (subscription, acked_ms, due_ms);
  CREATE INDEX IF NOT EXISTS pubsub_deliveries_next ON pubsub_deliveries (due_ms) WHERE acked_ms IS NULL;
  CREATE INDEX IF NOT EXISTS pubsub_deliveries_leased ON pubsub_deliveries (due_ms) WHERE ack_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS pubsub_deliveries_expiry ON pubsub_deliveries (expires_ms);
  CREATE INDEX IF NOT EXISTS pubsub_deliveries_message ON pubsub_deliveries (message_id);
  CREATE INDEX IF NOT EXISTS pubsub_deliveries_order ON pubsub_deliveries (subscription, order_by, id)
    WHERE order_by <> '';
`;

const DELIVERY = `SELECT d.subscription, d.message_id, d.attempts, d.ack_id, m.data, m.attributes,
  m.ordering_key, m.published_ms FROM pubsub_deliveries d JOIN pubsub_messages m ON m.id = d.message_id`;
const MOST_OVERDUE_AT_ONCE = 1000;

export class Queue {
  readonly #sql: State['sql'];

  constructor(state: State) {
    this.#sql = state.sql;
    this.#sql.exec(SCHEMA);
  }

  /** Stores a message and gives its id; ids increase. */
  addMessage(message: Message, nowMs: number): number {
    const { data, attributes, orderingKey } = message;
    const text = `INSERT INTO pubsub_messages (data, attributes, ordering_key, published_ms) VALUES (?, ?, ?, ?)`;
    return Number(this.#run(text, data, JSON.stringify(attributes), orderingKey, nowMs).lastInsertRowid);
  }

  /** `orderBy` is the ordering key where the subscription keeps order, else empty. */
  addDelivery(o: {
    subscription: string;
    messageId: number;
    orderBy: string;
    dueMs: number;
    expiresMs: number;
  }): void {
    this.#run(
      `INSERT INTO pubsub_deliveries (subscription, message_id, order_by, due_ms, expires_ms) VALUES (?, ?, ?, ?, ?)`,
      ...[o.subscription, o.messageId, o.orderBy, o.dueMs, o.expiresMs],
    );
  }

  /** Forgets a message that no subscription holds. */
  forgetUnheld(messageId: number): void {
    this.#run(
      `DELETE FROM pubsub_messages WHERE id = ?
         AND NOT EXISTS (SELECT 1 FROM pubsub_deliveries WHERE message_id = pubsub_messages.id)`,
      messageId,
    );
  }

  /** The subscriptions that a due delivery waits in. */
  waiting(nowMs: number): ReadonlySet<string> {
    const text = `SELECT DISTINCT subscription FROM pubsub_deliveries
      WHERE acked_ms IS NULL AND ack_id IS NULL AND due_ms <= ?`;
    return new Set(this.#all(text, nowMs).map(({ subscription }) => String(subscription)));
  }

  /** Takes up to `limit` due deliveries, each under a new lease; an ordered one waits for those before it. */
  lease(o: {
    subscription: string;
    limit: number;
    nowMs: number;
    untilMs: number;
    newAckId: () => string;
  }): Delivery[] {
    const ids = this.#all(
      `SELECT id FROM pubsub_deliveries d
       WHERE subscription = ? AND acked_ms IS NULL AND due_ms <= ? AND ack_id IS NULL AND (order_by = ''
         OR NOT EXISTS (SELECT 1 FROM pubsub_deliveries e WHERE e.subscription = d.subscription
           AND e.order_by <> '' AND e.order_by = d.order_by AND e.id < d.id AND e.acked_ms IS NULL))
       ORDER BY due_ms, id LIMIT ?`,
      ...[o.subscription, o.nowMs, o.limit],
    );
    return ids.map(({ id }) => {
      const ackId = o.newAckId();
      const text = `UPDATE pubsub_deliveries SET ack_id = ?, due_ms = ?, attempts = attempts + 1 WHERE id = ?`;
      this.#run(text, ackId, o.untilMs, id as number);
      return this.leased(ackId) as Delivery;
    });
  }

  /** The delivery under this lease, unless the lease is over. */
  leased(ackId: string): Delivery | undefined {
    return this.#all(`${DELIVERY} WHERE d.ack_id = ?`, ackId).map(toDelivery)[0];
  }

  /** Leases that ended without an answer. */
  overdue(nowMs: number): Delivery[] {
    const text = `${DELIVERY} WHERE d.ack_id IS NOT NULL AND d.due_ms <= ? ORDER BY d.due_ms, d.id LIMIT ?`;
    return this.#all(text, nowMs, MOST_OVERDUE_AT_ONCE).map(toDelivery);
  }

  /** Ends a lease: the message waits again, until `dueMs`. */
  release(ackId: string, dueMs: number): void {
    this.#run('UPDATE pubsub_deliveries SET ack_id = NULL, due_ms = ? WHERE ack_id = ?', dueMs, ackId);
  }

  extend(ackId: string, untilMs: number): void {
    this.#run('UPDATE pubsub_deliveries SET due_ms = ? WHERE ack_id = ?', untilMs, ackId);
  }

  /** Ends a lease and deletes the message. */
  remove(delivery: Delivery): void {
    this.#run('DELETE FROM pubsub_deliveries WHERE ack_id = ?', delivery.ackId);
    this.forgetUnheld(Number(delivery.messageId));
  }

  /** Ends a lease as acknowledged, but keeps the message so that a seek can bring it back. */
  retain(ackId: string, nowMs: number): void {
    this.#run('UPDATE pubsub_deliveries SET ack_id = NULL, acked_ms = ? WHERE ack_id = ?', nowMs, ackId);
  }

  /** Acknowledges all that was published before `timeMs`, and brings back what was retained since. */
  seek(subscription: string, timeMs: number, nowMs: number): void {
    const ofTime = (operator: '<' | '>=') =>
      `subscription = ? AND (SELECT published_ms FROM pubsub_messages WHERE id = message_id) ${operator} ?`;
    const acknowledge = `UPDATE pubsub_deliveries SET ack_id = NULL, acked_ms = ? WHERE acked_ms IS NULL AND `;
    this.#run(acknowledge + ofTime('<'), nowMs, subscription, timeMs);
    const bringBack = `UPDATE pubsub_deliveries SET acked_ms = NULL, attempts = 0, due_ms = ? WHERE acked_ms IS NOT NULL AND `;
    this.#run(bringBack + ofTime('>='), nowMs, subscription, timeMs);
  }

  /** Drops what is past its retention. */
  dropExpired(nowMs: number): void {
    const { changes } = this.#run('DELETE FROM pubsub_deliveries WHERE expires_ms <= ?', nowMs);
    if (Number(changes) > 0) this.#forgetAllUnheld();
  }

  /** Drops everything that a subscription holds. */
  dropAll(subscription: string): void {
    this.#run('DELETE FROM pubsub_deliveries WHERE subscription = ?', subscription);
    this.#forgetAllUnheld();
  }

  /** The next time after `nowMs` at which a delivery falls due or a lease ends. */
  nextDueMs(nowMs: number): number | undefined {
    const text = `SELECT MIN(due_ms) AS due FROM pubsub_deliveries WHERE acked_ms IS NULL AND due_ms > ?`;
    return (this.#all(text, nowMs)[0]?.['due'] as number | null) ?? undefined;
  }

  /** Pushes of a dead process can never be answered: their leases end now. */
  releasePushes(nowMs: number): void {
    this.#run(
      `UPDATE pubsub_deliveries SET ack_id = NULL, due_ms = ? WHERE ack_id IS NOT NULL
         AND subscription IN (SELECT name FROM pubsub_subscriptions WHERE pushes = 1)`,
      nowMs,
    );
  }

  /** Whether a push subscription still holds a message, waiting or in flight. */
  pushesRemain(): boolean {
    const text = `SELECT 1 FROM pubsub_deliveries WHERE acked_ms IS NULL
      AND subscription IN (SELECT name FROM pubsub_subscriptions WHERE pushes = 1) LIMIT 1`;
    return this.#all(text).length > 0;
  }

  #forgetAllUnheld(): void {
    this.#run('DELETE FROM pubsub_messages WHERE id NOT IN (SELECT message_id FROM pubsub_deliveries)');
  }

  #run(text: string, ...values: (string | number)[]) {
    return this.#sql.prepare(text).run(...values);
  }

  #all(text: string, ...values: (string | number)[]): Record<string, SQLOutputValue>[] {
    return this.#sql.prepare(text).all(...values);
  }
}

const toDelivery = (row: Record<string, SQLOutputValue>): Delivery => ({
  subscription: String(row['subscription']),
  messageId: String(row['message_id']),
  publishedMs: Number(row['published_ms']),
  ackId: String(row['ack_id']),
  attempts: Number(row['attempts']),
  data: String(row['data']),
  attributes: JSON.parse(String(row['attributes'])) as Record<string, string>,
  orderingKey: String(row['ordering_key']),
});
