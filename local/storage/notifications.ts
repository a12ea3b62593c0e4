// A bucket's notification configurations: each finished object becomes a message on a Pub/Sub topic.
import type { StatementSync } from 'node:sqlite';
import { invalid, notImplemented } from '../http/errors.ts';
import type { State } from '../state/state.ts';
import type { ObjectResource } from './resources.ts';

export const FINALIZE = 'OBJECT_FINALIZE';
// A bucket may have this many of one event; this is the only event here.
const MOST_PER_EVENT = 10;
const PAYLOAD_FORMATS = ['JSON_API_V1', 'NONE'];

export interface NotificationConfig {
  readonly bucket: string;
  /** `projects/P/topics/T`. */
  readonly topic: string;
  readonly eventTypes: readonly string[];
  readonly payloadFormat: string;
  readonly objectNamePrefix?: string;
}

/** A message as Pub/Sub takes it; `data` is base64, and empty where the payload format is NONE. */
export interface NotificationMessage {
  readonly topic: string;
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Row {
  readonly id: number;
  readonly topic: string;
  readonly payload_format: string;
  readonly prefix: string;
}

export class Notifications {
  readonly #state: State;
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #ofBucket: StatementSync;

  constructor(state: State) {
    this.#state = state;
    state.sql.exec(`CREATE TABLE IF NOT EXISTS storage_notifications (
      id INTEGER PRIMARY KEY, bucket TEXT NOT NULL, topic TEXT NOT NULL, payload_format TEXT NOT NULL,
      prefix TEXT NOT NULL, UNIQUE (bucket, topic, payload_format, prefix)) STRICT`);
    this.#find = state.sql.prepare(
      'SELECT 1 FROM storage_notifications WHERE bucket = ? AND topic = ? AND payload_format = ? AND prefix = ?',
    );
    this.#put = state.sql.prepare(
      'INSERT INTO storage_notifications (bucket, topic, payload_format, prefix) VALUES (?, ?, ?, ?)',
    );
    this.#ofBucket = state.sql.prepare(
      'SELECT id, topic, payload_format, prefix FROM storage_notifications WHERE bucket = ? ORDER BY id',
    );
  }

  /** Makes the configuration unless it stands; 400 for a bad payload format or an eleventh one, 501 for other events. */
  ensure(config: NotificationConfig): void {
    const { bucket, topic, eventTypes, payloadFormat, objectNamePrefix = '' } = config;
    if (eventTypes.length !== 1 || eventTypes[0] !== FINALIZE) {
      throw notImplemented(`notifications of the events ${eventTypes.join(', ') || '(all)'}`);
    }
    if (!PAYLOAD_FORMATS.includes(payloadFormat)) throw invalid(`Invalid payload format: ${payloadFormat}`);
    this.#state.transaction(() => {
      if (this.#find.get(bucket, topic, payloadFormat, objectNamePrefix) !== undefined) return;
      if (this.#ofBucket.all(bucket).length >= MOST_PER_EVENT)
        throw invalid(
          `The bucket ${bucket} has ${MOST_PER_EVENT} notifications of the event ${FINALIZE} already, which is the most.`,
        );
      this.#put.run(bucket, topic, payloadFormat, objectNamePrefix);
    });
  }

  /** The message about a finished object for each topic; publish it in the transaction that makes the object. */
  messagesFor(object: ObjectResource, overwrote: string | undefined): readonly NotificationMessage[] {
    const rows = this.#ofBucket.all(object.bucket) as unknown as Row[];
    return rows
      .filter(({ prefix }) => object.name.startsWith(prefix))
      .map(({ id, topic, payload_format }) => ({
        topic,
        data: payload_format === 'NONE' ? '' : Buffer.from(JSON.stringify(object)).toString('base64'),
        attributes: {
          notificationConfig: `projects/_/buckets/${object.bucket}/notificationConfigs/${id}`,
          eventType: FINALIZE,
          payloadFormat: payload_format,
          bucketId: object.bucket,
          objectId: object.name,
          objectGeneration: object.generation,
          eventTime: object.timeCreated,
          ...(overwrote !== undefined && { overwroteGeneration: overwrote }),
        },
      }));
  }
}
