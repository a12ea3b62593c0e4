// The walls between the rooms, as pure functions from sources to the sentences that say who broke which.
import type { AdapterName } from '../../shared/functions/adapters.ts';
import type { Functions } from '../../shared/functions/registry.ts';
import { importsOf, roomOf, type Source } from './sources.ts';

export type Rule = (sources: readonly Source[]) => readonly string[];

/** Makes a rule that asks `broken` of every import of every file; it names the wall, or says nothing. */
const onImports =
  (broken: (path: string, imported: string) => string | undefined): Rule =>
  (sources) =>
    sources.flatMap((source) =>
      importsOf(source).flatMap((imported) => {
        const wall = broken(source.path, imported);
        return wall === undefined ? [] : [`${source.path} imports ${imported}: ${wall}`];
      }),
    );

/** Which of the tree's own rooms each room may import. `test` and `bench` look at everything. */
const KNOWS: Readonly<Record<string, readonly string[]>> = {
  functions: ['shared', 'pipelines', 'models'],
  shared: [],
  pipelines: ['shared', 'models'],
  infra: ['pipelines', 'shared'],
  // It compiles what a model has as sources of another language.
  build: ['shared', 'models'],
  jobs: ['shared', 'models'],
  models: [],
  local: [],
  cli: ['functions', 'shared', 'pipelines', 'infra', 'local', 'jobs', 'models'],
};

export const roomsKnowOnlyWhatTheyMay: Rule = onImports((path, imported) => {
  const known = KNOWS[roomOf(path)];
  const room = roomOf(imported);
  if (known === undefined || room === roomOf(path)) return undefined;
  const ours = room in KNOWS || room === 'test' || room === 'bench';
  return ours && !known.includes(room) ? `${roomOf(path)} knows nothing of ${room}` : undefined;
});

/**
 * The rooms of `shared/`, its folders and the files beside them: each imports only what stands before it, types
 * included, so none imports another in a circle.
 */
const SHARED_ROOMS = [
  ...[
    'service-codes.ts',
    'error-codes.ts',
    'errors.ts',
    'sentence.ts',
    'counted.ts',
    'command-line.ts',
    'regions.ts',
    'deployment.ts',
    'concurrently.ts',
    'kept-for-a-while.ts',
    'pages.ts',
    'config.ts',
  ],
  ...[
    'xgboost',
    'page',
    'report',
    'objects',
    'pipelines',
    'sources',
    'outputs',
    'runs',
    'requests',
    'tracing',
    'logging.ts',
  ],
  ...['http', 'access', 'api', 'events', 'executions', 'completion', 'history', 'warehouse', 'dead-letters'],
  ...['attempts', 'publications', 'reconciliation', 'functions', 'commands', 'google'],
];

const sharedRoomOf = (path: string): string | undefined => /^shared\/([^/]+)/.exec(path)?.[1];

export const sharedRoomsImportOnlyEarlierOnes: Rule = onImports((path, imported) => {
  const [room, other] = [sharedRoomOf(path), sharedRoomOf(imported)];
  if (room === undefined || other === undefined || room === other) return undefined;
  const [own, theirs] = [SHARED_ROOMS.indexOf(room), SHARED_ROOMS.indexOf(other)];
  if (own !== -1 && theirs !== -1 && theirs < own) return undefined;
  return `${other} does not stand before ${room} in the order of the rooms of shared/`;
});

const functionOf = (path: string): string | undefined => /^functions\/([^/]+)\//.exec(path)?.[1];

export const functionsNeverImportEachOther: Rule = onImports((path, imported) => {
  const [one, other] = [functionOf(path), functionOf(imported)];
  if (one === undefined || other === undefined || one === other) return undefined;
  return 'functions never know each other';
});

const jobOf = (path: string): string | undefined => /^jobs\/([^/]+)\//.exec(path)?.[1];

export const jobsNeverImportEachOther: Rule = onImports((path, imported) => {
  const [one, other] = [jobOf(path), jobOf(imported)];
  return one === undefined || other === undefined || one === other ? undefined : 'jobs never know each other';
});

const GOOGLE_CLIENT = /^(@google-cloud\/|googleapis|google-auth-library|google-gax|gaxios|gcp-metadata)/;
const FRAMEWORK = /^@google-cloud\/functions-framework/;

/** The framework is what a function's entry registers with, and what a bundle is built around. */
const mayImportFramework = (path: string): boolean =>
  /^functions\/[^/]+\/index\.ts$/.test(path) || path === 'build/exercise.ts';

export const onlyAdaptersImportGoogleClients: Rule = onImports((path, imported) => {
  if (!GOOGLE_CLIENT.test(imported) || ['test', 'bench'].includes(roomOf(path))) return undefined;
  if (FRAMEWORK.test(imported)) {
    return mayImportFramework(path) ? undefined : 'the functions framework is for entry points';
  }
  return path.startsWith('shared/google/') ? undefined : 'only shared/google imports Google clients';
});

/** The files of `shared/google/` that make each port. */
const MADE_IN: Readonly<Record<AdapterName, readonly string[]>> = {
  objects: ['storage', 'thin-storage'],
  topic: ['pubsub'],
  call: ['function-calls'],
  deliver: ['functions'],
  jobs: ['run'],
  sources: ['sources'],
  warehouse: ['bigquery', 'lazy-warehouse'],
  deadLetters: ['dead-letters'],
  tokenKeys: ['token-keys'],
  links: ['signed-links'],
  jobLog: ['job-log'],
  recordedTraces: ['recorded-traces'],
};

/** A function makes ports only for the rights that it declares: for any other its identity has no role. */
export const functionsImportOnlyTheirAdapters =
  (functions: Functions): Rule =>
  (sources) =>
    onImports((path, imported) => {
      const name = functionOf(path);
      const adapter = /^shared\/google\/(.+)\.ts$/.exec(imported)?.[1];
      if (name === undefined || adapter === undefined) return undefined;
      if (!path.endsWith('/index.ts'))
        return 'a function is handed its ports; only its index.ts knows the adapters';
      const rights = functions.get(name)?.rights ?? [];
      const allowed = ['process', ...rights.flatMap((right) => MADE_IN[right.adapter])];
      return allowed.includes(adapter) ? undefined : `${name} declares no right that takes ${adapter}`;
    })(sources);

const DECLARATION = /^functions\/[^/]+\/function\.ts$/;
/** The vocabulary of declarations, and the names of topics and bodies of calls. */
const DECLARED_WITH = /^shared\/(functions\/|deployment\.ts$|events\/messages\.ts$)/;

/** Infra, walls and other functions read a declaration, so it brings nothing along that does something. */
export const declarationsAreData: Rule = onImports((path, imported) =>
  DECLARATION.test(path) && !DECLARED_WITH.test(imported)
    ? 'a declaration is data, and imports only the vocabulary of declarations'
    : undefined,
);

/** A port stands beside its domain and never imports the adapter behind it. */
export const domainsNeverImportAdapters: Rule = onImports((path, imported) =>
  roomOf(path) === 'shared' && !path.startsWith('shared/google/') && imported.startsWith('shared/google/')
    ? 'a domain knows its port, not the adapter'
    : undefined,
);

// Who starts a process, or starts one for others with a little of its own environment (PATH and the like).
const READS_ENVIRONMENT = [
  /^functions\/[^/]+\/index\.ts$/,
  /^jobs\/[^/]+\/main\.ts$/,
  /^cli\/(start|query|sluice|target|env-file|caller-folder)\.ts$/,
  /^local\/functions\/(host|functions)\.ts$/,
  /^local\/run\/executor\.ts$/,
  /^infra\/index\.ts$/,
  /^(bench|test)\//,
];

export const onlyEntryPointsReadTheEnvironment: Rule = (sources) =>
  sources
    .filter(({ path }) => !READS_ENVIRONMENT.some((entry) => entry.test(path)))
    .filter(readsEnvironment)
    .map(({ path }) => `${path} reads the environment; only entry points do, and hand it on`);

const readsEnvironment = (source: Source): boolean =>
  /\bprocess\s*(\.|\?\.)\s*env\b|\bprocess\s*\[|[{,]\s*env\b[^}]*\}\s*=\s*process\b/.test(source.text) ||
  importsOf(source).some((imported) => /^(node:)?process$/.test(imported));
