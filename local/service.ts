// What the embedded cloud is made of: each service's folder describes itself in a service.ts, in these terms.
import type { FastifyInstance } from 'fastify';
import type { BigQuery } from './bigquery/bigquery.ts';
import type { Clock } from './clock.ts';
import type { Drive } from './drive/drive.ts';
import type { Functions } from './functions/functions.ts';
import type { StartInstance } from './functions/instance.ts';
import type { Api } from './http/api.ts';
import type { Iap } from './iap/iap.ts';
import type { AccountKeys } from './iam/account-keys.ts';
import type { Iam } from './iam/iam.ts';
import type { AgentMay } from './iam/keys.ts';
import type { Tokens } from './iam/tokens.ts';
import type { NewId } from './ids.ts';
import type { Logging } from './logging/logging.ts';
import type { Interference, PubSub } from './pubsub/pubsub.ts';
import type { Image, RunJobs } from './run/jobs.ts';
import type { Scheduler } from './scheduler/scheduler.ts';
import type { State } from './state/state.ts';
import type { Storage } from './storage/storage.ts';
import type { Files } from './third-parties/files.ts';
import type { Traces } from './trace/traces.ts';

export interface CloudOptions {
  /** Where everything is kept. */
  readonly folder: string;
  readonly projectId: string;
  /** The plain folders that stand for Drive folders, by the ids of these; at least one. */
  readonly driveFolders: Readonly<Record<string, string>>;
  /** The local process that stands for a container image. */
  readonly images: (image: string) => Image | undefined;
  /** The folder that stand-ins for third parties answer from; without it there are none. */
  readonly thirdParties?: string;
  /** What Node is given before the program of a function. Default nothing. */
  readonly nodeOptions?: readonly string[];
  /** How the process of a function's instance is started. Default: a new one for each. */
  readonly startInstance?: StartInstance;
  /** The port that is asked for an identity. Where it is taken, or none is named, the identity gets any free one. */
  readonly portFor?: (identity: string) => number | undefined;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly chance: () => number;
  readonly onLog?: (line: { readonly from: string; readonly text: string }) => void;
  /** For tests: events that are lost, or come twice. */
  readonly interference?: Interference;
}

/** What every service stands on. */
export interface Context {
  readonly options: CloudOptions;
  readonly state: State;
  readonly api: Api;
  readonly iam: Iam;
  readonly tokens: Tokens;
  readonly accountKeys: AccountKeys;
  /** The loopback port on which each request counts as made by that identity; opened when it is first asked for. */
  readonly portOf: (identity: string) => Promise<number>;
  /** What a process of that identity needs in its environment to find the cloud. */
  readonly envOf: (identity: string) => Promise<Record<string, string>>;
  /** Whether one of Google's own agents has a right; what it lacks is written to the log of its service. */
  readonly agentMay: AgentMay;
  readonly log: (from: string, text: string) => void;
}

/** The services by name, each as the object that does its work. */
export interface Services {
  readonly iam: Iam;
  readonly metadata: Tokens;
  readonly drive: Drive;
  readonly traces: Traces;
  readonly bigquery: BigQuery;
  readonly storage: Storage;
  readonly functions: Functions;
  readonly iap: Iap;
  readonly jobs: RunJobs;
  readonly logging: Logging;
  readonly pubsub: PubSub;
  readonly scheduler: Scheduler;
  readonly thirdParties: Files | undefined;
}

export interface Cloud extends Services {
  readonly projectId: string;
  /** The operator's address; `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly api: Api;
  readonly functionUrl: (name: string) => string;
  readonly envOf: Context['envOf'];
  /** Rises whenever a service changes what it keeps in the state, such as an object of Cloud Storage. */
  readonly changes: State['changes'];
  /** Commits at once what the services keep in the state. */
  readonly transaction: State['transaction'];
  /** Starts what moves by itself: functions, deliveries, schedules, executions. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** A resource as Pulumi's mock monitor saw it, with every input known. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Provisioning {
  readonly cloud: Cloud;
  /** Where the folders of the functions' sources start from. */
  readonly sourceRoot: string;
}

/** Creates one resource of its type; called again with the same inputs, it changes nothing. */
export type Creator = (resource: Resource, provisioning: Provisioning) => void | Promise<void>;

/** By Pulumi's type token, in the order in which one needs the other. */
export type Creators = Readonly<Record<string, Creator>>;

export interface Service<Opened> {
  /**
   * Makes the service over the state; nothing moves before `start`. `others` is filled while the cloud opens: it is
   * for what the service does later, never for its opening.
   */
  open(context: Context, others: Services): Opened | Promise<Opened>;
  routes?(app: FastifyInstance, opened: Opened, context: Context): void;
  /** What the infra program can have it create. */
  readonly creators?: Creators;
  start?(opened: Opened): void | Promise<void>;
  /** Ends what `start` began; requests are still answered. */
  stop?(opened: Opened): Promise<void>;
  /** Gives back what `open` took, when no request comes any more. */
  close?(opened: Opened): Promise<void>;
}
