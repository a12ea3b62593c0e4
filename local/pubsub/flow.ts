// How many pushes a subscription may have in flight: it feels its way up on success and down on failure.
import { growingDelayMs } from './backoff.ts';

const WIDEST_WINDOW = 64;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 60_000;

/** The flow of one push subscription. In memory only: after a restart it starts slowly again, as it should. */
export class Flow {
  #window = 1;
  #inFlight = 0;
  #failuresInARow = 0;
  #pausedUntilMs = 0;

  get pausedUntilMs(): number {
    return this.#pausedUntilMs;
  }

  /** How many more pushes may start now. */
  room(nowMs: number): number {
    return nowMs < this.#pausedUntilMs ? 0 : Math.max(0, this.#window - this.#inFlight);
  }

  started(): void {
    this.#inFlight++;
  }

  succeeded(): void {
    this.#inFlight--;
    this.#failuresInARow = 0;
    this.#window = Math.min(this.#window * 2, WIDEST_WINDOW);
  }

  /** `pauses` is false where a retry policy sets the pace of each message instead. */
  failed(nowMs: number, chance: number, pauses: boolean): void {
    this.#inFlight--;
    this.#failuresInARow++;
    this.#window = Math.max(1, Math.floor(this.#window / 2));
    if (!pauses) return;
    this.#pausedUntilMs =
      nowMs + growingDelayMs(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS, this.#failuresInARow, chance);
  }
}
