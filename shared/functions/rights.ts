// The rights that a function can declare: each implies its grants, its variables and the port that uses it.
import type { z } from 'zod';
import { address, bucket, location, matching, region, topic } from '../config.ts';
import type { AdapterName } from './adapters.ts';

/** A right as data. `variables` are the environment variables that it implies, and `adapter` makes the port. */
interface RightOf<Kind extends string, Adapter extends AdapterName, Variables extends z.ZodRawShape> {
  readonly kind: Kind;
  readonly adapter: Adapter;
  readonly variables: Variables;
  /** It is granted only in a stack with a pipeline that takes requests; on jobs, only on those of such pipelines. */
  readonly only?: 'requests';
}

const BUCKETS = {
  runs: { RUNS_BUCKET: bucket() },
  results: { RESULTS_BUCKET: bucket() },
  exports: { EXPORTS_BUCKET: bucket() },
  requests: { REQUESTS_BUCKET: bucket() },
  audit: { AUDIT_BUCKET: bucket() },
};
export type BucketName = keyof typeof BUCKETS;
type BucketVariables = { [Name in BucketName]: (typeof BUCKETS)[Name] };

interface BucketRight<Kind extends string, Name extends BucketName> extends RightOf<
  Kind,
  'objects',
  BucketVariables[Name]
> {
  readonly bucket: Name;
}

/** Adds objects to the bucket and reads them; changes and deletes none (law 2). */
export const adds = <Name extends BucketName>(name: Name): BucketRight<'adds', Name> => ({
  kind: 'adds',
  bucket: name,
  adapter: 'objects',
  variables: BUCKETS[name],
});

export const reads = <Name extends BucketName>(name: Name): BucketRight<'reads', Name> => ({
  kind: 'reads',
  bucket: name,
  adapter: 'objects',
  variables: BUCKETS[name],
});

/** Replaces and deletes the two objects of each pipeline that change. */
export const movesState = (name: 'runs'): BucketRight<'moves-state', 'runs'> => ({
  kind: 'moves-state',
  bucket: name,
  adapter: 'objects',
  variables: BUCKETS[name],
});

/** Lists and overwrites what the jobs of requested runs wrote, and reads none of it. */
export const erases = (name: 'results'): BucketRight<'erases', 'results'> => ({
  kind: 'erases',
  bucket: name,
  adapter: 'objects',
  variables: BUCKETS[name],
});

/** The folders of the requests bucket in which objects are replaced or deleted, by their generation. */
export type RequestsFolder = 'queue' | 'content' | 'dispatch';
interface ChangesRight<Folder extends RequestsFolder> extends BucketRight<'changes', 'requests'> {
  readonly folder: Folder;
}

/** Replaces and deletes objects in one folder of the requests bucket. */
export const changes = <Folder extends RequestsFolder>(
  name: 'requests',
  folder: Folder,
): ChangesRight<Folder> => ({
  kind: 'changes',
  bucket: name,
  folder,
  adapter: 'objects',
  variables: BUCKETS[name],
});

type UpperSnake<Name extends string> = Name extends `${infer Head}-${infer Rest}`
  ? `${Uppercase<Head>}_${UpperSnake<Rest>}`
  : Uppercase<Name>;
const upperSnake = (name: string): string => name.toUpperCase().replaceAll('-', '_');

/** A shape of one variable, whose name is part of the type. */
const variable = <Name extends string, Form>(name: string, form: Form): Record<Name, Form> =>
  ({ [name]: form }) as Record<Name, Form>;

type TopicVariable<Name extends string> = Record<`${UpperSnake<Name>}_TOPIC`, ReturnType<typeof topic>>;
interface PublishesRight<Name extends string> extends RightOf<'publishes', 'topic', TopicVariable<Name>> {
  readonly topic: Name;
}

/** Publishes messages to the topic, which is created even if no function receives it. */
export const publishes = <Name extends string>(name: Name): PublishesRight<Name> => ({
  kind: 'publishes',
  topic: name,
  adapter: 'topic',
  variables: variable(`${upperSnake(name)}_TOPIC`, topic()),
});

type UrlVariable<Name extends string> = Record<`${UpperSnake<Name>}_URL`, ReturnType<typeof address>>;
interface CallRight<Adapter extends 'call' | 'deliver', Name extends string> extends RightOf<
  'calls',
  Adapter,
  UrlVariable<Name>
> {
  readonly function: Name;
}

/** Calls the function over HTTP, which names this function in its `calledBy`. */
export const calls = <Name extends string>(name: Name): CallRight<'call', Name> => ({
  kind: 'calls',
  function: name,
  adapter: 'call',
  variables: variable(`${upperSnake(name)}_URL`, address()),
});

/** Delivers messages to the function as Pub/Sub would push them; it names this function in its `calledBy`. */
export const delivers = <Name extends string>(name: Name): CallRight<'deliver', Name> => ({
  kind: 'calls',
  function: name,
  adapter: 'deliver',
  variables: variable(`${upperSnake(name)}_URL`, address()),
});

/** The region of the jobs, which may differ from the function's. */
const jobVariables = { JOB_REGION: region() };
interface JobsRight<Kind extends string> extends RightOf<Kind, 'jobs', typeof jobVariables> {
  readonly on: 'jobs';
}

/** Starts executions of every pipeline's job, and finds them. */
export const starts = (on: 'jobs'): JobsRight<'starts'> => ({
  kind: 'starts',
  on,
  adapter: 'jobs',
  variables: jobVariables,
});

/** Reads and cancels executions of every pipeline's job; starts none. */
export const operates = (on: 'jobs'): JobsRight<'operates'> => ({
  kind: 'operates',
  on,
  adapter: 'jobs',
  variables: jobVariables,
});

/** Stages rows, and replaces those of the published tables. */
export const publishesTables = () =>
  ({
    kind: 'publishes-tables',
    adapter: 'warehouse',
    variables: { WAREHOUSE_LOCATION: location() },
  }) as const;

/** Queries the ledger; changes nothing, and reads no published table. */
export const readsLedger = () =>
  ({
    kind: 'reads-ledger',
    adapter: 'warehouse',
    variables: { WAREHOUSE_LOCATION: location() },
  }) as const;

/** Reads the log of every execution of the pipelines' jobs, and no other log. */
export const readsLogs = (on: 'jobs') =>
  ({ kind: 'reads-logs', on, adapter: 'jobLog', variables: {} }) as const;

/** Reads recorded traces. */
export const readsTraces = () =>
  ({ kind: 'reads-traces', adapter: 'recordedTraces', variables: {} }) as const;

/** Copies files and models into the export bucket, moves their pointers, and starts the retention of superseded ones. */
export const publishesObjects = () =>
  ({ kind: 'publishes-objects', adapter: 'objects', variables: { EXPORTS_BUCKET: bucket() } }) as const;

/** Reads dead letters of every subscription, and publishes them again to the topics that they came from. */
export const redrivesDeadLetters = () =>
  ({ kind: 'redrives-dead-letters', adapter: 'deadLetters', variables: {} }) as const;

/** Lists the sources, whose settings are among the function's variables. Each Drive folder has to be shared with the function's account. */
export const watchesSources = () => ({ kind: 'watches-sources', adapter: 'sources', variables: {} }) as const;

/** Reads files of the sources. Each Drive folder has to be shared with the function's account. */
export const readsSources = () => ({ kind: 'reads-sources', adapter: 'sources', variables: {} }) as const;

/** Fetches the public keys of Google's issuers of identity tokens, which need no grant. */
export const verifiesTokens = () =>
  ({ kind: 'verifies-tokens', adapter: 'tokenKeys', variables: {} }) as const;

/** Signs links to objects that it may read, as its own account. */
export const signsLinks = () => ({ kind: 'signs-links', adapter: 'links', variables: {} }) as const;

const shortName = () => matching(/^[a-z][a-z0-9-]*$/, 'a name of lower-case letters, digits and dashes');
const SERVICE_VARIABLES = {
  PIPELINE: shortName(),
  SERVICE: shortName(),
  /** The pipeline's model whose pointer the service follows. */
  MODEL: shortName(),
  EXPORTS_BUCKET: bucket(),
};
export type FollowsModelRight = RightOf<'follows-model', 'objects', typeof SERVICE_VARIABLES>;

/** Reads what the service's pipeline publishes. Only `defineService` declares it. */
export const FOLLOWS_MODEL: FollowsModelRight = {
  kind: 'follows-model',
  adapter: 'objects',
  variables: SERVICE_VARIABLES,
};

export type Right =
  | BucketRight<'adds', BucketName>
  | BucketRight<'reads', BucketName>
  | BucketRight<'moves-state', 'runs'>
  | BucketRight<'erases', 'results'>
  | ChangesRight<RequestsFolder>
  | PublishesRight<string>
  | CallRight<'call' | 'deliver', string>
  | JobsRight<'starts' | 'operates'>
  | ReturnType<typeof publishesTables>
  | ReturnType<typeof readsLedger>
  | ReturnType<typeof readsLogs>
  | ReturnType<typeof readsTraces>
  | ReturnType<typeof publishesObjects>
  | FollowsModelRight
  | ReturnType<typeof redrivesDeadLetters>
  | ReturnType<typeof verifiesTokens>
  | ReturnType<typeof signsLinks>
  | ReturnType<typeof watchesSources>
  | ReturnType<typeof readsSources>;

/** The same right, granted only where and on what requested runs need it. */
export const forRequests = <R extends Right>(right: R): R => ({ ...right, only: 'requests' });

/** A right with its object: `adds runs`, `calls start-run`. Two rights of one name are the same right. */
export const nameOfRight = (right: Right): string => {
  if ('folder' in right) return `${right.kind} ${right.folder} of ${right.bucket}`;
  if ('bucket' in right) return `${right.kind} ${right.bucket}`;
  if ('topic' in right) return `${right.kind} ${right.topic}`;
  return 'function' in right ? `${right.kind} ${right.function}` : right.kind;
};
