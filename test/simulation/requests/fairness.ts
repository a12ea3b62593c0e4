// Watches the decisions of the dispatch: their numbers, their slots, and that no owner is overtaken by more than is fair.
import { byOwner, type Candidate } from '../../../shared/requests/candidates.ts';
import type { DispatchState, Slot } from '../../../shared/requests/dispatch.ts';
import { furthestAhead, weightOf } from '../../../shared/requests/round-robin.ts';
import { CONCURRENCY } from './sample.ts';

/** A request that waits, with when it could be started. */
export interface Waiting extends Candidate {
  /** Since when the dispatch can see that it may start; undefined: it may not yet. */
  readonly startableSinceMs: number | undefined;
}

export interface FairnessNotes {
  /** The requests in the queue that no gate has ended. */
  waiting(): readonly Waiting[];
  fail(law: string, detail: string): void;
  /** A function's clock was off: times that it wrote say little. */
  isExcused(): boolean;
}

interface Line {
  /** The owner's next run. */
  readonly head: string;
  /** What each other owner has started since, in micro-dollars. */
  readonly ahead: Map<string, number>;
}

export class FairnessOracle {
  readonly #notes: FairnessNotes;
  readonly #lines = new Map<string, Line>();
  /** The largest run that each owner ever started. */
  readonly #largest = new Map<string, number>();
  #newest: { readonly state: DispatchState; readonly atMs: number } | undefined;
  #slots: { readonly key: string; fromMs: number; untilMs: number }[] = [];

  constructor(notes: FairnessNotes) {
    this.#notes = notes;
  }

  get slots(): readonly Slot[] {
    return this.#newest?.state.slots ?? [];
  }

  /** Whether the attempt was in a slot at some time since. */
  wasInSlot(run: string, attempt: number, sinceMs: number): boolean {
    return this.#slots.some(({ key, untilMs }) => key === `${run} ${attempt}` && untilMs >= sinceMs);
  }

  onDecision(state: DispatchState, nowMs: number): void {
    const before = this.#newest;
    const expected = (before?.state.n ?? 0) + 1;
    if (state.n !== expected)
      this.#notes.fail('a decision out of order', `number ${state.n}; expected ${expected}`);
    if (state.slots.length > CONCURRENCY)
      this.#notes.fail('too many slots', `decision ${state.n} has ${state.slots.length} slots`);
    const runs = state.slots.map(({ run }) => run);
    if (new Set(runs).size !== runs.length)
      this.#notes.fail('a run in two slots', `decision ${state.n}: ${runs.join(', ')}`);
    this.#followSlots(state, nowMs);
    // What the decider surely saw: it listed the queue after it had read the decision before.
    if (before !== undefined && !this.#notes.isExcused()) this.#followLines(state, before);
    this.#newest = { state, atMs: nowMs };
  }

  #followSlots(state: DispatchState, nowMs: number): void {
    const now = new Set(state.slots.map(({ run, attempt }) => `${run} ${attempt}`));
    for (const slot of this.#slots)
      if (slot.untilMs === Number.POSITIVE_INFINITY && !now.has(slot.key)) slot.untilMs = nowMs;
    const open = new Set(this.#slots.filter(({ untilMs }) => untilMs > nowMs).map(({ key }) => key));
    for (const key of now)
      if (!open.has(key)) this.#slots.push({ key, fromMs: nowMs, untilMs: Number.POSITIVE_INFINITY });
  }

  #followLines(state: DispatchState, before: { readonly state: DispatchState; readonly atMs: number }): void {
    const known = new Set(before.state.slots.map(({ run }) => run));
    const started = state.slots.filter(({ run }) => !known.has(run));
    const decidedAtMs = Date.parse(state.at);
    const all = this.#notes.waiting();
    const seen = this.#notes.waiting().filter(({ run, startableSinceMs, expiresAtMs }) => {
      const isSeen = startableSinceMs !== undefined && startableSinceMs < before.atMs;
      return isSeen && expiresAtMs > decidedAtMs && !known.has(run);
    });
    const weights = new Map(all.map((each) => [each.run, weightOf(each)]));
    const firsts = byOwner(all);
    for (const { run, owner } of started)
      this.#largest.set(owner, Math.max(this.#largest.get(owner) ?? 0, weights.get(run) ?? 0));
    const lines = byOwner(seen);
    for (const owner of this.#lines.keys()) if (!lines.has(owner)) this.#lines.delete(owner);
    for (const [owner, [head]] of lines) {
      if (head === undefined) continue;
      // The decider may have seen one that came later and goes first.
      const isFirst = firsts.get(owner)?.[0]?.run === head.run;
      if (!isFirst || started.some(({ run }) => run === head.run)) {
        this.#lines.delete(owner);
        continue;
      }
      const line = this.#lines.get(owner);
      const current = line?.head === head.run ? line : { head: head.run, ahead: new Map<string, number>() };
      this.#lines.set(owner, current);
      for (const other of started) {
        if (other.owner === owner) continue;
        const ahead = (current.ahead.get(other.owner) ?? 0) + (weights.get(other.run) ?? 0);
        current.ahead.set(other.owner, ahead);
        const bound = furthestAhead(weightOf(head), this.#largest.get(other.owner) ?? 0);
        if (ahead > bound)
          this.#notes.fail(
            'an owner waited longer than is fair',
            `${head.run} waits; ${other.owner} has started runs of ${ahead} micro-dollars since, the bound is ${bound}`,
          );
      }
    }
  }
}
