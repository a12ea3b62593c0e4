// A Drive folder behind the source's port.
import { auth, drive, type drive_v3 } from 'googleapis/build/src/apis/drive/index.js';
import type { Readable } from 'node:stream';
import { messageOf, PermanentError, TransientError } from '../errors.ts';
import { readPages } from '../pages.ts';
import type { SourceFolder } from '../sources/folder.ts';
import type { FileContent, SnapshotFile, SourceFile } from '../sources/snapshot.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure, isNotFound } from './failures.ts';

const SHEET = 'application/vnd.google-apps.spreadsheet';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const FOLDER = 'application/vnd.google-apps.folder';
const FILE_FIELDS = 'id,name,mimeType,md5Checksum,version,size,modifiedTime';
// Drive answers 403 to these as it does to a missing right, and they will not pass.
const NEVER_READABLE = /too large to be exported|exportSizeLimitExceeded|fileNotDownloadable/i;
const PAGE_SIZE = 1000;
const MOST_FILES = 50_000;
const TIMEOUT_MS = 60_000;
// Drive ids are URL-safe base64. The id stands in a query, so it is checked before it gets there.
const DRIVE_ID = /^[A-Za-z0-9_-]{1,128}$/;

export function driveFolder(config: GoogleConfig): SourceFolder {
  const client = drive({
    version: 'v3',
    auth: new auth.GoogleAuth({ scopes: ['https://www.googleapis.com/auth/drive.readonly'] }),
    timeout: TIMEOUT_MS,
    ...endpointsOf(config).drive,
  });
  return {
    list: (folderId) => listFolder(client, folderId),
    read: (file) => readFile(client, file),
    contentNow: (file) => contentNow(client, file),
  };
}

async function listFolder(client: drive_v3.Drive, folderId: string): Promise<readonly SourceFile[]> {
  if (!DRIVE_ID.test(folderId)) throw new PermanentError(`"${folderId}" is no Drive folder id`);
  const listing = { limit: MOST_FILES, what: `files in the Drive folder ${folderId}` };
  const files = await readPages(listing, async (pageToken) => {
    const { data } = await client.files
      .list({
        q: `'${folderId}' in parents and trashed = false and mimeType != '${FOLDER}'`,
        pageSize: PAGE_SIZE,
        fields: `nextPageToken,incompleteSearch,files(${FILE_FIELDS})`,
        // A folder of a shared drive is listed like one's own only when both are said.
        supportsAllDrives: true,
        includeItemsFromAllDrives: true,
        ...(pageToken === undefined ? {} : { pageToken }),
      })
      .catch((error: unknown) => {
        throw failure(`listing the Drive folder ${folderId}`, error);
      });
    if (data.incompleteSearch === true) {
      throw new TransientError(`Drive could not list the folder ${folderId} whole`);
    }
    return { items: data.files ?? [], nextPageToken: data.nextPageToken ?? undefined };
  });
  return files.flatMap(sourceFile);
}

async function readFile(client: drive_v3.Drive, file: SnapshotFile): Promise<Readable | undefined> {
  try {
    const options = { responseType: 'stream' } as const;
    const answer =
      file.content.kind === 'sheet-version'
        ? await client.files.export({ fileId: file.id, mimeType: XLSX }, options)
        : await client.files.get({ fileId: file.id, alt: 'media', supportsAllDrives: true }, options);
    return answer.data as Readable;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (NEVER_READABLE.test(messageOf(error))) {
      throw new PermanentError(`"${file.name}" cannot be read from Drive: ${messageOf(error)}`, {
        cause: error,
      });
    }
    throw failure(`reading "${file.name}" (${file.id}) from Drive`, error);
  }
}

async function contentNow(client: drive_v3.Drive, file: SnapshotFile): Promise<FileContent | undefined> {
  try {
    const { data } = await client.files.get({
      fileId: file.id,
      fields: `${FILE_FIELDS},trashed`,
      supportsAllDrives: true,
    });
    return data.trashed === true ? undefined : contentOf(data);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw failure(`looking at "${file.name}" (${file.id}) in Drive`, error);
  }
}

/** Shortcuts, documents and other files without bytes of their own are no source files. */
function sourceFile(file: drive_v3.Schema$File): SourceFile[] {
  const content = contentOf(file);
  if (content === undefined || !file.id || !file.name) return [];
  const modifiedAtMs = Date.parse(file.modifiedTime ?? '');
  return [{ id: file.id, name: file.name, content, sizeBytes: Number(file.size ?? 0), modifiedAtMs }];
}

function contentOf(file: drive_v3.Schema$File): FileContent | undefined {
  if (file.mimeType === SHEET) return { kind: 'sheet-version', version: file.version ?? '0' };
  return file.md5Checksum ? { kind: 'md5', md5Hex: file.md5Checksum } : undefined;
}
