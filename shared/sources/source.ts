// The port to the source of a pipeline; each kind of source has its own file in this folder.
import type { ObjectInfo } from '../objects/store.ts';
import type { Source } from '../pipelines/source.ts';
import type { ListedFile, SnapshotFile } from './snapshot.ts';

export interface WatchedSource {
  /** Every file of the source, readable or not. Throws when the source may not be used. */
  list(place: string): Promise<readonly ListedFile[]>;
  /**
   * Copies the file into the runs bucket as `object`, which is created only if absent, and verifies the copy. Undefined:
   * the file no longer is as in the snapshot. Called again, it verifies the existing copy.
   */
  freeze(file: SnapshotFile, object: string): Promise<ObjectInfo | undefined>;
}

/** One for each kind. */
export type Sources = Readonly<Record<Source['kind'], WatchedSource>>;
