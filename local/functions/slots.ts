// The places for requests in a function's instances: what finds none waits a little, then is turned away.
import type { Clock } from '../clock.ts';

export class Slots {
  readonly #clock: Clock;
  readonly #longestWaitMs: number;
  #free: number;
  #waiting: (() => void)[] = [];

  constructor(options: { clock: Clock; count: number; longestWaitMs: number }) {
    this.#clock = options.clock;
    this.#free = options.count;
    this.#longestWaitMs = options.longestWaitMs;
  }

  /** True once a place is taken, false when none came free in time. Each true needs one `release`. */
  take(): Promise<boolean> {
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const turn = () => {
        cancelTimer();
        resolve(true);
      };
      const cancelTimer = this.#clock.at(this.#clock.now() + this.#longestWaitMs, () => {
        this.#waiting = this.#waiting.filter((other) => other !== turn);
        resolve(false);
      });
      this.#waiting.push(turn);
    });
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
