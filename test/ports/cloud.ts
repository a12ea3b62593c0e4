// An embedded cloud for one test file: open, with the Google clients of this process pointed at it.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../local/clock.ts';
import { openCloud, type Cloud, type CloudOptions } from '../../local/cloud.ts';
import { randomIds } from '../../local/ids.ts';
import type { WarehouseConfig } from '../../shared/google/bigquery.ts';

export const PROJECT = 'contract';
export const REGION = 'europe-west1';
export const FOLDER_ID = 'folder-1';

export interface WatchedMesh {
  readonly cloud: Cloud;
  readonly config: WarehouseConfig;
  /** Where the cloud keeps everything. */
  readonly folder: string;
  /** The plain folder that stands for the Drive folder. */
  readonly drive: string;
  close(): Promise<void>;
}

/** Opens it; nothing moves by itself before `cloud.start()`. One per process: the clients find it by environment. */
export async function startMesh(
  images: CloudOptions['images'] = () => undefined,
  onLog: (text: string) => void = () => {},
): Promise<WatchedMesh> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-contract-'));
  const drive = join(folder, 'drive');
  await mkdir(drive);
  const cloud = await openCloud({
    folder: join(folder, 'cloud'),
    projectId: PROJECT,
    driveFolders: { [FOLDER_ID]: drive },
    images,
    clock: systemClock,
    newId: randomIds,
    chance: () => 0,
    onLog: ({ from, text }) => onLog(`${from}: ${text}`),
  });
  // Without it the clients would ask an installed gcloud for a project, which takes seconds.
  process.env.GOOGLE_CLOUD_PROJECT = PROJECT;
  process.env.GCE_METADATA_HOST = new URL(cloud.endpoint).host;
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  return {
    cloud,
    config: {
      GOOGLE_CLOUD_PROJECT: PROJECT,
      GOOGLE_API_ENDPOINT: cloud.endpoint,
      WAREHOUSE_LOCATION: 'EU',
    },
    folder,
    drive,
    async close() {
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
