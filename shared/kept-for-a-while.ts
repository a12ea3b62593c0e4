// What is asked for often and may be a moment old: asked for once, and kept for a while.

export interface Keeping {
  readonly keptMs: number;
  /** Beyond so many keys the oldest is forgotten (law 10). */
  readonly most: number;
  readonly now: () => number;
}

interface Kept<T> {
  readonly atMs: number;
  readonly value: Promise<T>;
}

export class KeptForAWhile<T> {
  readonly #keeping: Keeping;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(keeping: Keeping) {
    this.#keeping = keeping;
  }

  /** All who ask meanwhile wait for the same answer. One that failed is not kept. */
  of(key: string, ask: () => Promise<T>): Promise<T> {
    const { keptMs, now } = this.#keeping;
    const known = this.#kept.get(key);
    if (known !== undefined && now() - known.atMs < keptMs) return known.value;
    const kept = { atMs: now(), value: ask() };
    this.#kept.delete(key);
    this.#forgetOldest();
    this.#kept.set(key, kept);
    kept.value.catch(() => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    });
    return kept.value;
  }

  /** What was asked for last, however old; undefined where nothing is kept. */
  last(key: string): Promise<T> | undefined {
    return this.#kept.get(key)?.value;
  }

  #forgetOldest(): void {
    if (this.#kept.size < this.#keeping.most) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
