// A plain folder served as a Drive folder on loopback, and the unmodified Drive client pointed at it.
import { drive, type drive_v3 } from 'googleapis/build/src/apis/drive/index.js';
import { mkdir, mkdtemp, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Clock, systemClock } from '../../../local/clock.ts';
import { Drive } from '../../../local/drive/drive.ts';
import { driveRoutes } from '../../../local/drive/routes.ts';
import { createApi, OPERATOR } from '../../../local/http/api.ts';
import type { Faults } from '../../../local/http/faults.ts';
import type { Authorize } from '../../../local/iam/authorize.ts';
import { allowAll } from '../../../local/iam/authorize.ts';
import { randomIds } from '../../../local/ids.ts';
import { memoryState, type State } from '../../../local/state/state.ts';

export const FOLDER_ID = 'folder-1';

export interface DriveFolder {
  readonly path: string;
  readonly client: drive_v3.Drive;
  readonly url: string;
  readonly faults: Faults;
  write(name: string, content: string | Uint8Array): Promise<void>;
  move(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** The files of the folder that are not in the trash, with the fields that most tests read. */
  files(): Promise<drive_v3.Schema$File[]>;
  file(name: string): Promise<drive_v3.Schema$File>;
}

export async function openFolder(
  context: TestContext,
  options: {
    driveId?: string;
    authorize?: Authorize;
    caller?: string;
    state?: State;
    path?: string;
    /** Other plain folders, by the ids of the Drive folders that they stand for. */
    others?: Readonly<Record<string, string>>;
    clock?: Clock;
  } = {},
): Promise<DriveFolder> {
  const path = options.path ?? (await mkdtemp(join(tmpdir(), 'drive-')));
  const api = createApi();
  const noun = new Drive({
    folders: { [FOLDER_ID]: path, ...options.others },
    ...(options.driveId === undefined ? {} : { driveId: options.driveId }),
    state: options.state ?? memoryState(),
    clock: options.clock ?? systemClock,
    newId: randomIds,
  });
  driveRoutes(api.app, noun, options.authorize ?? allowAll);
  const url = `http://127.0.0.1:${await api.listenAs(options.caller ?? OPERATOR)}`;
  context.after(async () => {
    await api.close();
    await rm(path, { recursive: true, force: true });
  });
  const client = drive({ version: 'v3', rootUrl: `${url}/`, retry: false });
  const files = async (): Promise<drive_v3.Schema$File[]> => {
    const { data } = await client.files.list({
      q: `'${FOLDER_ID}' in parents and trashed = false`,
      fields:
        'files(id,name,mimeType,md5Checksum,size,version,headRevisionId,modifiedTime,createdTime,parents,trashed)',
      orderBy: 'name',
      supportsAllDrives: true,
      includeItemsFromAllDrives: true,
    });
    return data.files ?? [];
  };
  return {
    path,
    client,
    url,
    faults: api.faults,
    async write(name, content) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), content);
    },
    async move(from, to) {
      await mkdir(dirname(join(path, to)), { recursive: true });
      await rename(join(path, from), join(path, to));
    },
    remove: (name) => unlink(join(path, name)),
    files,
    async file(name) {
      const found = (await files()).filter((file) => file.name === name);
      if (found.length !== 1 || found[0] === undefined) {
        throw new Error(`expected one file ${name}, found ${found.length}`);
      }
      return found[0];
    },
  };
}

/** A complete text from an answer that was asked for as an array buffer. */
export function textOf(data: unknown): string {
  return Buffer.from(data as ArrayBuffer).toString();
}
