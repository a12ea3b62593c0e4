// The requests that wait for a start, as the listing of the queue shows them.
import type { EntryMetadata } from './entry.ts';

export interface Candidate {
  readonly run: string;
  /** The owner's hash. */
  readonly owner: string;
  /** Dollars: the expected cost. */
  readonly cost: number;
  readonly priority: number;
  readonly acceptedAtMs: number;
  readonly expiresAtMs: number;
  readonly approval: EntryMetadata['approval'];
}

/** The candidates of each owner that waits, in the order in which the owner's start. */
export type Waiting = ReadonlyMap<string, readonly Candidate[]>;

/** An owner's own requests: by priority, then by acceptance, then by their ids, so that the order is total. */
const inOrder = (one: Candidate, other: Candidate): number =>
  one.priority - other.priority || one.acceptedAtMs - other.acceptedAtMs || (one.run < other.run ? -1 : 1);

export function byOwner(candidates: readonly Candidate[]): Waiting {
  const waiting = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const own = waiting.get(candidate.owner);
    if (own === undefined) waiting.set(candidate.owner, [candidate]);
    else own.push(candidate);
  }
  for (const own of waiting.values()) own.sort(inOrder);
  return waiting;
}
