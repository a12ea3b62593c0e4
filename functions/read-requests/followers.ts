// How many long polls and streams this instance holds: each reads its job once a second (law 10).

export const MOST_FOLLOWERS = 60;

export class Followers {
  readonly #most: number;
  #count = 0;

  constructor(most = MOST_FOLLOWERS) {
    this.#most = most;
  }

  /** Whether there is a place; who enters must leave. */
  enter(): boolean {
    if (this.#count >= this.#most) return false;
    this.#count += 1;
    return true;
  }

  leave(): void {
    this.#count -= 1;
  }
}
