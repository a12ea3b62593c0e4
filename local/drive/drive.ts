// Drive folders that are plain folders on this machine, into which a person drops files.
import { basename, join } from 'node:path';
import type { Clock } from '../clock.ts';
import { ApiError, notImplemented } from '../http/errors.ts';
import type { NewId } from '../ids.ts';
import type { State } from '../state/state.ts';
import { Catalog, type Change, type KnownFile } from './catalog.ts';
import { openContent, type OpenContent } from './content.ts';
import { invalidValue, noSuchFile } from './errors.ts';
import { fileResource, type FileResource, folderResource } from './file-resource.ts';
import { type Page, pageOf, type PageRequest } from './listing.ts';
import { mediaTypeOf, XLSX } from './media-types.ts';
import { parseQuery } from './query.ts';
import { restrictionOf, type Restriction } from './restrictions.ts';
import { observe } from './scan.ts';
import { Sync } from './sync.ts';

export interface DriveOptions {
  /** The plain folders by the ids of the Drive folders for which they stand; at least one. */
  readonly folders: Readonly<Record<string, string>>;
  /** The shared drive that the folders are in; without it, they are in a user's My Drive. */
  readonly driveId?: string;
  readonly state: State;
  readonly clock: Clock;
  readonly newId: NewId;
}

export interface Download {
  readonly mimeType: string;
  readonly content: OpenContent;
}

export interface ChangeList {
  readonly changes: readonly ChangeResource[];
  readonly nextPageToken?: string;
  readonly newStartPageToken?: string;
}

export interface ChangeResource {
  readonly kind: 'drive#change';
  readonly changeType: 'file';
  readonly type: 'file';
  readonly time: string;
  readonly removed: boolean;
  readonly fileId: string;
  readonly file?: FileResource;
}

const LARGEST_EXPORT_BYTES = 10 * 1024 * 1024;

interface Folder {
  readonly path: string;
  readonly sync: Sync;
}

/**
 * Every method scans the folders first; 404 when one, or the requested file, does not exist. `readable` are the
 * folders that are shared with the caller.
 */
export class Drive {
  readonly driveId: string | undefined;
  readonly #catalog: Catalog;
  readonly #folders: ReadonlyMap<string, Folder>;

  constructor({ folders, driveId, state, clock, newId }: DriveOptions) {
    this.driveId = driveId;
    const catalog = new Catalog(state, Object.keys(folders)[0] ?? '');
    this.#catalog = catalog;
    this.#folders = new Map(
      Object.entries(folders).map(([folderId, path]) => [
        folderId,
        { path, sync: new Sync({ folder: path, folderId, catalog, clock, newId }) },
      ]),
    );
  }

  get folderIds(): readonly string[] {
    return [...this.#folders.keys()];
  }

  /** The watched folder that the file is in, or is; undefined where there is no such file. */
  folderOf(id: string): string | undefined {
    return this.#folders.has(id) ? id : this.#catalog.find(id)?.folderId;
  }

  /** One page of the files that `q` finds. Only the first page scans the folders again. */
  async list(request: PageRequest, readable: readonly string[]): Promise<Page> {
    const query = parseQuery(request.q);
    if (query.parents.some((parent) => !readable.includes(parent))) throw noSuchFile('');
    const folders = query.parents.length === 0 ? readable : [...new Set(query.parents)];
    if (request.pageToken === undefined) await this.#pollAgain(folders);
    const entries = folders
      .flatMap((folderId) => this.#catalog.all(folderId))
      .map((known) => ({ order: known.order, file: this.#resource(known) }))
      .filter(({ file }) => query.matches(file));
    return pageOf(entries, request);
  }

  async get(id: string): Promise<FileResource> {
    const folder = this.#folders.get(id);
    return folder === undefined ? this.#resource(await this.#find(id)) : this.#getFolder(id, folder);
  }

  /** The file's bytes as they are while they are read. */
  async download(id: string): Promise<Download> {
    const file = this.#folders.has(id) ? undefined : await this.#find(id);
    if (file?.kind !== 'binary') {
      throw new ApiError(
        403,
        'fileNotDownloadable',
        'Only files with binary content can be downloaded. Use Export with Docs Editors files.',
        'alt',
      );
    }
    const refusal = refusedDownload(restrictionOf(file.path));
    if (refusal !== undefined) throw refusal;
    return { mimeType: mediaTypeOf(file.name), content: await this.#open(file, file.path) };
  }

  /** A Google Sheet as a workbook. */
  async export(id: string, mimeType: string): Promise<Download> {
    const file = this.#folders.has(id) ? undefined : await this.#find(id);
    if (file?.kind !== 'sheet') {
      throw new ApiError(403, 'fileNotExportable', 'Export only supports Docs Editors files.');
    }
    if (restrictionOf(file.path) !== undefined) {
      throw new ApiError(403, 'cannotExportFile', 'This file cannot be exported by the user.');
    }
    if (mimeType !== XLSX) throw notImplemented(`the export of a Google Sheet as ${mimeType}`);
    if (file.workbook === undefined) {
      throw notImplemented(`the export of ${file.name}: its .gsheet names no xlsx that is there`);
    }
    const content = await this.#open(file, file.workbook);
    if (content.sizeBytes > LARGEST_EXPORT_BYTES) {
      await content.close();
      throw new ApiError(403, 'exportSizeLimitExceeded', 'This file is too large to be exported.');
    }
    return { mimeType: XLSX, content };
  }

  /** Where the log of changes stands now. */
  async startPageToken(readable: readonly string[]): Promise<string> {
    await this.#pollAgain(readable);
    return String(this.#catalog.nextChange());
  }

  /** At most `pageSize` changes from `pageToken` on: the state of each file now, not what was done to it. */
  async changes(pageToken: string, pageSize: number, readable: readonly string[]): Promise<ChangeList> {
    if (!/^[1-9]\d{0,14}$/.test(pageToken)) throw invalidValue('pageToken');
    await this.#pollAgain(readable);
    const found = this.#catalog.changesFrom(Number(pageToken), pageSize + 1);
    const isShared = ({ fileId }: Change) => readable.includes(this.folderOf(fileId) ?? readable[0] ?? '');
    const page = found.slice(0, pageSize).filter(isShared);
    const changes = page.map((change): ChangeResource => {
      const known = change.removed ? undefined : this.#catalog.find(change.fileId);
      return {
        kind: 'drive#change',
        changeType: 'file',
        type: 'file',
        time: new Date(change.timeMs).toISOString(),
        removed: change.removed,
        fileId: change.fileId,
        ...(known === undefined ? {} : { file: this.#resource(known) }),
      };
    });
    const next = found[pageSize];
    if (next !== undefined) return { changes, nextPageToken: String(next.order) };
    return { changes, newStartPageToken: String(this.#catalog.nextChange()) };
  }

  async #getFolder(folderId: string, { path }: Folder): Promise<FileResource> {
    const observed = await observe(path, '');
    if (observed === undefined) throw noSuchFile(folderId);
    return folderResource({ ...observed, name: basename(path) }, { folderId, driveId: this.driveId });
  }

  #resource(known: KnownFile): FileResource {
    return fileResource(known, { folderId: known.folderId, driveId: this.driveId });
  }

  async #pollAgain(folderIds: readonly string[]): Promise<void> {
    for (const folderId of folderIds) {
      if ((await this.#folders.get(folderId)?.sync.refresh()) !== true) throw noSuchFile(folderId);
    }
  }

  async #find(id: string): Promise<KnownFile> {
    const folder = this.#folders.get(this.folderOf(id) ?? '');
    const known = await folder?.sync.refreshed(id);
    if (known === undefined) throw noSuchFile(id);
    return known;
  }

  async #open({ id, folderId }: KnownFile, path: string | undefined): Promise<OpenContent> {
    const folder = this.#folders.get(folderId);
    const content =
      folder === undefined || path === undefined ? undefined : await openContent(join(folder.path, path));
    if (content === undefined) throw noSuchFile(id);
    return content;
  }
}

function refusedDownload(restriction: Restriction | undefined): ApiError | undefined {
  if (restriction === undefined) return undefined;
  return restriction === 'flagged'
    ? new ApiError(
        403,
        'cannotDownloadAbusiveFile',
        'This file has been identified as malware or spam and cannot be downloaded.',
      )
    : new ApiError(403, 'cannotDownloadFile', 'This file cannot be downloaded by the user.');
}
