// Cloud Logging's router: every entry that a service writes is compared with the sinks, and published where it fits.
import { invalid } from '../http/errors.ts';
import type { PublishedMessage } from '../pubsub/pubsub.ts';
import { readFilter, type EntryFilter, type LogEntry } from './filter.ts';

export interface Sink {
  readonly name: string;
  /** `pubsub.googleapis.com/projects/P/topics/T`. */
  readonly destination: string;
  readonly filter: string;
}

interface Routed {
  readonly topic: string;
  readonly fits: EntryFilter;
}

const TO_TOPIC = /^pubsub\.googleapis\.com\/(projects\/[^/]+\/topics\/[^/]+)$/;

export class Logging {
  readonly #publish: (topic: string, messages: readonly PublishedMessage[]) => void;
  // Each provisioning declares all sinks.
  readonly #sinks = new Map<string, Routed>();

  constructor(publish: (topic: string, messages: readonly PublishedMessage[]) => void) {
    this.#publish = publish;
  }

  /** Makes the sink, or brings it up to date. 400 for a destination that is no topic, 501 for a filter unknown here. */
  ensureSink({ name, destination, filter }: Sink): void {
    const topic = TO_TOPIC.exec(destination)?.[1];
    if (topic === undefined) throw invalid(`The destination ${destination} of the sink ${name} is no topic.`);
    this.#sinks.set(name, { topic, fits: readFilter(filter) });
  }

  /** Routes an entry; called in the transaction of the logged change, so that there is never one without the other. */
  write(entry: LogEntry & { readonly timestamp: string }): void {
    const data = Buffer.from(JSON.stringify(entry)).toString('base64');
    const attributes = { 'logging.googleapis.com/timestamp': entry.timestamp };
    for (const { topic, fits } of this.#sinks.values()) {
      if (fits(entry)) this.#publish(topic, [{ data, attributes }]);
    }
  }
}
