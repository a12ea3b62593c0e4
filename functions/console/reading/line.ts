// What the screens read of a queue of requests: who executes and who waits, by owner, and what the day has cost.
import { concurrently } from '../../../shared/concurrently.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { byOwner } from '../../../shared/requests/candidates.ts';
import { newestDecision } from '../../../shared/requests/decisions.ts';
import type { DispatchState, Slot } from '../../../shared/requests/dispatch.ts';
import { readApproval } from '../../../shared/requests/gates.ts';
import { dispatchObject } from '../../../shared/requests/names.ts';
import { listQueue, type Entry } from '../../../shared/requests/queue.ts';
import { spendingOn } from '../../../shared/requests/spending.ts';
import type { Reads } from './reads.ts';

/** The owner's hash stands for the owner: no address is in a queue. */
export interface OwnerInLine {
  readonly owner: string;
  readonly waiting: number;
  readonly executing: number;
  /** The oldest of what waits was accepted then. */
  readonly since: string | null;
  /** Dollars, of all that waits. */
  readonly expected: number;
  /** Dollars that were started today. */
  readonly spent: number;
}

export interface Line {
  /** The runs that have a slot. */
  readonly slots: readonly Slot[];
  /** The entries without a slot, each owner's in the order in which they start. */
  readonly waiting: readonly Entry[];
  readonly owners: readonly OwnerInLine[];
  /** Dollars that were started today, by all owners. */
  readonly spentToday: number;
  /** UTC. */
  readonly day: string;
  readonly unreadable: readonly string[];
  /** The queue is longer than what one decision considers, and than what is shown. */
  readonly isPart: boolean;
  /** The decision of the dispatch that these slots are of. */
  readonly decision: string | null;
}

export async function readLine({ name }: RequestsPipeline, { requests, now }: Reads): Promise<Line> {
  const state = await newestDecision(requests, name);
  const queue = await listQueue(requests, name, state?.cursor ?? null);
  const decision = state === undefined ? null : dispatchObject(name, state.n);
  const { malformed: unreadable, after, candidates } = queue;
  return { ...lineOf(state, candidates, now()), unreadable, isPart: after !== null, decision };
}

/** Those who wait longest first; then those who only execute or have spent. */
export function lineOf(
  state: DispatchState | undefined,
  entries: readonly Entry[],
  nowMs: number,
): Omit<Line, 'unreadable' | 'isPart' | 'decision'> {
  const slots = state?.slots ?? [];
  const inSlots = new Set(slots.map(({ run }) => run));
  const waiting = byOwner(entries.filter(({ run }) => !inSlots.has(run))) as ReadonlyMap<string, Entry[]>;
  const { day, owners: spending } = spendingOn(state?.spending, nowMs);
  const owners = new Set([...waiting.keys(), ...slots.map(({ owner }) => owner), ...Object.keys(spending)]);
  const all = [...owners].map((owner) => {
    const own = waiting.get(owner) ?? [];
    const oldestMs = Math.min(...own.map(({ acceptedAtMs }) => acceptedAtMs));
    return {
      owner,
      waiting: own.length,
      executing: slots.filter((slot) => slot.owner === owner).length,
      since: own.length === 0 ? null : new Date(oldestMs).toISOString(),
      expected: own.reduce((sum, { cost }) => sum + cost, 0),
      spent: spending[owner] ?? 0,
    };
  });
  const sorted = all.toSorted(inOrder);
  return {
    slots,
    waiting: sorted.flatMap(({ owner }) => waiting.get(owner) ?? []),
    owners: sorted,
    spentToday: Object.values(spending).reduce((sum, each) => sum + each, 0),
    day,
  };
}

const LAST = '9999';

function inOrder(one: OwnerInLine, other: OwnerInLine): number {
  const [a, b] = [one.since ?? LAST, other.since ?? LAST];
  if (a !== b) return a < b ? -1 : 1;
  return other.executing - one.executing || other.spent - one.spent || (one.owner < other.owner ? -1 : 1);
}

/** Whether a person has to approve the run before it starts. */
export type Approval = 'none' | 'missing' | 'given' | 'rejected';

const AT_ONCE = 16;

/** Of the entries that are shown: one read each, where the pipeline asks for approvals at all. */
export const approvalsOf = (
  { name }: RequestsPipeline,
  entries: readonly Entry[],
  { runs }: Reads,
): Promise<readonly Approval[]> =>
  concurrently(entries, AT_ONCE, async ({ run, approval }) => {
    if (approval === 'none') return 'none';
    const gate = await readApproval(runs, name, run);
    if (gate === undefined) return 'missing';
    return gate.kind === 'approve' ? 'given' : 'rejected';
  });
