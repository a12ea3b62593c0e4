// Erases what a requester sent and what became of it: tombstones take its place, which no late copy replaces.
import { TransientError } from '../errors.ts';
import { compareAndSwap, readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { readOutcome } from '../runs/outcome.ts';
import { newestDecision } from './decisions.ts';
import { requestContent } from './entry.ts';
import { eraseResults, type ErasedRun } from './erase-results.ts';
import { contentObject, queueObject } from './names.ts';

/**
 * `not-ended`: the run has no outcome yet, its entry, which has the content too, is about to be deleted, or an execution of
 * it may still write.
 */
export type Erased = 'erased' | 'erased-before' | 'not-ended';

export interface EraseStores {
  readonly runs: ObjectStore;
  readonly requests: ObjectStore;
  readonly results: ObjectStore;
}

/** `by`: the caller's identity. */
export interface Eraser {
  readonly by: string;
  readonly at: string;
  readonly token: string;
}

const MOST_CONFLICTS = 3;

/**
 * Idempotent: a call that was cut off is continued by the next one. The content comes first, because its tombstone says
 * that the result is, or is about to be, erased.
 */
export async function eraseContent(
  stores: EraseStores,
  pipeline: ErasedRun['pipeline'],
  run: string,
  eraser: Eraser,
): Promise<Erased> {
  const { name } = pipeline;
  const outcome = await readOutcome(stores.runs, name, run);
  if (outcome === undefined || !(await isOver(stores, name, run))) return 'not-ended';
  const erased = await eraseParameters(stores, name, run, eraser);
  await eraseResults(stores.results, { pipeline, run, attempt: outcome.attempt }, eraser);
  return erased;
}

/** A slot is freed when no execution of its run lives, and a run that has ended gets none again. */
async function isOver({ requests }: EraseStores, pipeline: string, run: string): Promise<boolean> {
  if ((await requests.info(queueObject(pipeline, run))) !== undefined) return false;
  const slots = (await newestDecision(requests, pipeline))?.slots ?? [];
  return slots.every((slot) => slot.run !== run);
}

/** Where the content was never copied, the tombstone keeps a late copy out. */
async function eraseParameters(
  { requests }: EraseStores,
  pipeline: string,
  run: string,
  { by, at, token }: Eraser,
): Promise<Erased> {
  const name = contentObject(pipeline, run);
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const stands = await readJson(requests, name, requestContent);
    if (stands?.value.kind === 'erased') return conflict === 0 ? 'erased-before' : 'erased';
    const tombstone = { kind: 'erased', by, at, token };
    if (await compareAndSwap(requests, name, stands?.generation, tombstone)) return 'erased';
  }
  throw new TransientError(`gs://${requests.bucket}/${name} changed while it was erased; try again`, {
    code: 'CONFLICT',
  });
}

/** Whether the requester has erased the run. */
export const isErased = async (requests: ObjectStore, pipeline: string, run: string): Promise<boolean> =>
  (await readJson(requests, contentObject(pipeline, run), requestContent))?.value.kind === 'erased';
