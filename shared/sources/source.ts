// The port to what a pipeline watches; each kind of source has a file beside this one.
import type { ObjectInfo } from '../objects/store.ts';
import type { Source } from '../pipelines/source.ts';
import type { ListedFile, SnapshotFile } from './snapshot.ts';

export interface WatchedSource {
  /** Every file of the source, readable or not. Throws when the source may not be used. */
  list(place: string): Promise<readonly ListedFile[]>;
  /**
   * Copies the file into the runs bucket as `object`, which is created only if absent, and proves the copy. Undefined:
   * the source does not hold the file any more as the snapshot saw it. Called again, it proves what stands.
   */
  freeze(file: SnapshotFile, object: string): Promise<ObjectInfo | undefined>;
}

/** One for each kind. */
export type Sources = Readonly<Record<Source['kind'], WatchedSource>>;
