// Opens the mesh on this machine: the embedded cloud, provisioned by the infra program, with its functions up.
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { planResources } from '../infra/plan.ts';
import { systemClock } from '../local/clock.ts';
import { openCloud, type Cloud, type CloudOptions } from '../local/cloud.ts';
import { OPERATOR } from '../local/http/api.ts';
import { writeForOwnerOnly } from '../local/state/private-folder.ts';
import { provision } from '../local/provision/provision.ts';
import { loadFunctions } from '../shared/functions/registry.ts';
import { KEY_VARIABLES } from '../shared/executions/runner.ts';
import { loadPipelines } from '../shared/pipelines/registry.ts';
import { claimFolder, type Claim } from './running.ts';

export const LOCAL_PROJECT = 'sluice-local';
export const REGION = 'europe-west1';
const DRIVE_FOLDER_ID = 'local-drive-folder';
const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A plain folder is copied into by hand; two seconds without a change mean that the copy is done. */
export const SETTLE_SECONDS = 2;

/** The stack's configuration on this machine: shorter waits, and the folder in place of a Drive. */
export const localStack = (pipelines: Iterable<string>): Record<string, string> => ({
  'gcp:project': LOCAL_PROJECT,
  'gcp:region': REGION,
  'sluice:overdueSeconds': '5',
  'sluice:minimumBackoff': '1s',
  // Functions run their TypeScript as it stands in the tree.
  'sluice:functionsFolder': 'functions',
  'sluice:operators': `user:${OPERATOR}`,
  ...Object.fromEntries(
    [...pipelines].flatMap((name) => [
      [`${name}:driveFolderId`, DRIVE_FOLDER_ID],
      [`${name}:settleSeconds`, String(SETTLE_SECONDS)],
      // A laptop without XGBoost still runs the whole mesh; a deployed job fails without it.
      [`${name}:engineFallback`, 'seasonal'],
    ]),
  ),
});

export interface MeshFolders {
  /** Where the cloud keeps everything. */
  readonly data: string;
  /** The plain folder that stands for the Drive folder. */
  readonly drive: string;
}

export type MeshOptions = Pick<CloudOptions, 'onLog' | 'interference'> & {
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
  const cloud = await openCloud({
    ...options,
    folder: folders.data,
    driveFolder: folders.drive,
    driveFolderId: DRIVE_FOLDER_ID,
    projectId: LOCAL_PROJECT,
    images: jobImage,
    clock: systemClock,
    newId: () => randomUUID(),
    chance: () => Math.random(),
  });
  try {
    const config = { ...localStack(loadPipelines().keys()), ...options.config };
    const resources = await planResources({ config, functionUrl: cloud.functionUrl });
    await provision(resources, { cloud, sourceRoot: ROOT });
    shareDriveFolder(cloud);
    if (options.moving ?? true) await cloud.start();
    writeFileSync(driveFile(folders.data), JSON.stringify({ drive: folders.drive }));
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

// In Drive a person shares the folder with the functions' identities; no infra program can.
export function shareDriveFolder({ iam, projectId }: Cloud): void {
  for (const { name, rights } of loadFunctions().values()) {
    if (!rights.some(({ adapter }) => adapter === 'sources')) continue;
    const member = `serviceAccount:sluice-${name}@${projectId}.iam.gserviceaccount.com`;
    iam.grant({ role: 'drive.reader', member, resource: `drive/folders/${DRIVE_FOLDER_ID}` });
  }
}

/** `REGION-docker.pkg.dev/PROJECT/sluice/forecast@sha256:…` is built from `jobs/forecast`. */
function jobImage(image: string) {
  const name = /\/sluice\/([a-z-]+)@sha256:/.exec(image)?.[1];
  if (name === undefined) return undefined;
  return { command: [process.execPath, `jobs/${name}/main.ts`], cwd: ROOT, variables: KEY_VARIABLES };
}

const driveFile = (data: string) => join(data, 'drive.json');

/** The Drive folder that this data came from, when a mesh has been opened over it before. */
export function rememberedDrive(data: string): string | undefined {
  try {
    return z.object({ drive: z.string() }).parse(JSON.parse(readFileSync(driveFile(data), 'utf8'))).drive;
  } catch {
    return undefined;
  }
}
