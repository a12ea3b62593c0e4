// Reads the newest decision of a pipeline's dispatch, and creates the next one.
import { notThere, readJson, toJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { TransientError } from '../errors.ts';
import { dispatchState, type DispatchState } from './dispatch.ts';
import { dispatchObject, dispatchPrefix } from './names.ts';

/** The newest decision, or undefined before the first. Two calls: a listing begins with the newest. */
export async function newestDecision(
  requests: ObjectStore,
  pipeline: string,
): Promise<DispatchState | undefined> {
  const [newest] = await requests.first(dispatchPrefix(pipeline), 1);
  if (newest === undefined) return undefined;
  const stored = await readJson(requests, newest.name, dispatchState);
  // The newest is never deleted; a much older one is.
  if (stored === undefined)
    throw new TransientError(`gs://${requests.bucket}/${newest.name} was listed and does not exist`, {
      code: 'CONFLICT',
    });
  return stored.value;
}

// After three lost answers in a row the service counts as unavailable.
const MOST_WRITES = 3;

/**
 * Creates the decision. Returns whether it is this writer's: the token settles a conflict and a lost answer (law 3).
 *
 *     create ──▶ landed, or conflict with this writer's own token: its own
 *       │ ▲  └─▶ conflict with another token: another decider was first
 *       │ └───── unknown, and there is none: create it again; if the first lands late, this one conflicts with itself
 */
export async function createDecision(
  requests: ObjectStore,
  pipeline: string,
  state: DispatchState,
): Promise<boolean> {
  const name = dispatchObject(pipeline, state.n);
  for (let write = 1; ; write++) {
    const answer = await requests.create(name, toJson(state), 'application/json');
    if (answer.kind === 'landed') return true;
    const stands = await readJson(requests, name, dispatchState);
    if (stands !== undefined) return stands.value.token === state.token;
    if (answer.kind === 'conflict' || write === MOST_WRITES) throw notThere(requests, name, answer);
  }
}

/** How many decisions are kept: for an operator who asks why a request waited. */
const DECISIONS_KEPT = 1000;
const MOST_DELETED = 20;

/** Deletes the decisions that are too old; those that an earlier call did not delete among them. */
export async function forgetDecisions(requests: ObjectStore, pipeline: string, n: number): Promise<void> {
  if (n <= DECISIONS_KEPT) return;
  const oldest = dispatchObject(pipeline, n - DECISIONS_KEPT);
  const listed = await requests.first(dispatchPrefix(pipeline), MOST_DELETED, oldest);
  for (const { name, generation } of listed) await requests.remove(name, generation);
}
