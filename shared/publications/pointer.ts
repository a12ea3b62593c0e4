// The pointer of an output, which readers follow. It moves after the ledger, and its ordinal only rises.
import { z } from 'zod';
import { TransientError } from '../errors.ts';
import { compareAndSwap, readJson, type Stored } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { objectOutputsOf } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { pointerObject } from './names.ts';
import { publishedObjects, type PublishedObjects } from '../outputs/published.ts';

/** A reader that gets 404 for a file reads the pointer again: the publication was superseded and has expired. */
export const pointer = z.object({
  ...publishedObjects.shape,
  pipeline: z.string(),
  /** The ordinal of the ledger's entry that it shows. */
  ordinal: z.int().min(1),
  /** Identifies this write (law 3). */
  token: z.string(),
});
export type Pointer = z.infer<typeof pointer>;

const MOST_CONFLICTS = 5;

export const readPointer = (
  exports: ObjectStore,
  pipeline: string,
  output: string,
): Promise<Stored<Pointer> | undefined> => readJson(exports, pointerObject(pipeline, output), pointer);

/**
 * The same for a service, which may list under its pipeline's folder alone: Cloud Storage answers it 403, not 404, for
 * an object that is not there, so whether there is a pointer is asked by a listing. Once there, it stays.
 */
export async function findPointer(
  exports: ObjectStore,
  pipeline: string,
  output: string,
): Promise<Stored<Pointer> | undefined> {
  const listed = await exports.list(pointerObject(pipeline, output), 1);
  return listed.length === 0 ? undefined : readPointer(exports, pipeline, output);
}

/** Moves the pointer to what the entry made current, unless it shows that entry or a newer one already. */
export async function movePointer(
  exports: ObjectStore,
  entry: { readonly pipeline: string; readonly ordinal: number },
  current: PublishedObjects,
): Promise<void> {
  const { pipeline, ordinal } = entry;
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const stands = await readPointer(exports, pipeline, current.output);
    if (stands !== undefined && stands.value.ordinal >= ordinal) return;
    // Every delivery writes the same bytes for the same entry.
    const next: Pointer = { ...current, pipeline, ordinal, token: String(ordinal) };
    const object = pointerObject(pipeline, current.output);
    if (await compareAndSwap(exports, object, stands?.generation, next)) return;
  }
  throw new TransientError(
    `the pointer of ${pipeline} ${current.output} changed ${MOST_CONFLICTS} times while it was moved to entry ${ordinal}`,
    { code: 'CONFLICT' },
  );
}

/** The current models, from their pointers; none for a pipeline that publishes none. */
export async function readChampions(
  exports: ObjectStore,
  pipeline: Pipeline,
): Promise<readonly PublishedObjects[]> {
  const models = objectOutputsOf(pipeline).filter(({ kind }) => kind === 'model');
  const shown = await Promise.all(models.map(({ name }) => readPointer(exports, pipeline.name, name)));
  return shown.flatMap((stored) => {
    if (stored === undefined) return [];
    const { kind, output, publication, run, files, pinned } = stored.value;
    return [{ kind, output, publication, run, files, pinned }];
  });
}
