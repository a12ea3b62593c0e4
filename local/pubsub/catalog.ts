// Which topics and subscriptions exist: their settings, kept in the state file.
import type { StatementSync } from 'node:sqlite';
import type { State } from '../state/state.ts';
import { DELETED_TOPIC, type Subscription, type Topic } from './settings.ts';

interface SubscriptionRow {
  settings: string;
}

export class Catalog {
  readonly #putTopic: StatementSync;
  readonly #getTopic: StatementSync;
  readonly #listTopics: StatementSync;
  readonly #deleteTopic: StatementSync;
  readonly #orphan: StatementSync;
  readonly #putSubscription: StatementSync;
  readonly #getSubscription: StatementSync;
  readonly #listSubscriptions: StatementSync;
  readonly #ofTopic: StatementSync;
  readonly #pushing: StatementSync;
  readonly #deleteSubscription: StatementSync;
  // What was read since the last change: every message and every turn of the pump asks.
  readonly #topicsRead = new Map<string, Topic | undefined>();
  readonly #subscriptionsRead = new Map<string, Subscription | undefined>();
  readonly #ofTopicRead = new Map<string, readonly Subscription[]>();
  #pushingRead: readonly Subscription[] | undefined;

  constructor(state: State) {
    state.sql.exec(`
      CREATE TABLE IF NOT EXISTS pubsub_topics (name TEXT PRIMARY KEY, settings TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS pubsub_subscriptions (
        name TEXT PRIMARY KEY, topic TEXT NOT NULL, settings TEXT NOT NULL,
        pushes INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS pubsub_subscriptions_topic ON pubsub_subscriptions (topic);
    `);
    const sql = state.sql;
    forgetManner(sql);
    this.#putTopic = sql.prepare('INSERT OR REPLACE INTO pubsub_topics VALUES (?, ?)');
    this.#getTopic = sql.prepare('SELECT settings FROM pubsub_topics WHERE name = ?');
    this.#listTopics = sql.prepare(
      'SELECT settings FROM pubsub_topics WHERE name > ? AND substr(name, 1, length(?)) = ? ORDER BY name LIMIT ?',
    );
    this.#deleteTopic = sql.prepare('DELETE FROM pubsub_topics WHERE name = ?');
    this.#orphan = sql.prepare(
      `UPDATE pubsub_subscriptions SET topic = '${DELETED_TOPIC}',
         settings = json_set(settings, '$.topic', '${DELETED_TOPIC}') WHERE topic = ?`,
    );
    this.#putSubscription = sql.prepare('INSERT OR REPLACE INTO pubsub_subscriptions VALUES (?, ?, ?, ?)');
    const columns = 'SELECT settings FROM pubsub_subscriptions';
    this.#getSubscription = sql.prepare(`${columns} WHERE name = ?`);
    this.#listSubscriptions = sql.prepare(
      `${columns} WHERE name > ? AND substr(name, 1, length(?)) = ? ORDER BY name LIMIT ?`,
    );
    this.#ofTopic = sql.prepare(`${columns} WHERE topic = ? ORDER BY name`);
    this.#pushing = sql.prepare(`${columns} WHERE pushes = 1 ORDER BY name`);
    this.#deleteSubscription = sql.prepare('DELETE FROM pubsub_subscriptions WHERE name = ?');
  }

  putTopic(topic: Topic): void {
    this.#forget();
    this.#putTopic.run(topic.name, JSON.stringify(topic));
  }

  topic(name: string): Topic | undefined {
    return remembered(this.#topicsRead, name, () => {
      const row = this.#getTopic.get(name) as { settings: string } | undefined;
      return row && (JSON.parse(row.settings) as Topic);
    });
  }

  /** Up to `limit` topics of `projects/P`, by name, after the name `after`. */
  topics(project: string, after: string, limit: number): Topic[] {
    const start = `${project}/topics/`;
    const rows = this.#listTopics.all(after, start, start, limit) as unknown as { settings: string }[];
    return rows.map((row) => JSON.parse(row.settings) as Topic);
  }

  /** Its subscriptions stay, without a topic. */
  deleteTopic(name: string): void {
    this.#forget();
    this.#deleteTopic.run(name);
    this.#orphan.run(name);
  }

  putSubscription(subscription: Subscription): void {
    this.#forget();
    this.#putSubscription.run(
      subscription.name,
      subscription.topic,
      JSON.stringify(subscription),
      subscription.pushConfig.pushEndpoint ? 1 : 0,
    );
  }

  subscription(name: string): Subscription | undefined {
    return remembered(this.#subscriptionsRead, name, () => {
      const row = this.#getSubscription.get(name) as unknown as SubscriptionRow | undefined;
      return row && settingsOf(row);
    });
  }

  subscriptions(project: string, after: string, limit: number): Subscription[] {
    const start = `${project}/subscriptions/`;
    const rows = this.#listSubscriptions.all(after, start, start, limit) as unknown as SubscriptionRow[];
    return rows.map(settingsOf);
  }

  subscriptionsOf(topic: string): readonly Subscription[] {
    return remembered(this.#ofTopicRead, topic, () =>
      (this.#ofTopic.all(topic) as unknown as SubscriptionRow[]).map(settingsOf),
    );
  }

  pushing(): readonly Subscription[] {
    this.#pushingRead ??= (this.#pushing.all() as unknown as SubscriptionRow[]).map(settingsOf);
    return this.#pushingRead;
  }

  deleteSubscription(name: string): void {
    this.#forget();
    this.#deleteSubscription.run(name);
  }

  #forget(): void {
    this.#topicsRead.clear();
    this.#subscriptionsRead.clear();
    this.#ofTopicRead.clear();
    this.#pushingRead = undefined;
  }
}

function remembered<T>(known: Map<string, T>, name: string, read: () => T): T {
  if (!known.has(name)) known.set(name, read());
  return known.get(name) as T;
}

/** A state file that an earlier version made has a column more, which no row that is written now could fill. */
function forgetManner(sql: State['sql']): void {
  const found = sql
    .prepare(`SELECT 1 FROM pragma_table_info('pubsub_subscriptions') WHERE name = 'manner'`)
    .get();
  if (found !== undefined) sql.exec('ALTER TABLE pubsub_subscriptions DROP COLUMN manner');
}

const settingsOf = (row: SubscriptionRow): Subscription => JSON.parse(row.settings) as Subscription;
