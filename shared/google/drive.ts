// A Drive folder behind the source's port.
import { auth, drive, type drive_v3 } from 'googleapis/build/src/apis/drive/index.js';
import type { Readable } from 'node:stream';
import { PermanentError, TransientError } from '../errors.ts';
import { readPages } from '../pages.ts';
import type { SourceFolder } from '../sources/drive.ts';
import type { FileContent, ListedFile, SnapshotFile, UnreadableFile } from '../sources/snapshot.ts';
import { permanentRefusal } from './drive-refusals.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure, isNotFound } from './failures.ts';

const SHEET = 'application/vnd.google-apps.spreadsheet';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const FOLDER = 'application/vnd.google-apps.folder';
const SHORTCUT = 'application/vnd.google-apps.shortcut';
const GOOGLE_TYPE = 'application/vnd.google-apps.';
const FILE_FIELDS =
  'id,name,mimeType,md5Checksum,version,size,modifiedTime,shortcutDetails(targetMimeType),capabilities(canDownload)';
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

async function listFolder(client: drive_v3.Drive, folderId: string): Promise<readonly ListedFile[]> {
  if (!DRIVE_ID.test(folderId))
    throw new PermanentError(`"${folderId}" is not a Drive folder id`, { code: 'CONFIGURATION_INVALID' });
  const listing = { limit: MOST_FILES, what: `files in the Drive folder ${folderId}` };
  const files = await readPages(listing, async (pageToken) => {
    const { data } = await client.files
      .list({
        q: `'${folderId}' in parents and trashed = false and mimeType != '${FOLDER}'`,
        pageSize: PAGE_SIZE,
        fields: `nextPageToken,incompleteSearch,files(${FILE_FIELDS})`,
        // A folder of a shared drive is listed only when both are set.
        supportsAllDrives: true,
        includeItemsFromAllDrives: true,
        ...(pageToken === undefined ? {} : { pageToken }),
      })
      .catch((error: unknown) => {
        throw failure(`listing the Drive folder ${folderId}`, error);
      });
    if (data.incompleteSearch === true) {
      throw new TransientError(
        `Drive listed the folder ${folderId} only in part; the next poll tries again`,
        {
          code: 'SERVICE_UNAVAILABLE',
        },
      );
    }
    return { items: data.files ?? [], nextPageToken: data.nextPageToken ?? undefined };
  });
  return files.flatMap(listedFile);
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
    throw (
      permanentRefusal(file.name, error) ?? failure(`reading "${file.name}" (${file.id}) from Drive`, error)
    );
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
    throw failure(`reading the metadata of "${file.name}" (${file.id}) in Drive`, error);
  }
}

/** Documents, forms and folders are not source files; a shortcut is one that cannot be read. */
function listedFile(file: drive_v3.Schema$File): ListedFile[] {
  const content = contentOf(file) ?? unreadable(file);
  if (content === undefined || !file.id || !file.name) return [];
  const modifiedAtMs = Date.parse(file.modifiedTime ?? '');
  const { id, name } = file;
  const sizeBytes = Number(file.size ?? 0);
  // The compiler cannot infer that each kind of content makes one kind of file.
  return content.kind === 'unreadable'
    ? [{ id, name, content, sizeBytes, modifiedAtMs }]
    : [{ id, name, content, sizeBytes, modifiedAtMs }];
}

function contentOf(file: drive_v3.Schema$File): FileContent | undefined {
  if (file.capabilities?.canDownload === false) return undefined;
  if (file.mimeType === SHEET) return { kind: 'sheet-version', version: file.version ?? '0' };
  return file.md5Checksum ? { kind: 'md5', md5Hex: file.md5Checksum } : undefined;
}

/** Why a file cannot be read, or undefined for a file that is never a workbook. */
function unreadable(file: drive_v3.Schema$File): UnreadableFile['content'] | undefined {
  const target = file.shortcutDetails?.targetMimeType ?? undefined;
  const type = file.mimeType === SHORTCUT ? target : (file.mimeType ?? undefined);
  const isSheet = type === SHEET;
  if (type?.startsWith(GOOGLE_TYPE) && !isSheet) return undefined;
  if (file.mimeType === SHORTCUT) return { kind: 'unreadable', why: 'shortcut', isSheet };
  const why = file.capabilities?.canDownload === false ? 'download-disabled' : 'no-checksum';
  return { kind: 'unreadable', why, isSheet };
}
