// The bound of spending: dollars that may be started in a day (UTC), by one owner and in all.
import type { Candidate } from './candidates.ts';
import type { DispatchState } from './dispatch.ts';

export type Spending = DispatchState['spending'];

export interface SpendingBounds {
  readonly perOwner: number;
  readonly inAll: number;
}

/** A decision holds the spending of each owner of the day: further owners wait for the next day (law 10). */
export const MOST_SPENDERS = 10_000;

const MICRO = 1_000_000;
/** To the micro-dollar, so that no sum depends on the order of its parts. */
const rounded = (dollars: number): number => Math.round(dollars * MICRO) / MICRO;

/** What was started on the day of `nowMs`; another day's is forgotten. */
export function spendingOn(before: Spending | undefined, nowMs: number): Spending {
  const day = new Date(nowMs).toISOString().slice(0, 10);
  // A clock behind the last decision's must not begin an earlier day anew.
  return before !== undefined && before.day >= day ? before : { day, owners: {} };
}

/** Counts what is started, one candidate after the other. */
export class SpendingCount {
  readonly #day: string;
  readonly #owners: Map<string, number>;
  readonly #bounds: SpendingBounds;
  #inAll: number;

  constructor({ day, owners }: Spending, bounds: SpendingBounds) {
    this.#day = day;
    this.#owners = new Map(Object.entries(owners));
    this.#bounds = bounds;
    this.#inAll = rounded(Object.values(owners).reduce((sum, dollars) => sum + dollars, 0));
  }

  affords({ owner, cost }: Pick<Candidate, 'owner' | 'cost'>): boolean {
    if (rounded(cost) === 0) return true;
    const spent = this.#owners.get(owner);
    if (spent === undefined && this.#owners.size >= MOST_SPENDERS) return false;
    const { perOwner, inAll } = this.#bounds;
    return rounded((spent ?? 0) + cost) <= perOwner && rounded(this.#inAll + cost) <= inAll;
  }

  add({ owner, cost }: Pick<Candidate, 'owner' | 'cost'>): void {
    if (rounded(cost) === 0) return;
    this.#owners.set(owner, rounded((this.#owners.get(owner) ?? 0) + cost));
    this.#inAll = rounded(this.#inAll + cost);
  }

  total(): Spending {
    return { day: this.#day, owners: Object.fromEntries(this.#owners) };
  }
}
