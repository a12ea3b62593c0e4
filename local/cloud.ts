// The embedded cloud: every service over one folder on disk and one loopback address per identity.
import { join } from 'node:path';
import { openBigQuery, type BigQuery } from './bigquery/bigquery.ts';
import { bigqueryRoutes } from './bigquery/routes.ts';
import type { Clock } from './clock.ts';
import { Drive, driveRoutes } from './drive/drive.ts';
import { Functions } from './functions/functions.ts';
import { fromInsideTo } from './functions/inside.ts';
import { functionRoutes } from './functions/routes.ts';
import { createApi, OPERATOR, type Api } from './http/api.ts';
import { ApiError, forbidden, invalid } from './http/errors.ts';
import { LOGGING_AGENT, PUBSUB_AGENT, STORAGE_AGENT } from './iam/agents.ts';
import { identityRoutes } from './iam/identity-routes.ts';
import { Iam } from './iam/iam.ts';
import { keysOf, type AgentMay } from './iam/keys.ts';
import { Tokens } from './iam/tokens.ts';
import type { NewId } from './ids.ts';
import { Logging } from './logging/logging.ts';
import { metadataRoutes } from './metadata/routes.ts';
import { postOverHttp, sendOverHttp } from './pubsub/post.ts';
import { PubSub, type Interference, type PublishedMessage } from './pubsub/pubsub.ts';
import { pubsubRoutes } from './pubsub/routes.ts';
import { finishedEntry } from './run/finished-entry.ts';
import { RunJobs, type Image } from './run/jobs.ts';
import { runRoutes } from './run/routes.ts';
import { schedulerRoutes } from './scheduler/routes.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { privateFolder } from './state/private-folder.ts';
import { openState } from './state/state.ts';
import { storageRoutes } from './storage/routes.ts';
import { Storage } from './storage/storage.ts';
import { traceRoutes } from './trace/routes.ts';
import { Traces } from './trace/traces.ts';

// Each has a port of its own, for as long as the cloud is open.
const MOST_IDENTITIES = 500;

export interface CloudOptions {
  /** Where everything is kept. */
  readonly folder: string;
  readonly projectId: string;
  readonly driveFolder: string;
  readonly driveFolderId: string;
  /** The local process that stands for a container image. */
  readonly images: (image: string) => Image | undefined;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly chance: () => number;
  readonly onLog?: (line: { readonly from: string; readonly text: string }) => void;
  /** For tests: events that are lost, or come twice. */
  readonly interference?: Interference;
}

export interface Cloud {
  readonly projectId: string;
  /** The operator's address; `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly api: Api;
  readonly iam: Iam;
  readonly storage: Storage;
  readonly pubsub: PubSub;
  readonly logging: Logging;
  readonly scheduler: Scheduler;
  readonly functions: Functions;
  readonly jobs: RunJobs;
  readonly bigquery: BigQuery;
  readonly traces: Traces;
  readonly functionUrl: (name: string) => string;
  /** What a process of that identity needs in its environment to find the cloud. */
  readonly envOf: (identity: string) => Promise<Record<string, string>>;
  /** Starts what moves by itself: functions, deliveries, schedules, executions. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the cloud; nothing moves before `start`. One process may have a folder open at a time. */
export async function openCloud(options: CloudOptions): Promise<Cloud> {
  const { folder, projectId, clock, newId } = options;
  privateFolder(folder);
  const state = openState(join(folder, 'state.db'));
  const api = createApi();
  const inside = fromInsideTo((url) => api.serves(url));
  const iam = new Iam({ state, projectId });
  const tokens = await Tokens.open(state);
  const mintIdToken = (email: string, audience: string) => tokens.mintIdToken(email, audience);
  /** Asks for a right of one of Google's own agents; what it lacks is said in the log of its service. */
  const agentMay: AgentMay = (from, agent, permission, resource) => {
    if (iam.allows(agent, permission, resource)) return true;
    options.onLog?.({ from, text: `${agent} does not have ${permission} on ${resource}` });
    return false;
  };

  const pubsub = new PubSub({
    ...options,
    state,
    post: inside(postOverHttp),
    async mintIdToken(email, audience) {
      const account = `projects/${projectId}/serviceAccounts/${email}`;
      if (!agentMay('pubsub', PUBSUB_AGENT, 'iam.serviceAccounts.getOpenIdToken', account))
        throw forbidden(`${PUBSUB_AGENT} may not sign as ${email}`);
      return mintIdToken(email, audience);
    },
    useKey: keysOf('pubsub', agentMay),
    mayForward: ({ subscription, deadLetterTopic }) =>
      agentMay('pubsub', PUBSUB_AGENT, 'pubsub.topics.publish', deadLetterTopic) &&
      agentMay('pubsub', PUBSUB_AGENT, 'pubsub.subscriptions.consume', subscription),
  });
  /** News of another service: what Pub/Sub refuses is said in that service's log, and nothing else fails by it. */
  const tell = (from: string, agent: string, topic: string, messages: readonly PublishedMessage[]) => {
    if (!agentMay(from, agent, 'pubsub.topics.publish', topic)) return;
    try {
      pubsub.publish(topic, messages);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      options.onLog?.({ from, text: `${topic} was not told: ${error.message}` });
    }
  };
  const logging = new Logging((topic, messages) => tell('logging', LOGGING_AGENT, topic, messages));
  const storage: Storage = new Storage({
    state,
    folder: join(folder, 'storage'),
    clock,
    newId,
    onFinalized(object, overwrote) {
      for (const { topic, ...message } of storage.notifications.messagesFor(object, overwrote))
        tell('storage', STORAGE_AGENT, topic, [message]);
    },
    useKey: keysOf('storage', agentMay),
  });
  storage.objects.applyLifecycle();
  const scheduler = new Scheduler({ state, clock, send: inside(sendOverHttp), mintIdToken });
  const drive = new Drive({
    folder: options.driveFolder,
    folderId: options.driveFolderId,
    state,
    clock,
    newId,
  });
  const bigquery = await openBigQuery({
    file: join(folder, 'bigquery', `${projectId}.duckdb`),
    projectId,
    clock,
    newId,
    findObject(bucket, name) {
      const found = storage.find(bucket, name);
      return found && { path: found.path, sizeBytes: Number(found.resource.size) };
    },
    useKey: keysOf('bigquery', agentMay),
  });

  const ports = new Map<string, Promise<number>>();
  const portOf = (identity: string) => {
    if (!ports.has(identity) && ports.size >= MOST_IDENTITIES)
      return Promise.reject(invalid(`There are ${MOST_IDENTITIES} identities with a port already.`));
    const known = ports.get(identity) ?? api.listenAs(identity);
    ports.set(identity, known);
    return known;
  };
  const envOf = async (identity: string) => environment(projectId, await portOf(identity));
  const logFolder = join(folder, 'logs');
  const functions = new Functions({
    clock,
    envOf,
    verifyIdToken: (header, audience) => tokens.verifyIdToken(header, audience),
    mayInvoke: (email, name) => iam.allows(email, 'run.routes.invoke', functionResource(projectId, name)),
    logFolder,
    onLog: ({ name, text }) => options.onLog?.({ from: name, text }),
  });
  const jobs = new RunJobs({
    state,
    clock,
    newId,
    envOf,
    images: options.images,
    logFolder,
    onLog: ({ job, text }) => options.onLog?.({ from: job.slice(job.lastIndexOf('/') + 1), text }),
    onEnded: (execution) => logging.write(finishedEntry(execution)),
  });

  const traces = new Traces(state);
  const { app } = api;
  storageRoutes(app, storage, iam.authorize);
  pubsubRoutes(app, pubsub, iam.authorize);
  schedulerRoutes(app, scheduler, iam.authorize);
  driveRoutes(app, drive, iam.authorize);
  bigqueryRoutes(app, bigquery, iam.authorize);
  runRoutes(app, jobs, iam.authorize);
  traceRoutes(app, traces, projectId, iam.authorize);
  functionRoutes(app, functions);
  metadataRoutes(app, { projectId, tokens });
  identityRoutes(app, portOf);
  const endpoint = `http://127.0.0.1:${await portOf(OPERATOR)}`;

  return {
    projectId,
    endpoint,
    api,
    iam,
    storage,
    pubsub,
    logging,
    scheduler,
    functions,
    jobs,
    bigquery,
    traces,
    functionUrl: (name) => `${endpoint}/functions/${name}`,
    envOf,
    async start() {
      await functions.start();
      jobs.start();
      pubsub.start();
      scheduler.start();
    },
    async close() {
      await scheduler.stop();
      await pubsub.stop();
      await jobs.stop();
      await functions.stop();
      await api.close();
      await bigquery.close();
      state.close();
    },
  };
}

/** The resource on which a function's invokers are granted their role. */
export const functionResource = (projectId: string, name: string): string =>
  `projects/${projectId}/functions/${name}`;

const environment = (projectId: string, port: number): Record<string, string> => ({
  GOOGLE_CLOUD_PROJECT: projectId,
  GOOGLE_API_ENDPOINT: `http://127.0.0.1:${port}`,
  // Google's own authentication looks here for its tokens.
  GCE_METADATA_HOST: `127.0.0.1:${port}`,
  METADATA_SERVER_DETECTION: 'assume-present',
});
