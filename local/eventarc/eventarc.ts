// Eventarc: carries Cloud Storage events to functions, over a Pub/Sub topic and push subscription of its own.
import { createHash } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { invalid, notImplemented } from '../http/errors.ts';
import type { NewId } from '../ids.ts';
import type { PubSub } from '../pubsub/pubsub.ts';
import type { State } from '../state/state.ts';

/** The one kind of event that the local Eventarc carries. */
export const OBJECT_FINALIZED = 'google.cloud.storage.object.v1.finalized';

/** A trigger; `name` is `projects/P/locations/L/triggers/T`. */
export interface Trigger {
  readonly name: string;
  readonly eventType: string;
  readonly bucket: string;
  readonly destinationUrl: string;
  readonly serviceAccountEmail: string;
  /** True: up to 24 hours, with back-off from 10 s to 600 s. False: one attempt, then the event is dropped. */
  readonly retry: boolean;
}

/** As much of a Cloud Storage object resource as the event's own attributes need; all of it is the event's data. */
export interface ObjectResourceLike {
  readonly bucket: string;
  readonly name: string;
  /** RFC 3339. */
  readonly timeCreated?: string;
}

const NAME = /^projects\/([^/]+)\/locations\/([^/]+)\/triggers\/([a-z][a-z0-9-]*)$/;
const LONGEST_HANDLING_SECONDS = 600;

export class Eventarc {
  readonly #state: State;
  readonly #pubsub: PubSub;
  readonly #clock: Clock;
  readonly #newId: NewId;
  readonly #put: StatementSync;
  readonly #topicsOfBucket: StatementSync;

  constructor(o: { state: State; pubsub: PubSub; clock: Clock; newId: NewId }) {
    this.#state = o.state;
    this.#pubsub = o.pubsub;
    this.#clock = o.clock;
    this.#newId = o.newId;
    o.state.sql.exec(`CREATE TABLE IF NOT EXISTS eventarc_triggers (
      name TEXT PRIMARY KEY, bucket TEXT NOT NULL, topic TEXT NOT NULL) STRICT`);
    this.#put = o.state.sql.prepare('INSERT OR REPLACE INTO eventarc_triggers VALUES (?, ?, ?)');
    this.#topicsOfBucket = o.state.sql.prepare(
      'SELECT topic FROM eventarc_triggers WHERE bucket = ? ORDER BY name',
    );
  }

  /** Makes the trigger, or updates its settings; 400 for a bad name, 501 for another kind of event. */
  ensureTrigger(trigger: Trigger): void {
    if (trigger.eventType !== OBJECT_FINALIZED) {
      throw notImplemented(`Eventarc triggers of the type ${trigger.eventType}`);
    }
    const transport = transportOf(trigger.name);
    this.#state.transaction(() => {
      this.#pubsub.ensureTopic({ name: transport.topic });
      this.#pubsub.ensureSubscription(
        {
          name: transport.subscription,
          topic: transport.topic,
          pushConfig: {
            pushEndpoint: trigger.destinationUrl,
            oidcToken: {
              serviceAccountEmail: trigger.serviceAccountEmail,
              audience: trigger.destinationUrl,
            },
          },
          ackDeadlineSeconds: LONGEST_HANDLING_SECONDS,
          messageRetentionDuration: '86400s',
          retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
        },
        { wrapper: 'cloudevent', once: !trigger.retry },
      );
      this.#put.run(trigger.name, trigger.bucket, transport.topic);
    });
  }

  /** Tells the bucket's triggers of a finished object; call it inside the transaction that makes the object. */
  objectFinalized(object: ObjectResourceLike): void {
    const topics = this.#topicsOfBucket.all(object.bucket) as unknown as { topic: string }[];
    for (const { topic } of topics) {
      const event = Buffer.from(JSON.stringify(this.#event(object)));
      this.#pubsub.publish(topic, [{ data: event.toString('base64') }]);
    }
  }

  #event(object: ObjectResourceLike): object {
    return {
      specversion: '1.0',
      id: this.#newId(),
      type: OBJECT_FINALIZED,
      source: `//storage.googleapis.com/projects/_/buckets/${object.bucket}`,
      subject: `objects/${object.name}`,
      time: object.timeCreated ?? new Date(this.#clock.now()).toISOString(),
      bucket: object.bucket,
      datacontenttype: 'application/json',
      data: object,
    };
  }
}

/** The topic and subscription of a trigger, named the way Eventarc names them; the same at each start. */
function transportOf(trigger: string): { topic: string; subscription: string } {
  const [, project, location, id] = NAME.exec(trigger) ?? [];
  if (project === undefined) {
    throw invalid(
      `Invalid trigger name "${trigger}": expected projects/PROJECT/locations/LOCATION/triggers/TRIGGER`,
    );
  }
  const number = (createHash('sha256').update(trigger).digest().readUInt32BE() % 1000)
    .toString()
    .padStart(3, '0');
  return {
    topic: `projects/${project}/topics/eventarc-${location}-${id}-${number}`,
    subscription: `projects/${project}/subscriptions/eventarc-${location}-${id}-sub-${number}`,
  };
}
