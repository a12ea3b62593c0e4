// Cloud Logging: every entry that a service writes is compared with the sinks, and published where it fits; and the log views.
import { invalid } from '../http/errors.ts';
import type { PublishedMessage } from '../pubsub/pubsub.ts';
import type { ExecutionRecord } from '../run/records.ts';
import { entriesOf } from './entries.ts';
import { readFilter, type EntryFilter, type LogEntry } from './filter.ts';
import type { Views } from './views.ts';

export interface Sink {
  readonly name: string;
  /** `pubsub.googleapis.com/projects/P/topics/T`. */
  readonly destination: string;
  readonly filter: string;
}

export interface Kept {
  readonly views: Views;
  /** The execution of that short name in a project. */
  readonly executionNamed: (project: string, name: string) => ExecutionRecord | undefined;
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

  readonly #kept: Kept | undefined;

  /** `kept`: what entries are read from; without it they are only routed. */
  constructor(publish: (topic: string, messages: readonly PublishedMessage[]) => void, kept?: Kept) {
    this.#publish = publish;
    this.#kept = kept;
  }

  /** Makes the sink, or brings it up to date. 400 for a destination that is no topic, 501 for a filter unknown here. */
  ensureSink({ name, destination, filter }: Sink): void {
    const topic = TO_TOPIC.exec(destination)?.[1];
    if (topic === undefined) throw invalid(`The destination ${destination} of the sink ${name} is no topic.`);
    this.#sinks.set(name, { topic, fits: readFilter(filter) });
  }

  /** Makes the view, or brings it up to date. 501 for a filter unknown here. */
  ensureView(name: string, filter: string): void {
    this.#kept?.views.ensure(name, filter);
  }

  /** What the view of that full name shows of an execution's log; undefined where there is no such view. */
  entriesIn(view: string, execution: string): readonly LogEntry[] | undefined {
    const shown = this.#kept?.views.named(view);
    const found = this.#kept?.executionNamed(view.split('/')[1] ?? '', execution);
    return shown && (found === undefined ? [] : entriesOf(found).filter(shown));
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
