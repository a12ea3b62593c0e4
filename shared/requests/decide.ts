// The decision of the dispatch: which runs start, by deficit round robin between owners. Pure.
import { byOwner, type Candidate } from './candidates.ts';
import type { DispatchState, Slot } from './dispatch.ts';
import type { Measured } from './estimate.ts';
import { MOST_DEFICITS, takeTurns, type Turns } from './round-robin.ts';
import { spendingOn, SpendingCount, type SpendingBounds } from './spending.ts';

export interface DispatchBounds {
  readonly concurrency: number;
  readonly spending: SpendingBounds;
}

/** What was observed of a slot, where the decision has to change it. */
export type SlotChange =
  /** The outcome stands and no execution lives; `measured` where the run was published. */
  | { readonly kind: 'free'; readonly run: string; readonly measured: Measured | undefined }
  /** The attempt failed, its execution has ended, and the run has attempts left. */
  | { readonly kind: 'next-attempt'; readonly run: string; readonly attempt: number };

export interface Queued {
  readonly candidates: readonly Candidate[];
  /** Whether the listing would have shown this owner's requests. Owners that it left out keep their deficits. */
  readonly covers: (owner: string) => boolean;
  /** The first owner that it left out; null where it is complete. */
  readonly after: string | null;
}

/** The state without its number and its token, which belong to the writer. */
export type NextState = Omit<DispatchState, 'n' | 'token'>;

export interface Decision {
  readonly next: NextState;
  readonly started: readonly Slot[];
  /** Nothing starts and no slot changes: there is nothing to record. */
  readonly isChanged: boolean;
}

const MOST_HISTORY = 50;
const MICRO = 1_000_000;

/** The state before the first decision. */
export const noState = (nowMs: number): NextState => ({
  at: new Date(nowMs).toISOString(),
  slots: [],
  deficits: {},
  cursor: null,
  spending: spendingOn(undefined, nowMs),
  history: [],
});

/** `changes` has at most one entry of a run. The same state, changes, queue and time give the same decision. */
export function decide(
  state: NextState,
  changes: readonly SlotChange[],
  queued: Queued,
  bounds: DispatchBounds,
  nowMs: number,
): Decision {
  const at = new Date(nowMs).toISOString();
  const kept = state.slots.flatMap((slot) => afterChange(slot, changes, at));
  const count = new SpendingCount(spendingOn(state.spending, nowMs), bounds.spending);
  // A further attempt costs as much again. A run that has begun is not stopped by the bound.
  for (const slot of kept) if (!state.slots.includes(slot)) count.add(slot);
  const waiting = byOwner(startable(queued.candidates, state.slots, nowMs));
  const before = turnsOf(state);
  const turns = takeTurns(before, waiting, bounds.concurrency - kept.length, count);
  const started = turns.taken.map(({ run, owner, cost }): Slot => ({
    run,
    attempt: 1,
    owner,
    cost,
    since: at,
  }));
  const measured = changes.flatMap((change) => (change.kind === 'free' ? (change.measured ?? []) : []));
  const next = {
    at,
    slots: [...kept, ...started],
    deficits: deficitsOf(turns, before, queued.covers),
    cursor: (turns.wrapped ? queued.after : null) ?? turns.cursor ?? state.cursor,
    spending: count.total(),
    history: [...state.history, ...measured].slice(-MOST_HISTORY),
  };
  return { next, started, isChanged: changes.length > 0 || started.length > 0 };
}

/** The place of each request in line, from 1, as if slots and money had no bound. */
export function lineOf(state: NextState, queued: Queued, nowMs: number): ReadonlyMap<string, number> {
  const waiting = byOwner(startable(queued.candidates, state.slots, nowMs));
  const { taken } = takeTurns(turnsOf(state), waiting, queued.candidates.length, NO_BOUND);
  return new Map(taken.map(({ run }, index) => [run, index + 1]));
}

const NO_BOUND = { affords: () => true, add: () => undefined };

function afterChange(slot: Slot, changes: readonly SlotChange[], at: string): readonly Slot[] {
  const change = changes.find(({ run }) => run === slot.run);
  if (change === undefined) return [slot];
  return change.kind === 'free' ? [] : [{ ...slot, attempt: change.attempt, since: at }];
}

function startable(
  candidates: readonly Candidate[],
  slots: readonly Slot[],
  nowMs: number,
): readonly Candidate[] {
  const executing = new Set(slots.map(({ run }) => run));
  return candidates.filter(({ run, expiresAtMs }) => expiresAtMs > nowMs && !executing.has(run));
}

const turnsOf = ({ deficits, cursor }: NextState): Turns => ({
  deficits: new Map(Object.entries(deficits).map(([owner, dollars]) => [owner, Math.round(dollars * MICRO)])),
  cursor,
});

/** Of the owners that wait, and of those that the listing left out; the largest, where there are too many. */
function deficitsOf(after: Turns, before: Turns, covers: (owner: string) => boolean): Record<string, number> {
  const leftOut = [...before.deficits].filter(([owner]) => !covers(owner));
  const all = [...leftOut, ...after.deficits].filter(([, deficit]) => deficit > 0);
  const kept =
    all.length <= MOST_DEFICITS ? all : all.toSorted((a, b) => b[1] - a[1]).slice(0, MOST_DEFICITS);
  return Object.fromEntries(kept.map(([owner, deficit]) => [owner, deficit / MICRO]));
}
