// Brings the catalog up to date with the folder, as a Drive client on a desk would do with the real Drive.
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { NewId } from '../ids.ts';
import type { Catalog, KnownFile } from './catalog.ts';
import { md5Of } from './content.ts';
import { type Match, matchFiles } from './matching.ts';
import { restrictionOf } from './restrictions.ts';
import { observe, scanFolder, type Observed } from './scan.ts';

type Next = Omit<KnownFile, 'order'>;

// Two writes within one tick of the file system's clock leave the same times behind, so that a signature so
// young is not trusted to tell the second from the first.
const YOUNG_MS = 100;
const MOST_READS = 3;
const HASHED_AT_ONCE = 16;
const TRASH_KEPT_MS = 30 * 24 * 3600 * 1000;

export interface SyncOptions {
  readonly folder: string;
  readonly folderId: string;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly newId: NewId;
}

export class Sync {
  readonly #options: SyncOptions;
  #running: Promise<unknown> = Promise.resolve();
  #queued: Promise<boolean> | undefined;

  constructor(options: SyncOptions) {
    this.#options = options;
  }

  /** Scans the whole folder, after this call; false when the folder does not exist. */
  refresh(): Promise<boolean> {
    if (this.#queued !== undefined) return this.#queued;
    const turn = this.#running.then(() => {
      this.#queued = undefined;
      return this.#observeAll();
    });
    this.#running = turn.catch(() => undefined);
    this.#queued = turn;
    return turn;
  }

  /** One file as it is now: a glance at it alone, and at the whole folder only when it has changed. */
  async refreshed(id: string): Promise<KnownFile | undefined> {
    const { catalog, folder } = this.#options;
    const file = catalog.find(id);
    if (file === undefined) return undefined;
    const observed = file.path === undefined ? undefined : await observe(folder, file.path);
    if (observed !== undefined && isUnchanged(file, observed)) return file;
    return (await this.refresh()) ? catalog.find(id) : undefined;
  }

  async #observeAll(): Promise<boolean> {
    const { folder, folderId, catalog, clock } = this.#options;
    const observed = await scanFolder(folder);
    if (observed === undefined) return false;
    const { matches, missing } = matchFiles(catalog.all(folderId), observed);
    const changed = matches.filter(
      ({ observed: one, known }) => known === undefined || !isUnchanged(known, one),
    );
    const updates: { next: Next; visible: boolean }[] = [];
    for (let start = 0; start < changed.length; start += HASHED_AT_ONCE) {
      const some = changed.slice(start, start + HASHED_AT_ONCE);
      for (const update of await Promise.all(some.map((match) => this.#update(match)))) {
        if (update !== undefined) updates.push(update);
      }
    }
    const inodes = new Set(observed.map((one) => one.inode));
    catalog.atOnce(() => {
      for (const file of missing) this.#lose(file, inodes.has(file.inode));
      for (const { next, visible } of updates) {
        catalog.put(next);
        if (visible) catalog.log({ fileId: next.id, timeMs: clock.now(), removed: false });
      }
    });
    return true;
  }

  /** What a file has become; undefined when it vanished meanwhile, which the next look will see. */
  async #update({ observed, known }: Match): Promise<{ next: Next; visible: boolean } | undefined> {
    const read = observed.kind === 'folder' ? { observed, md5: undefined } : await this.#read(observed);
    if (read === undefined) return undefined;
    const visible = known === undefined || isVisibleChange(known, read.observed, read.md5);
    const sameContent = known !== undefined && known.md5 === read.md5;
    const hasRevisions = observed.kind === 'binary';
    return {
      visible,
      next: {
        id: known?.id ?? this.#newFileId(),
        folderId: this.#options.folderId,
        path: read.observed.path,
        name: read.observed.name,
        trashed: read.observed.trashed,
        kind: read.observed.kind,
        inode: read.observed.inode,
        signature: read.observed.signature,
        md5: read.md5,
        sizeBytes: read.observed.sizeBytes,
        modifiedMs: read.observed.modifiedMs,
        createdMs: known?.createdMs ?? read.observed.createdMs,
        version: (known?.version ?? 0) + (visible ? 1 : 0),
        revision: !hasRevisions ? undefined : sameContent ? known.revision : this.#newFileId(),
        workbook: read.observed.workbook,
        goneMs: undefined,
      },
    };
  }

  /** Hashes a file that may be written to at the same time: the hash counts when the file stood still. */
  async #read(first: Observed): Promise<{ observed: Observed; md5: string } | undefined> {
    const { folder } = this.#options;
    let observed = first;
    for (let reads = 1; ; reads++) {
      const paths = observed.workbook === undefined ? [observed.path] : [observed.path, observed.workbook];
      const md5 = await md5Of(paths.map((path) => join(folder, path)));
      const after = await observe(folder, observed.path);
      if (after === undefined || after.kind !== observed.kind) return undefined;
      const stoodStill = md5 !== undefined && after.signature === observed.signature;
      // These are times of the file system, which knows no clock but the machine's.
      const young = Date.now() - after.changedMs < YOUNG_MS;
      if (stoodStill && !young) return { observed: after, md5 };
      if (stoodStill || reads === MOST_READS) {
        return md5 === undefined ? undefined : { observed: { ...after, signature: '' }, md5 };
      }
      observed = after;
    }
  }

  #lose(file: KnownFile, inodeIsTaken: boolean): void {
    const { catalog, clock } = this.#options;
    const nowMs = clock.now();
    const wasDeleted = file.path !== undefined && file.trashed;
    const hasExpired = file.goneMs !== undefined && nowMs - file.goneMs >= TRASH_KEPT_MS;
    if (wasDeleted || hasExpired) {
      catalog.forget(file.id);
      catalog.log({ fileId: file.id, timeMs: nowMs, removed: true });
      return;
    }
    const inode = inodeIsTaken ? '' : file.inode;
    if (file.path === undefined) {
      if (inode !== file.inode) catalog.put({ ...file, inode });
      return;
    }
    const version = file.version + 1;
    catalog.put({ ...file, inode, version, path: undefined, trashed: true, goneMs: nowMs });
    catalog.log({ fileId: file.id, timeMs: nowMs, removed: false });
  }

  #newFileId(): string {
    return `1${this.#options.newId().replaceAll('-', '')}`;
  }
}

function isUnchanged(known: KnownFile, observed: Observed): boolean {
  return (
    known.path === observed.path &&
    known.inode === observed.inode &&
    known.signature === observed.signature &&
    known.trashed === observed.trashed
  );
}

function isVisibleChange(known: KnownFile, observed: Observed, md5: string | undefined): boolean {
  return (
    known.path === undefined ||
    known.name !== observed.name ||
    known.trashed !== observed.trashed ||
    known.md5 !== md5 ||
    restrictionOf(known.path) !== restrictionOf(observed.path) ||
    (known.kind !== 'folder' && known.modifiedMs !== observed.modifiedMs)
  );
}
