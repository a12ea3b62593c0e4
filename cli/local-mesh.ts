// Opens the mesh on this machine: the embedded cloud, provisioned by the infra program; the first request starts a function.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { systemClock } from '../local/clock.ts';
import { openCloud, type Cloud, type CloudOptions } from '../local/cloud.ts';
import { writeForOwnerOnly } from '../local/state/private-folder.ts';
import { provision } from '../local/provision/provision.ts';
import { loadFunctions } from '../shared/functions/registry.ts';
import { gcsStore } from '../shared/google/storage.ts';
import { KEY_VARIABLES } from '../shared/executions/runner.ts';
import type { Env } from '../shared/config.ts';
import { watchesOf } from '../shared/pipelines/pipeline.ts';
import { loadPipelines, watchNamed } from '../shared/pipelines/registry.ts';
import { stackKeyOf } from '../shared/pipelines/setting.ts';
import { libraryOptions } from './libraries/kept.ts';
import { fillBucket } from './fill-bucket.ts';
import { LOCAL_PROJECT, localStack, otherDriveFolders, placeOf } from './local-stack.ts';
import { DEFAULT_PIPELINE } from './options.ts';
import { plannedResources } from './planned.ts';
import { claimFolder, type Claim } from './running.ts';

export { LOCAL_PROJECT, localStack, REGION, SETTLE_SECONDS } from './local-stack.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

type Stack = Readonly<Record<string, string>>;

export interface MeshFolders {
  /** Where the cloud keeps everything. */
  readonly data: string;
  /** The plain folder that stands for the Drive folder, or whose files are put into the bucket. */
  readonly drive: string;
}

export type MeshOptions = Pick<CloudOptions, 'onLog' | 'interference' | 'startInstance' | 'portFor'> & {
  /** The pipeline that watches the folder. Default carmila. */
  readonly pipeline?: string;
  /** The settings of other pipelines in .env. */
  readonly env?: Env;
  /** Changes to the stack's configuration. */
  readonly config?: Readonly<Record<string, string>>;
  /** False: the services answer, and nothing moves by itself. Default true. */
  readonly moving?: boolean;
};

/** Opens the mesh; `close` ends every process that it started. */
export async function openMesh(folders: MeshFolders, options: MeshOptions = {}): Promise<Cloud> {
  writeForOwnerOnly();
  const claim = claimFolder(folders.data);
  try {
    return await openOver(folders, claim, options);
  } catch (error) {
    claim.release();
    throw error;
  }
}

async function openOver(folders: MeshFolders, claim: Claim, options: MeshOptions): Promise<Cloud> {
  const { pipeline = DEFAULT_PIPELINE, env = {} } = options;
  const config = { ...localStack(pipeline, env), ...options.config };
  const driveFolders = driveFoldersOf(folders, pipeline, config);
  const nodeOptions = (options.moving ?? true) ? await libraryOptions() : [];
  const cloud = await openCloud({
    ...options,
    folder: folders.data,
    driveFolders,
    thirdParties: join(folders.data, 'third-parties'),
    projectId: LOCAL_PROJECT,
    nodeOptions,
    images: (image) => jobImage(image, nodeOptions),
    clock: systemClock,
    newId: () => randomUUID(),
    chance: () => Math.random(),
  });
  try {
    makeWatchedBuckets(cloud, config);
    if (existsSync(folders.drive)) await bringFiles(cloud, pipeline, folders.drive);
    const moving = options.moving ?? true;
    // What only reads finds everything where the last provisioning left it; what moves needs this cloud's addresses.
    if (moving || !isProvisioned(folders.data, config)) await provisionMesh(cloud, folders.data, config);
    if (moving) await cloud.start();
    writeFileSync(driveFile(folders.data), JSON.stringify({ drive: folders.drive, pipeline }));
    claim.opened(cloud.endpoint);
  } catch (error) {
    await cloud.close();
    throw error;
  }
  return {
    ...cloud,
    async close() {
      claim.closing();
      await cloud.close().finally(claim.release);
    },
  };
}

/** Creates what the infra program would deploy. */
async function provisionMesh(cloud: Cloud, data: string, config: Stack): Promise<void> {
  rmSync(provisionedFile(data), { force: true });
  const resources = await plannedResources(config, cloud.functionUrl);
  await provision(resources, { cloud, sourceRoot: ROOT });
  shareDriveFolders(cloud);
  writeFileSync(provisionedFile(data), JSON.stringify(config));
}

/** Whether the last provisioning over this data came to its end, and was for the same pipelines and settings. */
function isProvisioned(data: string, config: Stack): boolean {
  try {
    return readFileSync(provisionedFile(data), 'utf8') === JSON.stringify(config);
  } catch {
    return false;
  }
}

const provisionedFile = (data: string) => join(data, 'provisioned.json');

/**
 * The plain folder of each Drive folder that a pipeline watches, by its id: that of the pipeline that is started is
 * named; any other pipeline's is made here, below the state.
 */
function driveFoldersOf(
  { data, drive }: MeshFolders,
  started: string,
  config: Readonly<Record<string, string>>,
): Record<string, string> {
  const others = otherDriveFolders(data, started, config);
  for (const { folder } of others) mkdirSync(folder, { recursive: true });
  return {
    [placeOf(started)]: drive,
    ...Object.fromEntries(others.map(({ folderId, folder }) => [folderId, folder])),
  };
}

/** A bucket that a pipeline watches is there before the mesh; here the mesh makes it. */
function makeWatchedBuckets({ storage, projectId }: Cloud, config: Readonly<Record<string, string>>): void {
  for (const { name: pipeline, trigger } of watchesOf(loadPipelines().values())) {
    const name = trigger.source.kind === 'bucket' && config[stackKeyOf(pipeline, trigger.source.bucket)];
    if (name) storage.ensureBucket({ name, location: 'EU', projectId });
  }
}

/** Where the pipeline watches a bucket, it is made to hold what is in the folder; Drive reads the folder itself. */
export async function bringFiles(cloud: Cloud, pipeline: string, folder: string): Promise<void> {
  const { source } = watchNamed(loadPipelines(), pipeline).trigger;
  if (source.kind !== 'bucket') return;
  const config = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
  await fillBucket(gcsStore(placeOf(pipeline), config), source.prefix, folder);
}

// In Drive a person shares each folder with the functions' identities; no infra program can.
export function shareDriveFolders({ iam, drive, projectId }: Cloud): void {
  for (const { name, rights } of loadFunctions().values()) {
    if (!rights.some(({ adapter }) => adapter === 'sources')) continue;
    const member = `serviceAccount:sluice-${name}@${projectId}.iam.gserviceaccount.com`;
    for (const folderId of drive.folderIds)
      iam.grant({ role: 'drive.reader', member, resource: `drive/folders/${folderId}` });
  }
}

/** `REGION-docker.pkg.dev/PROJECT/sluice/forecast@sha256:…` is built from `jobs/forecast`. */
function jobImage(image: string, nodeOptions: readonly string[]) {
  const name = /\/sluice\/([a-z-]+)@sha256:/.exec(image)?.[1];
  if (name === undefined) return undefined;
  const command = [process.execPath, ...nodeOptions, `jobs/${name}/main.ts`];
  return { command, cwd: ROOT, variables: KEY_VARIABLES };
}

const driveFile = (data: string) => join(data, 'drive.json');

const remembered = z.object({ drive: z.string(), pipeline: z.string().default(DEFAULT_PIPELINE) });

/** The folder that this data was read from, and its pipeline, when a mesh has been opened over it before. */
export function rememberedDrive(data: string): z.infer<typeof remembered> | undefined {
  try {
    return remembered.parse(JSON.parse(readFileSync(driveFile(data), 'utf8')));
  } catch {
    return undefined;
  }
}
