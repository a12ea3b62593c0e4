// What differs from one stack to the next: Pulumi's stack configuration, read in one place.
import { Config } from '@pulumi/pulumi';
import { z } from 'zod';
import { location, matching, projectId, readConfig, region } from '../shared/config.ts';
import { ConfigurationError } from '../shared/errors.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { withoutSourceEvents, type Functions } from '../shared/functions/registry.ts';
import { deployedFunctions, type DeployedFunctions } from '../shared/functions/services.ts';
import { wrongPlaces, type WatchedPlace } from '../shared/pipelines/overlaps.ts';
import { CALLERS } from '../shared/pipelines/services.ts';
import { camelCase, stackKeyOf, variableOf } from '../shared/pipelines/setting.ts';
import {
  configured,
  settingsOf,
  sourceVariables,
  watchedPlaces,
} from '../shared/pipelines/source-settings.ts';

export interface Settings {
  readonly project: string;
  readonly region: string;
  /** Where jobs run, and their images are. */
  readonly jobRegion: string;
  /** Of buckets and datasets. */
  readonly location: string;
  /** What the stack says of a function's variable, `OVERDUE_SECONDS`, or its fallback. */
  readonly functionSetting: (variable: string) => string;
  /** The digest of a job's image, `sha256:…`; `image:forecast` in the stack's configuration. */
  readonly imageDigest: (image: string) => string;
  /** Where each function's source is, in a folder of its name; `npm run bundle` writes them there. */
  readonly functionsFolder: string;
  /** The shortest wait before a failed delivery is tried again. */
  readonly minimumBackoff: string;
  readonly maximumBackoff: string;
  /** Who may give orders: members such as `user:ada@example.org` or `group:…`. */
  readonly operators: readonly string[];
  /** Who may read the published tables, in the same form. */
  readonly readers: readonly string[];
  /** Who is told when something is wrong. */
  readonly alertEmails: readonly string[];
  /** Undefined: the stack watches no budget. */
  readonly billingAccount: string | undefined;
  /** A whole number of the billing account's currency, a month. */
  readonly monthlyBudget: string;
  /** Those that the stack configures. */
  readonly pipelines: readonly Pipeline[];
  /** One sentence for each pipeline of which the stack says nothing. */
  readonly leftOut: readonly string[];
  /** What they watch in buckets. */
  readonly watched: readonly WatchedPlace[];
  /**
   * Each under the name that it is deployed with: a source of services once for each service of these pipelines.
   * What receives the events of watched buckets is left out where there are none.
   */
  readonly functions: DeployedFunctions;
  /** Who may call the services of a pipeline, in the form of `operators`. */
  readonly callersOf: (pipeline: string) => readonly string[];
}

/** Words between commas or spaces, each of this form. */
const words = (form: RegExp, example: string) =>
  z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter((word) => word !== ''))
    .refine((list) => list.every((word) => form.test(word)), `expected ${example}, separated by commas`);

const members = () =>
  words(/^(user|group|serviceAccount|domain):[^:]+$/, 'members such as user:ada@example.org').default([]);

const backoff = () => matching(/^(\d|[1-9]\d|[1-5]\d\d|600)s$/, 'seconds from 0s to 600s');

const stackVariables = {
  'gcp:project': projectId(),
  'gcp:region': region().default('europe-west1'),
  'sluice:jobRegion': region().optional(),
  'sluice:location': location().default('EU'),
  'sluice:minimumBackoff': backoff().default('10s'),
  'sluice:maximumBackoff': backoff().default('600s'),
  'sluice:functionsFolder': z.string().min(1).default('dist/functions'),
  'sluice:operators': members(),
  'sluice:readers': members(),
  'sluice:alertEmails': words(/^[^@\s]+@[^@\s]+$/, 'addresses such as ada@example.org').default([]),
  'sluice:billingAccount': matching(
    /^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/,
    'a billing account such as 01D4EE-079462-DFD6EC',
  ).optional(),
  'sluice:monthlyBudget': matching(
    /^[1-9]\d{0,8}$/,
    "a whole number of the billing account's currency",
  ).default('20'),
};

/**
 * Before there is an image there has to be a registry, and the program is read to make it. No image has this
 * digest: a job that is created with it is refused by Cloud Run.
 */
const NOT_PUSHED = `sha256:${'0'.repeat(64)}`;

/** Throws one `ConfigurationError` that names every key of the stack that is missing or wrong. */
export function readSettings(all: readonly Pipeline[], functions: Functions): Settings {
  const { pipelines, leftOut } = configuredIn(all);
  const shape = {
    ...sourceVariables(pipelines, stackKeyOf),
    ...imageVariables(pipelines),
    ...functionVariables(functions),
    ...callerVariables(pipelines),
    ...stackVariables,
  };
  const message = readConfig(stackOf(Object.keys(shape)), shape, "the stack's configuration");
  const byKey: Readonly<Record<string, unknown>> = message;
  const watched = watchedPlaces(pipelines, byKey, stackKeyOf);
  const problems = wrongPlaces(watched, message['gcp:project']);
  if (problems.length > 0)
    throw new ConfigurationError(`the stack's configuration is wrong:\n  ${problems.join('\n  ')}`);
  return {
    project: message['gcp:project'],
    region: message['gcp:region'],
    jobRegion: message['sluice:jobRegion'] ?? message['gcp:region'],
    location: message['sluice:location'],
    functionSetting: (variable) => String(byKey[functionKey(variable)]),
    imageDigest: (image) => String(byKey[`image:${image}`]),
    functionsFolder: message['sluice:functionsFolder'],
    minimumBackoff: message['sluice:minimumBackoff'],
    maximumBackoff: message['sluice:maximumBackoff'],
    operators: message['sluice:operators'],
    readers: message['sluice:readers'],
    alertEmails: message['sluice:alertEmails'],
    billingAccount: message['sluice:billingAccount'],
    monthlyBudget: message['sluice:monthlyBudget'],
    pipelines,
    leftOut,
    watched,
    functions: deployedFunctions(watched.length > 0 ? functions : withoutSourceEvents(functions), pipelines),
    callersOf: (pipeline) => (byKey[stackKeyOf(pipeline, CALLERS)] ?? []) as readonly string[],
  };
}

/** A stack that configures no pipeline is wrong: none is left out, so that every missing key is named. */
function configuredIn(all: readonly Pipeline[]): Pick<Settings, 'pipelines' | 'leftOut'> {
  const { pipelines, leftOut } = configured(all, stackValue, stackKeyOf);
  return pipelines.length === 0 ? { pipelines: all, leftOut: [] } : { pipelines, leftOut };
}

/** Where the stack's file says a function's setting: `sluice:overdueSeconds`. */
const functionKey = (variable: string): string => `sluice:${camelCase(variable)}`;

/** Each is read as the function will read it, so that what is wrong is told before anything is deployed. */
const functionVariables = (functions: Functions): Record<string, z.ZodType> =>
  Object.fromEntries(
    [...functions.values()].flatMap(({ variables }) =>
      Object.entries(variables).flatMap(([name, { from, form }]): [string, z.ZodType][] =>
        from.kind === 'setting' ? [[functionKey(name), form.default(from.fallback)]] : [],
      ),
    ),
  );

const callerVariables = (pipelines: readonly Pipeline[]): Record<string, z.ZodType> =>
  Object.fromEntries(
    pipelines.flatMap(({ name, services }) =>
      services === undefined ? [] : [[stackKeyOf(name, CALLERS), members()]],
    ),
  );

/** An image is named by its digest and nothing else, so that what was tested is what runs. */
const imageVariables = (pipelines: readonly Pipeline[]): Record<string, z.ZodType<string>> =>
  Object.fromEntries(
    pipelines.map(({ job }) => [
      `image:${job.image}`,
      matching(/^sha256:[0-9a-f]{64}$/, 'the digest of a pushed image, sha256:…').default(NOT_PUSHED),
    ]),
  );

const stackOf = (keys: readonly string[]): Record<string, string | undefined> =>
  Object.fromEntries(keys.map((full) => [full, stackValue(full)]));

/** What the stack says under a key, `namespace:key`. */
function stackValue(full: string): string | undefined {
  const [namespace = '', key = ''] = full.split(':');
  return new Config(namespace).get(key);
}

/** The environment variables that carry what the stack says of a pipeline's source. */
export function settingVariables({ name, trigger }: Pipeline): Record<string, string> {
  const message = settingsOf(trigger.source).map((setting): [string, string | undefined] => [
    variableOf(name, setting),
    new Config(name).get(camelCase(setting.variable)),
  ]);
  return Object.fromEntries(message.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** What the stack says to the pipeline's job; `carmila:engineFallback` arrives as `ENGINE_FALLBACK`. */
export function jobSettings({ name, job }: Pipeline): Record<string, string> {
  const config = new Config(name);
  const message = (job.settings ?? []).map(({ variable, fallback }): [string, string] => [
    variable,
    config.get(camelCase(variable)) ?? fallback ?? '',
  ]);
  return Object.fromEntries(message.filter(([, value]) => value !== ''));
}
