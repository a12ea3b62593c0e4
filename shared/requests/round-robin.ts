// Deficit round robin between owners: who starts next, and what each owner that waits may still start.
import type { Candidate, Waiting } from './candidates.ts';

/** Micro-dollars. A visit gives an owner this much, so that what owners start differs by little more than one run. */
export const QUANTUM = 1000;
/** An owner's deficit is kept while it waits; beyond this many owners the smallest are forgotten. */
export const MOST_DEFICITS = 10_000;

const MICRO = 1_000_000;

/** A run weighs a quantum at least: one that costs nothing still takes a slot. */
export const weightOf = ({ cost }: Pick<Candidate, 'cost'>): number =>
  Math.max(QUANTUM, Math.ceil(cost * MICRO));

/** The state between two decisions: deficits in micro-dollars, and the owner whose turn is next. */
export interface Turns {
  readonly deficits: ReadonlyMap<string, number>;
  readonly cursor: string | null;
}

/** What may be started in all. A candidate that it refuses once, it refuses from then on. */
export interface Budget {
  affords(candidate: Candidate): boolean;
  add(candidate: Candidate): void;
}

/**
 * Takes up to `most` candidates, and returns the turns after them.
 *
 *     visit: the deficit does not cover the owner's next run? add a quantum
 *            take runs while the deficit covers them ──▶ the next owner
 *     `most` are taken in the middle of a visit ──▶ the cursor stays, and the next decision continues it
 *
 * While one run of an owner stays its next and may start, every other owner starts at most runs of the weight
 * `its largest + that run's + 2 quanta` (`furthestAhead`).
 */
export function takeTurns(turns: Turns, waiting: Waiting, most: number, budget: Budget): Taken {
  const ring = new Ring(waiting, turns, budget);
  const taken: Candidate[] = [];
  while (taken.length < most && ring.size > 0) {
    const next = ring.take();
    if (next !== undefined) taken.push(next);
  }
  return { taken, deficits: ring.deficits(), cursor: ring.cursor, wrapped: ring.wrapped };
}

interface Taken extends Turns {
  readonly taken: readonly Candidate[];
  /** Whether every owner had a turn. */
  readonly wrapped: boolean;
}

/** The bound of `takeTurns`, in micro-dollars. */
export const furthestAhead = (waitingWeight: number, largestOther: number): number =>
  largestOther + waitingWeight + 2 * QUANTUM;

interface Place {
  readonly owner: string;
  readonly runs: readonly Candidate[];
  /** Of its next run in `runs`. */
  at: number;
  deficit: number;
}

/** The owners that wait, in the order of their hashes, from the one whose turn it is. */
class Ring {
  readonly #places: Place[];
  readonly #budget: Budget;
  wrapped = false;
  #turn = 0;
  /** Visits in a row that took nothing. */
  #idle = 0;

  constructor(waiting: Waiting, { deficits, cursor }: Turns, budget: Budget) {
    this.#budget = budget;
    const owners = [...waiting.keys()].sort();
    const first = cursor === null ? 0 : owners.findIndex((owner) => owner >= cursor);
    const turn = Math.max(0, first);
    this.#places = [...owners.slice(turn), ...owners.slice(0, turn)]
      .map((owner) => ({ owner, runs: waiting.get(owner) ?? [], at: 0, deficit: deficits.get(owner) ?? 0 }))
      .filter((place) => this.#next(place) !== undefined);
    // What was saved for a run that was withdrawn is not spent on others.
    for (const place of this.#places) place.deficit = Math.min(place.deficit, this.#weight(place));
  }

  get size(): number {
    return this.#places.length;
  }

  get cursor(): string | null {
    return this.#places[this.#turn]?.owner ?? null;
  }

  deficits(): ReadonlyMap<string, number> {
    return new Map(this.#places.map(({ owner, deficit }) => [owner, deficit]));
  }

  /** One step: takes a run of the owner whose turn it is, or passes the turn on. */
  take(): Candidate | undefined {
    const place = this.#places[this.#turn];
    const next = place && this.#next(place);
    if (place === undefined || next === undefined) return this.#leave();
    const weight = weightOf(next);
    if (place.deficit < weight) place.deficit += QUANTUM;
    if (place.deficit < weight) return this.#pass();
    place.deficit -= weight;
    place.at += 1;
    this.#budget.add(next);
    this.#idle = 0;
    // It passes the turn on at once, so that no later decision gives it a second quantum for this visit.
    if (this.#next(place) === undefined) this.#leave();
    else if (place.deficit < this.#weight(place)) this.#pass();
    return next;
  }

  /** The owner's next run that may start; those before it are passed over for good. */
  #next(place: Place): Candidate | undefined {
    while (place.at < place.runs.length) {
      const next = place.runs[place.at];
      if (next !== undefined && this.#budget.affords(next)) return next;
      place.at += 1;
    }
    return undefined;
  }

  #weight(place: Place): number {
    const next = this.#next(place);
    return next === undefined ? 0 : weightOf(next);
  }

  #leave(): undefined {
    this.#places.splice(this.#turn, 1);
    this.#turnTo(this.#turn);
  }

  #pass(): undefined {
    this.#turnTo(this.#turn + 1);
    this.#idle += 1;
    if (this.#idle >= this.#places.length) this.#skipRounds();
  }

  #turnTo(place: number): void {
    this.#turn = place < this.#places.length ? place : 0;
    if (place >= this.#places.length) this.wrapped = true;
  }

  /** No owner could start in a whole round: the rounds in which that stays so are added at once. */
  #skipRounds(): void {
    this.#idle = 0;
    const rounds = this.#places.map(
      (place) => Math.ceil((this.#weight(place) - place.deficit) / QUANTUM) - 1,
    );
    const skipped = Math.max(0, Math.min(...rounds));
    for (const place of this.#places) place.deficit += skipped * QUANTUM;
  }
}
