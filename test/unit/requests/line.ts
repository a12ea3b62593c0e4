// A queue with its decisions, without stores: requests arrive, start, end and are withdrawn, step by step.
import type { Candidate } from '../../../shared/requests/candidates.ts';
import {
  decide,
  noState,
  type Decision,
  type DispatchBounds,
  type NextState,
  type Queued,
} from '../../../shared/requests/decide.ts';

export const START_MS = Date.UTC(2026, 10, 27, 3);
export const HOUR_MS = 60 * 60 * 1000;

export const BOUNDS: DispatchBounds = { concurrency: 2, spending: { perOwner: 1e6, inAll: 1e6 } };

export const candidate = (given: Partial<Candidate> & { readonly run: string }): Candidate => ({
  ...{ owner: 'a', cost: 1, priority: 5, approval: 'none' },
  ...{ acceptedAtMs: START_MS, expiresAtMs: START_MS + 1000 * HOUR_MS },
  ...given,
});

export const complete = (candidates: readonly Candidate[]): Queued => ({
  candidates,
  covers: () => true,
  after: null,
});

export class Line {
  state: NextState = noState(START_MS);
  /** Those that wait and those that execute: an entry leaves the queue when its run has ended. */
  entries: readonly Candidate[] = [];
  nowMs = START_MS;
  readonly bounds: DispatchBounds;

  constructor(bounds: DispatchBounds = BOUNDS) {
    this.bounds = bounds;
  }

  arrive(...candidates: readonly Candidate[]): void {
    this.entries = [...this.entries, ...candidates];
  }

  get waiting(): readonly Candidate[] {
    const executing = new Set(this.state.slots.map(({ run }) => run));
    return this.entries.filter(({ run, expiresAtMs }) => !executing.has(run) && expiresAtMs > this.nowMs);
  }

  withdraw(index: number): void {
    const withdrawn = this.waiting[index];
    this.entries = this.entries.filter((each) => each !== withdrawn);
  }

  /** Decides after the slots with these numbers are free. */
  decide(ends: readonly number[] = []): Decision {
    const ended = this.state.slots.filter((_slot, index) => ends.includes(index));
    const changes = ended.map(({ run }) => ({ kind: 'free', run, measured: undefined }) as const);
    const decision = decide(this.state, changes, complete(this.entries), this.bounds, this.nowMs);
    this.entries = this.entries.filter(({ run }) => ended.every((slot) => slot.run !== run));
    this.state = decision.next;
    return decision;
  }
}
