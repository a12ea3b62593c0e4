// The one clock of the local cloud: every deadline, back-off, schedule and timeout asks it.

/** Cancels a timer; harmless when the timer has already fired. */
export type CancelTimer = () => void;

/** Times are milliseconds since the Unix epoch, UTC. */
export interface Clock {
  now(): number;
  /** Calls `fire` once, when `now()` has reached `atMs`; at once (asynchronously) if that is past. */
  at(atMs: number, fire: () => void): CancelTimer;
}

// setTimeout counts in a signed 32-bit number of milliseconds; a longer wait is taken in several naps.
const LONGEST_NAP_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(atMs, fire) {
    let timer: NodeJS.Timeout;
    const nap = () => {
      const leftMs = atMs - Date.now();
      timer = setTimeout(leftMs > LONGEST_NAP_MS ? nap : fire, Math.min(Math.max(leftMs, 0), LONGEST_NAP_MS));
    };
    nap();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until it is moved: for simulation and for tests of deadlines. */
export class VirtualClock implements Clock {
  #nowMs: number;
  /** In the order in which they are due, then of setting. */
  readonly #timers: { readonly atMs: number; readonly fire: () => void }[] = [];

  constructor(startMs = Date.UTC(2025, 0, 6)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  at(atMs: number, fire: () => void): CancelTimer {
    const timer = { atMs, fire };
    this.#timers.splice(this.#timers.findLastIndex((other) => other.atMs <= atMs) + 1, 0, timer);
    return () => {
      const place = this.#timers.indexOf(timer);
      if (place !== -1) this.#timers.splice(place, 1);
    };
  }

  /** When the next timer is due, or undefined when nothing is waiting. */
  nextDueMs(): number | undefined {
    return this.#timers[0]?.atMs;
  }

  /** Moves time on by `ms`, firing what falls due on the way, in order of due time, then of setting. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let due = this.#timers[0]; due !== undefined && due.atMs <= untilMs; due = this.#timers[0]) {
      this.#timers.shift();
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.fire();
    }
    this.#nowMs = untilMs;
  }
}
