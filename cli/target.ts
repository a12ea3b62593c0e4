// Where a command works: a project of Google's, the running local mesh, or a local one opened for the command.
import { resolve } from 'node:path';
import { location, projectId, readConfig, region, type Env } from '../shared/config.ts';
import { ConfigurationError } from '../shared/errors.ts';
import type { WarehouseConfig } from '../shared/google/bigquery.ts';
import type { Cloud } from '../local/cloud.ts';
import { identityEndpoint, identityPath } from '../local/iam/routes.ts';
import { LOCAL_PROJECT, openMesh, rememberedDrive } from './local-mesh.ts';
import { runningMesh } from './running.ts';

export interface TargetOptions {
  /** The local cloud's folder; used when no project is named. */
  readonly data: string;
  /** On the local cloud, in place of its owner. */
  readonly as?: string;
  readonly project?: string;
  readonly region: string;
  readonly location: string;
  /** What .env says of pipelines. */
  readonly env: Env;
}

export interface Target {
  readonly config: WarehouseConfig;
  readonly functionUrl: (name: string) => string;
  /** The local mesh that was opened for this command alone, and ends with it. */
  readonly opened: Cloud | undefined;
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
      close: () => Promise.resolve(),
    };
  }
  const data = resolve(options.data);
  const running = runningMesh(data);
  if (running !== undefined) return localTarget(running.endpoint, as, undefined);
  const remembered = rememberedDrive(data);
  if (remembered === undefined) {
    throw new ConfigurationError(
      `nothing has run over ${data} yet; run npm start first, name its folder with --data, or a project with --project`,
    );
  }
  const { drive, pipeline } = remembered;
  const cloud = await openMesh({ data, drive }, { moving, pipeline, env: options.env });
  return localTarget(cloud.endpoint, as, moving ? cloud : undefined, () => cloud.close());
}

const ACT_AS =
  '--as is for the local cloud; in a project, act as a service account by ' +
  'gcloud auth application-default login --impersonate-service-account';

async function localTarget(
  owner: string,
  as: string,
  opened: Cloud | undefined,
  close: () => Promise<void> = () => Promise.resolve(),
): Promise<Target> {
  const endpoint = as === '' ? owner : await endpointOf(owner, as);
  // Google's own authentication is told where the local tokens are, as it is in a function.
  Object.assign(process.env, {
    // Unsaid, the clients would ask an installed gcloud for it, which takes seconds.
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
    // A function has one address, whoever calls it.
    functionUrl: (name) => `${owner}/functions/${name}`,
    opened,
    close,
  };
}

async function endpointOf(owner: string, email: string): Promise<string> {
  const answer = await fetch(`${owner}${identityPath(email)}`);
  if (!answer.ok) throw new ConfigurationError(`--as: ${await answer.text()}`);
  return identityEndpoint.parse(await answer.json()).endpoint;
}
