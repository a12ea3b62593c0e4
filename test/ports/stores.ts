// The object stores that one contract holds for: the one in memory, and Cloud Storage through its unmodified client and by plain calls.
import { gcsStore } from '../../shared/google/storage.ts';
import { thinStore } from '../../shared/google/thin-storage.ts';
import { MemoryStore } from '../../shared/objects/memory.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { startMesh, PROJECT, type WatchedMesh } from './cloud.ts';

export const TEXT = 'text/plain';
export const BUCKET = 'store';
export const THIN_BUCKET = 'thin-store';
/** The two that reach Cloud Storage. */
export const ADAPTERS = { 'of the client': gcsStore, 'by plain calls': thinStore };

export const STORES: Readonly<Record<string, (mesh: WatchedMesh) => ObjectStore>> = {
  'in memory': () => new MemoryStore(BUCKET),
  'Cloud Storage': (mesh) => gcsStore(BUCKET, mesh.config),
  'Cloud Storage by plain calls': (mesh) => thinStore(THIN_BUCKET, mesh.config),
};

/** A cloud with the buckets of the stores. */
export async function openStores(): Promise<WatchedMesh> {
  const mesh = await startMesh();
  for (const name of [BUCKET, THIN_BUCKET])
    mesh.cloud.storage.ensureBucket({ name, location: 'EU', projectId: PROJECT });
  return mesh;
}
