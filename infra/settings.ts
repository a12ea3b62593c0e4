// The settings of a stack: Pulumi's stack configuration, read in one place.
import { Config } from '@pulumi/pulumi';
import { z } from 'zod';
import { location, matching, projectId, readConfig, region } from '../shared/config.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { requestsOf, type Pipeline } from '../shared/pipelines/pipeline.ts';
import { requesterVariables } from '../shared/pipelines/requesters.ts';
import { withoutSourceEvents, type Functions } from '../shared/functions/registry.ts';
import { deployedFunctions, type DeployedFunctions } from '../shared/functions/services.ts';
import { isSecretName } from '../shared/pipelines/job.ts';
import { wrongPlaces, type WatchedPlace } from '../shared/pipelines/overlaps.ts';
import { CALLERS } from '../shared/pipelines/services.ts';
import { camelCase, secret, stackKeyOf, variableOf, type Secret } from '../shared/pipelines/setting.ts';
import {
  configured,
  triggerSettings,
  sourceVariables,
  watchedPlaces,
} from '../shared/pipelines/source-settings.ts';

export interface Settings {
  readonly project: string;
  readonly region: string;
  /** The region of jobs and of their images. */
  readonly jobRegion: string;
  /** The location of buckets and datasets. */
  readonly location: string;
  /** The stack's value of a function's variable, such as `OVERDUE_SECONDS`, or its fallback. */
  readonly functionSetting: (variable: string) => string;
  /** The digest of a job's image, `sha256:…`; `image:forecast` in the stack's configuration. */
  readonly imageDigest: (image: string) => string;
  /** The folder that `npm run bundle` writes each function's source to. */
  readonly functionsFolder: string;
  /** The shortest wait before a failed delivery is repeated. */
  readonly minimumBackoff: string;
  readonly maximumBackoff: string;
  /** Who may give commands: members such as `user:ada@example.org` or `group:…`. */
  readonly operators: readonly string[];
  /** Who may read the published tables, in the same form. */
  readonly readers: readonly string[];
  /** Who may read with the console, in the same form. */
  readonly consoleReaders: readonly string[];
  /** Who may also send commands with it: each as `user:…`. */
  readonly consoleOperators: readonly string[];
  /** Who receives alerts. */
  readonly alertEmails: readonly string[];
  /** Undefined: the stack has no budget. */
  readonly billingAccount: string | undefined;
  /** A whole number in the billing account's currency, for a month. */
  readonly monthlyBudget: string;
  /** The pipelines that the stack configures. */
  readonly pipelines: readonly Pipeline[];
  /** One sentence for each pipeline that the stack does not configure. */
  readonly leftOut: readonly string[];
  /** The buckets and prefixes that they watch. */
  readonly watched: readonly WatchedPlace[];
  /**
   * Each under the name that it is deployed with: a source of services once for each service of these pipelines.
   * What receives the events of watched buckets is left out where there are none.
   */
  readonly functions: DeployedFunctions;
  /**
   * How a function that verifies tokens itself is reached: by everyone's right to invoke it, or, where an organisation
   * forbids such a grant, without Cloud Run's check.
   */
  readonly openTo: 'allUsers' | 'invokerIamDisabled';
  /** Who may call the services of a pipeline, in the form of `operators`. */
  readonly callersOf: (pipeline: string) => readonly string[];
}

/** A list separated by commas or spaces, each item of this form. */
const listOf = (form: RegExp, example: string) =>
  z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter((item) => item !== ''))
    .refine((list) => list.every((item) => form.test(item)), `expected ${example}, separated by commas`);

const members = () =>
  listOf(/^(user|group|serviceAccount|domain):[^:]+$/, 'members such as user:ada@example.org').default([]);

/** A function that verifies who a person is cannot see which groups the person belongs to. */
const people = () =>
  members().refine(
    (list) => list.every((member) => member.startsWith('user:')),
    'expected people such as user:ada@example.org: handle-commands cannot resolve a group or a domain',
  );

const backoff = () => matching(/^(\d|[1-9]\d|[1-5]\d\d|600)s$/, 'seconds from 0s to 600s');

// Where its own check is on, Cloud Run removes the signature of a Google token that it accepts, and the function could not
// verify it (https://docs.cloud.google.com/run/docs/troubleshooting#signature-removed).
const OPEN_TO = ['invokerIamDisabled', 'allUsers'] as const;

const stackVariables = {
  'gcp:project': projectId(),
  'gcp:region': region().default('europe-west1'),
  'sluice:jobRegion': region().optional(),
  'sluice:location': location().default('EU'),
  'sluice:minimumBackoff': backoff().default('10s'),
  'sluice:maximumBackoff': backoff().default('600s'),
  'sluice:functionsFolder': z.string().min(1).default('dist/functions'),
  'sluice:openTo': z.enum(OPEN_TO, `expected ${OPEN_TO.join(' or ')}`).default('invokerIamDisabled'),
  'sluice:operators': members(),
  'sluice:readers': members(),
  'sluice:consoleReaders': members(),
  'sluice:consoleOperators': people(),
  'sluice:alertEmails': listOf(/^[^@\s]+@[^@\s]+$/, 'addresses such as ada@example.org').default([]),
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
 * The program creates the registry before an image can be pushed. No image has this digest: Cloud Run refuses a job that
 * is created with it.
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
    ...requesterVariables(requestsOf(pipelines), stackKeyOf),
    ...stackVariables,
  };
  const values = readConfig(stackOf(Object.keys(shape)), shape, "the stack's configuration");
  const byKey: Readonly<Record<string, unknown>> = values;
  const watched = watchedPlaces(pipelines, byKey, stackKeyOf);
  const problems = wrongPlaces(watched, values['gcp:project']);
  if (problems.length > 0)
    throw new ConfigurationError(`the stack's configuration is wrong:\n  ${problems.join('\n  ')}`);
  return {
    project: values['gcp:project'],
    region: values['gcp:region'],
    jobRegion: values['sluice:jobRegion'] ?? values['gcp:region'],
    location: values['sluice:location'],
    functionSetting: (variable) => String(byKey[functionKey(variable)]),
    imageDigest: (image) => String(byKey[`image:${image}`]),
    functionsFolder: values['sluice:functionsFolder'],
    minimumBackoff: values['sluice:minimumBackoff'],
    maximumBackoff: values['sluice:maximumBackoff'],
    operators: values['sluice:operators'],
    readers: values['sluice:readers'],
    consoleReaders: values['sluice:consoleReaders'],
    consoleOperators: values['sluice:consoleOperators'],
    alertEmails: values['sluice:alertEmails'],
    billingAccount: values['sluice:billingAccount'],
    monthlyBudget: values['sluice:monthlyBudget'],
    openTo: values['sluice:openTo'],
    pipelines,
    leftOut,
    watched,
    functions: deployedFunctions(
      watched.length > 0 ? functions : withoutSourceEvents(functions),
      pipelines,
      values['sluice:consoleReaders'].length + values['sluice:consoleOperators'].length > 0,
    ),
    callersOf: (pipeline) => (byKey[stackKeyOf(pipeline, CALLERS)] ?? []) as readonly string[],
  };
}

/** A stack without any configured pipeline is wrong: then no pipeline is left out, so that every missing key is reported. */
function configuredIn(all: readonly Pipeline[]): Pick<Settings, 'pipelines' | 'leftOut'> {
  const { pipelines, leftOut } = configured(all, stackValue, stackKeyOf);
  return pipelines.length === 0 ? { pipelines: all, leftOut: [] } : { pipelines, leftOut };
}

/** The key of a function's setting in the stack's file: `sluice:overdueSeconds`. */
const functionKey = (variable: string): string => `sluice:${camelCase(variable)}`;

/** Each is checked as the function will check it, so that a wrong value is reported before the deployment. */
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

/** An image is named by its digest alone, so that the tested image is the one that runs. */
const imageVariables = (pipelines: readonly Pipeline[]): Record<string, z.ZodType<string>> =>
  Object.fromEntries(
    pipelines.map(({ job }) => [
      `image:${job.image}`,
      matching(/^sha256:[0-9a-f]{64}$/, 'the digest of a pushed image, sha256:…').default(NOT_PUSHED),
    ]),
  );

const stackOf = (keys: readonly string[]): Record<string, string | undefined> =>
  Object.fromEntries(keys.map((full) => [full, stackValue(full)]));

/** The stack's value of a key, `namespace:key`. */
function stackValue(full: string): string | undefined {
  const [namespace = '', key = ''] = full.split(':');
  return new Config(namespace).get(key);
}

/** The environment variables with the stack's settings of a pipeline's trigger. */
export function settingVariables(pipeline: Pipeline): Record<string, string> {
  const { name } = pipeline;
  const entries = triggerSettings(pipeline).map((setting): [string, string | undefined] => [
    variableOf(name, setting),
    new Config(name).get(camelCase(setting.variable)),
  ]);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The environment variables with the stack's settings of a job; `carmila:engineFallback` becomes `ENGINE_FALLBACK`. */
export function jobSettings({ name, job }: Pipeline): Record<string, string> {
  const config = new Config(name);
  const entries = (job.settings ?? []).map(({ variable, fallback }): [string, string] => [
    variable,
    config.get(camelCase(variable)) ?? fallback ?? '',
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** The secrets of a job by variable; those that a setting names, where the stack sets it. */
export function jobSecrets({ name, job: { secrets = {} } }: Pipeline): Readonly<Record<string, Secret>> {
  const entries = Object.entries(secrets).flatMap(([variable, named]): [string, Secret][] => {
    if ('secret' in named) return [[variable, named]];
    const value = new Config(name).get(camelCase(named.variable)) ?? named.fallback ?? '';
    if (value === '') return [];
    if (isSecretName(value)) return [[variable, secret(value)]];
    throw new ConfigurationError(
      `the stack's configuration is wrong:\n  ${stackKeyOf(name, named)}: found "${value}"; expected the name of a secret`,
    );
  });
  return Object.fromEntries(entries);
}
