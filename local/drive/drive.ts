// A Drive folder that is a plain folder on this machine, into which a person drops files.
import { basename, join } from 'node:path';
import type { Clock } from '../clock.ts';
import { ApiError, notImplemented } from '../http/errors.ts';
import type { NewId } from '../ids.ts';
import type { State } from '../state/state.ts';
import { Catalog, type KnownFile } from './catalog.ts';
import { openContent, type OpenContent } from './content.ts';
import { invalidValue, noSuchFile } from './errors.ts';
import { fileResource, type FileResource, folderResource, type Whereabouts } from './file-resource.ts';
import { type Page, pageOf, type PageRequest } from './listing.ts';
import { mediaTypeOf, XLSX } from './media-types.ts';
import { parseQuery } from './query.ts';
import { restrictionOf, type Restriction } from './restrictions.ts';
import { observe } from './scan.ts';
import { Sync } from './sync.ts';

export interface DriveOptions {
  /** The plain folder. */
  readonly folder: string;
  readonly folderId: string;
  /** The shared drive that the folder is in; left out, it is in somebody's own Drive. */
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

/** Every method looks at the folder first; 404 when it, or the file asked for, is not there. */
export class Drive {
  readonly folderId: string;
  readonly driveId: string | undefined;
  readonly #folder: string;
  readonly #catalog: Catalog;
  readonly #sync: Sync;

  constructor({ folder, folderId, driveId, state, clock, newId }: DriveOptions) {
    this.folderId = folderId;
    this.driveId = driveId;
    this.#folder = folder;
    this.#catalog = new Catalog(state);
    this.#sync = new Sync({ folder, catalog: this.#catalog, clock, newId });
  }

  /** One page of the files that `q` finds. Only the first page looks at the folder anew. */
  async list(request: PageRequest): Promise<Page> {
    const query = parseQuery(request.q);
    if (query.parents.some((parent) => parent !== this.folderId)) throw noSuchFile('');
    if (request.pageToken === undefined) await this.#pollAgain();
    const entries = this.#catalog
      .all()
      .map((known) => ({ order: known.order, file: fileResource(known, this.#whereabouts) }))
      .filter(({ file }) => query.matches(file));
    return pageOf(entries, request);
  }

  async get(id: string): Promise<FileResource> {
    if (id === this.folderId) return this.#getFolder();
    return fileResource(await this.#find(id), this.#whereabouts);
  }

  /** The file's bytes as they are while they are read. */
  async download(id: string): Promise<Download> {
    const file = id === this.folderId ? undefined : await this.#find(id);
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
    return { mimeType: mediaTypeOf(file.name), content: await this.#open(file.path, id) };
  }

  /** A Google Sheet as a workbook. */
  async export(id: string, mimeType: string): Promise<Download> {
    const file = id === this.folderId ? undefined : await this.#find(id);
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
    const content = await this.#open(file.workbook, id);
    if (content.sizeBytes > LARGEST_EXPORT_BYTES) {
      await content.close();
      throw new ApiError(403, 'exportSizeLimitExceeded', 'This file is too large to be exported.');
    }
    return { mimeType: XLSX, content };
  }

  /** Where the log of changes stands now. */
  async startPageToken(): Promise<string> {
    await this.#pollAgain();
    return String(this.#catalog.nextChange());
  }

  /** At most `pageSize` changes from `pageToken` on: the state of each file now, not what was done to it. */
  async changes(pageToken: string, pageSize: number): Promise<ChangeList> {
    if (!/^[1-9]\d{0,14}$/.test(pageToken)) throw invalidValue('pageToken');
    await this.#pollAgain();
    const found = this.#catalog.changesFrom(Number(pageToken), pageSize + 1);
    const changes = found.slice(0, pageSize).map((change): ChangeResource => {
      const known = change.removed ? undefined : this.#catalog.find(change.fileId);
      return {
        kind: 'drive#change',
        changeType: 'file',
        type: 'file',
        time: new Date(change.timeMs).toISOString(),
        removed: change.removed,
        fileId: change.fileId,
        ...(known === undefined ? {} : { file: fileResource(known, this.#whereabouts) }),
      };
    });
    const next = found[pageSize];
    if (next !== undefined) return { changes, nextPageToken: String(next.order) };
    return { changes, newStartPageToken: String(this.#catalog.nextChange()) };
  }

  async #getFolder(): Promise<FileResource> {
    const observed = await observe(this.#folder, '');
    if (observed === undefined) throw noSuchFile(this.folderId);
    return folderResource({ ...observed, name: basename(this.#folder) }, this.#whereabouts);
  }

  get #whereabouts(): Whereabouts {
    return { folderId: this.folderId, driveId: this.driveId };
  }

  async #pollAgain(): Promise<void> {
    if (!(await this.#sync.refresh())) throw noSuchFile(this.folderId);
  }

  async #find(id: string): Promise<KnownFile> {
    const known = await this.#sync.refreshed(id);
    if (known === undefined) throw noSuchFile(id);
    return known;
  }

  async #open(path: string | undefined, id: string): Promise<OpenContent> {
    const content = path === undefined ? undefined : await openContent(join(this.#folder, path));
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
