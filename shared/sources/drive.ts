// A Drive folder as a source: its files are downloaded, stored, and verified by their hash or version.
import type { Readable } from 'node:stream';
import { TransientError } from '../errors.ts';
import { notThere } from '../objects/json.ts';
import type { ObjectInfo, ObjectStore } from '../objects/store.ts';
import type { ListedFile, SnapshotFile, SourceFile } from './snapshot.ts';
import type { WatchedSource } from './source.ts';

/** The port to Drive. */
export interface SourceFolder {
  /** Every file directly in the folder, readable or not: no subfolders, nothing trashed. */
  list(folderId: string): Promise<readonly ListedFile[]>;
  /** The file's bytes as they are now (a Google Sheet is exported as xlsx), or undefined when it no longer exists. */
  read(file: SnapshotFile): Promise<Readable | undefined>;
  /** The file's present content, to detect a change while it was read; undefined when it no longer exists. */
  contentNow(file: SnapshotFile): Promise<SourceFile['content'] | undefined>;
}

const TYPE = 'application/octet-stream';

export const driveSource = (folder: SourceFolder, runs: ObjectStore): WatchedSource => ({
  list: (folderId) => folder.list(folderId),
  async freeze(file, object) {
    let copy = await runs.info(object);
    if (copy === undefined) {
      const bytes = await folder.read(file);
      if (bytes === undefined) return undefined;
      const answer = await runs.createFrom(object, bytes, TYPE);
      // Whatever the answer, the stored copy is verified below.
      copy = await runs.info(object);
      if (copy === undefined) throw notThere(runs, object, answer);
    }
    if (copy.md5 === undefined)
      throw new TransientError(
        `the frozen copy of "${file.name}" (${object}) has no md5; the next delivery reads it again`,
        {
          code: 'SERVICE_UNAVAILABLE',
        },
      );
    return (await isSame(file, copy, folder)) ? copy : undefined;
  },
});

/** A file is verified by its hash. A Sheet has none: it is unchanged if its version after the export is the same. */
async function isSame(file: SnapshotFile, copy: ObjectInfo, folder: SourceFolder): Promise<boolean> {
  if (file.content.kind === 'md5') {
    return copy.md5 === Buffer.from(file.content.md5Hex, 'hex').toString('base64');
  }
  const now = await folder.contentNow(file);
  return (
    file.content.kind === 'sheet-version' &&
    now?.kind === 'sheet-version' &&
    now.version === file.content.version
  );
}
