// What a function's composition receives: makers of its ports, and the clock, ids, log and traces of the process.
import type { IssuerKeys } from '../access/key-set.ts';
import type { DeadLetters } from '../dead-letters/dead-letters.ts';
import type { Publisher } from '../events/messages.ts';
import type { JobLog } from '../executions/job-log.ts';
import type { JobRunner } from '../executions/runner.ts';
import type { Log } from '../logging.ts';
import type { LinkSigner } from '../objects/links.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { Pipelines } from '../pipelines/registry.ts';
import type { Sources } from '../sources/source.ts';
import type { RecordedTraces } from '../tracing/recorded.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

export interface CloudConfig {
  readonly GOOGLE_CLOUD_PROJECT: string;
  readonly GOOGLE_API_ENDPOINT?: string | undefined;
}

/** A maker for each port, by the names that the rights use. A function receives those of its rights. */
export interface Adapters {
  readonly objects: (bucket: string, config: CloudConfig) => ObjectStore;
  readonly topic: <Message>(name: string, config: CloudConfig) => Publisher<Message>;
  /** Posts a body to the function at an address, with more headers, and returns its answer. */
  readonly call: (url: string, body: object, headers?: Readonly<Record<string, string>>) => Promise<unknown>;
  /** Delivers messages to the function at an address; `topic` is the full name of the topic that it stands for. */
  readonly deliver: <Message>(url: string, topic: string) => Publisher<Message>;
  readonly jobs: (name: string, config: CloudConfig & { readonly JOB_REGION: string }) => JobRunner;
  /** The sources write frozen files into `runs`. */
  readonly sources: (config: CloudConfig, runs: ObjectStore) => Sources;
  readonly warehouse: (config: CloudConfig & { readonly WAREHOUSE_LOCATION: string }) => Warehouse;
  readonly deadLetters: (config: CloudConfig) => DeadLetters;
  readonly tokenKeys: (config: CloudConfig) => IssuerKeys;
  readonly jobLog: (config: CloudConfig) => JobLog;
  readonly recordedTraces: (config: CloudConfig) => RecordedTraces;
  /** Signs links to objects of the bucket. */
  readonly links: (bucket: string, config: CloudConfig) => LinkSigner;
}
export type AdapterName = keyof Adapters;

/** What every function receives, whatever its rights. */
export interface Process {
  /** Those that are deployed. */
  readonly pipelines: Pipelines;
  readonly now: () => number;
  readonly newId: () => string;
  /** Rejects when `signal` is aborted: what was waited for is not needed any more. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly createLog: (component: string, project: string) => Log;
  readonly openTracing: (component: string, config: CloudConfig, log: Log) => Tracing;
}

export interface Tracing {
  /** Does the work, and sends its spans before it returns: after the answer an instance gets no processor time. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
}
