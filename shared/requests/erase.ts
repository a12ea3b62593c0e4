// Erases what a requester sent: a tombstone takes its place, which no late copy replaces.
import { TransientError } from '../errors.ts';
import { compareAndSwap, readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { readOutcome } from '../runs/outcome.ts';
import { requestContent } from './entry.ts';
import { contentObject, queueObject } from './names.ts';

/** `not-ended`: the run has no outcome yet, or its entry, which has the content too, is about to be deleted. */
export type Erased = 'erased' | 'erased-before' | 'not-ended';

export interface EraseStores {
  readonly runs: ObjectStore;
  readonly requests: ObjectStore;
}

const MOST_CONFLICTS = 3;

/** `by`: the caller's identity. Where the content was never copied, the tombstone keeps a late copy out. */
export async function eraseContent(
  { runs, requests }: EraseStores,
  pipeline: string,
  run: string,
  { by, at, token }: { readonly by: string; readonly at: string; readonly token: string },
): Promise<Erased> {
  if ((await readOutcome(runs, pipeline, run)) === undefined) return 'not-ended';
  if ((await requests.info(queueObject(pipeline, run))) !== undefined) return 'not-ended';
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
