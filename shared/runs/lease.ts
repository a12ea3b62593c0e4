// The lease of a pipeline: the right of one run to execute, fenced by the object's generation (law 5).
// A free lease is no object, so that a listing shows that a pipeline is idle.
import { z } from 'zod';
import { compareAndSwap, readJson, type Stored } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { leaseObject, sequenceOf, type RunId } from './names.ts';

export const leaseHolder = z.object({
  run: z.string(),
  attempt: z.int().min(1),
  /** When this attempt took the lease. */
  since: z.iso.datetime(),
  /** Why the attempt before this one was given up. */
  because: z.string().optional(),
});
export type LeaseHolder = z.infer<typeof leaseHolder>;

export const lease = z.object({
  token: z.string(),
  holder: leaseHolder,
  /** The one queued run. A newer one replaces it. */
  queued: z.string().nullable(),
});
export type Lease = z.infer<typeof lease>;

export const readLease = (runs: ObjectStore, pipeline: string): Promise<Stored<Lease> | undefined> =>
  readJson(runs, leaseObject(pipeline), lease);

/** Frees the lease, unless it has moved since it was read. */
export const freeLease = async (runs: ObjectStore, pipeline: string, from: Stored<Lease>): Promise<boolean> =>
  (await runs.remove(leaseObject(pipeline), from.generation)).kind === 'landed';

export const swapLease = (
  runs: ObjectStore,
  pipeline: string,
  from: Stored<Lease> | undefined,
  to: Lease,
): Promise<boolean> => compareAndSwap(runs, leaseObject(pipeline), from?.generation, to);

/**
 * The answer to a run that requests the lease.
 *
 *     free ──take──▶ held by R ──(release)──▶ free
 *                      │  ▲
 *     R requests again │  │ a newer Q requests: queue (an older queued run is superseded)
 *                      ▼  │
 *                    attach
 */
export type LeaseAnswer =
  | { readonly kind: 'take'; readonly next: Omit<Lease, 'token'> }
  | { readonly kind: 'attach'; readonly holder: LeaseHolder }
  | { readonly kind: 'queue'; readonly next: Omit<Lease, 'token'>; readonly supersedes: RunId | null }
  | { readonly kind: 'queued-already' }
  | { readonly kind: 'superseded'; readonly by: RunId };

export function requestLease(current: Lease | undefined, run: RunId, nowMs: number): LeaseAnswer {
  if (current === undefined) {
    const holder = { run, attempt: 1, since: new Date(nowMs).toISOString() };
    return { kind: 'take', next: { holder, queued: null } };
  }
  const { holder, queued } = current;
  if (holder.run === run) return { kind: 'attach', holder };
  if (queued !== null && sequenceOf(queued) > sequenceOf(run)) return { kind: 'superseded', by: queued };
  if (sequenceOf(holder.run) > sequenceOf(run)) return { kind: 'superseded', by: holder.run };
  if (queued === run) return { kind: 'queued-already' };
  return { kind: 'queue', next: { holder, queued: run }, supersedes: queued };
}

/** The lease with the holder's next attempt. */
export function afterFailedAttempt(current: Lease, because: string, nowMs: number): Omit<Lease, 'token'> {
  const { run, attempt } = current.holder;
  return {
    holder: { run, attempt: attempt + 1, since: new Date(nowMs).toISOString(), because },
    queued: current.queued,
  };
}
