// Where a command works: a project of Google's, the running local mesh, or a local one opened for the command.
import { join, resolve } from 'node:path';
import { location, projectId, readConfig, region, type Env } from '../shared/config.ts';
import { ConfigurationError } from '../shared/errors.ts';
import type { WarehouseConfig } from '../shared/google/bigquery.ts';
import type { Cloud } from '../local/cloud.ts';
import { identityEndpoint, identityPath } from '../local/iam/routes.ts';
import { LOCAL_PROJECT } from './local-stack.ts';
import { runningMesh } from './running.ts';

export interface TargetOptions {
  /** The local cloud's folder; used when no project is named. */
  readonly data: string;
  /** On the local cloud, in place of its owner. */
  readonly as?: string;
  readonly project?: string;
  readonly region: string;
  readonly location: string;
  /** The settings of pipelines in .env. */
  readonly env: Env;
}

export interface Target {
  readonly config: WarehouseConfig;
  readonly functionUrl: (name: string) => string;
  /** The local mesh that was opened for this command alone, and ends with it. */
  readonly opened: Cloud | undefined;
  /** Where the local cloud keeps the logs of functions and jobs; undefined in a project. */
  readonly logFolder: string | undefined;
  readonly close: () => Promise<void>;
}

const PROJECT_OPTIONS = { '--project': projectId(), '--region': region(), '--location': location() };

/** `moving`: the command needs functions that run, not only services that answer. */
export async function openTarget(options: TargetOptions, moving: boolean): Promise<Target> {
  const { project, region, as = '' } = options;
  // An empty SLUICE_PROJECT names none.
  if (project !== undefined && project !== '') {
    const message = Object.fromEntries(
      Object.entries({ ...options, env: '' }).map(([name, value]) => [`--${name}`, String(value)]),
    );
    readConfig(message, PROJECT_OPTIONS, 'the command line, or .env,');
    if (as !== '') throw new ConfigurationError(ACT_AS);
    return {
      config: { GOOGLE_CLOUD_PROJECT: project, WAREHOUSE_LOCATION: options.location },
      functionUrl: (name) => `https://${region}-${project}.cloudfunctions.net/${name}`,
      opened: undefined,
      logFolder: undefined,
      close: () => Promise.resolve(),
    };
  }
  const data = resolve(options.data);
  const running = runningMesh(data);
  if (running !== undefined) return localTarget(running.endpoint, { as, data });
  // The embedded cloud is a second of loading, which a project or a running mesh does not need.
  const { openMesh, rememberedDrive } = await import('./local-mesh.ts');
  const remembered = rememberedDrive(data);
  if (remembered === undefined) {
    throw new ConfigurationError(
      `nothing has run over ${data} yet; run npm start first, name its folder with --data, or a project with --project`,
    );
  }
  const { drive, pipeline } = remembered;
  const cloud = await openMesh({ data, drive }, { moving, pipeline, env: options.env });
  return localTarget(cloud.endpoint, {
    as,
    data,
    opened: moving ? cloud : undefined,
    close: () => cloud.close(),
  });
}

const ACT_AS =
  '--as is for the local cloud; in a project, act as a service account by ' +
  'gcloud auth application-default login --impersonate-service-account';

interface LocalTarget {
  readonly as: string;
  readonly data: string;
  readonly opened?: Cloud | undefined;
  readonly close?: () => Promise<void>;
}

async function localTarget(
  owner: string,
  { as, data, opened, close = () => Promise.resolve() }: LocalTarget,
): Promise<Target> {
  const endpoint = as === '' ? owner : await endpointOf(owner, as);
  // Google's own authentication gets the address of the local tokens, as in a function.
  Object.assign(process.env, {
    // Without it the clients would ask an installed gcloud, which takes seconds.
    GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT,
    GCE_METADATA_HOST: new URL(endpoint).host,
    METADATA_SERVER_DETECTION: 'assume-present',
  });
  return {
    config: {
      GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT,
      GOOGLE_API_ENDPOINT: endpoint,
      WAREHOUSE_LOCATION: 'EU',
    },
    // A function has one address for every caller.
    functionUrl: (name) => `${owner}/functions/${name}`,
    opened,
    logFolder: join(data, 'logs'),
    close,
  };
}

async function endpointOf(owner: string, email: string): Promise<string> {
  const answer = await fetch(`${owner}${identityPath(email)}`);
  if (!answer.ok) throw new ConfigurationError(`--as: ${await answer.text()}`);
  return identityEndpoint.parse(await answer.json()).endpoint;
}
