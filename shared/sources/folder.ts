// The port to a watched folder.
import type { Readable } from 'node:stream';
import type { ListedFile, SnapshotFile, SourceFile } from './snapshot.ts';

export interface SourceFolder {
  /** Every file that lies directly in the folder, readable or not: no subfolders, nothing trashed. */
  list(folderId: string): Promise<readonly ListedFile[]>;
  /** The file's bytes as they are now (a Google Sheet is exported as xlsx), or undefined when it is gone. */
  read(file: SnapshotFile): Promise<Readable | undefined>;
  /** What the file holds now, to tell whether it changed while it was read; undefined when it is gone. */
  contentNow(file: SnapshotFile): Promise<SourceFile['content'] | undefined>;
}
