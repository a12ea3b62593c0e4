// The rate of one owner's requests, counted by this instance alone: with ten instances, ten times as many pass.

/** A bucket of requests that refills with time. */
export interface RateBound {
  readonly burst: number;
  readonly perSecond: number;
}

export const RATE: RateBound = { burst: 100, perSecond: 50 };

export interface Rate {
  readonly isWithin: boolean;
  /** Requests that are left now. */
  readonly remaining: number;
  /** Until one more is allowed; 0 where one is. */
  readonly resetSeconds: number;
}

interface Level {
  readonly left: number;
  readonly atMs: number;
}

/** Owners whose bucket is full again are forgotten (law 10). */
const MOST_OWNERS = 20_000;

export class Rates {
  readonly #bound: RateBound;
  readonly #now: () => number;
  readonly #levels = new Map<string, Level>();

  constructor(bound: RateBound, now: () => number) {
    this.#bound = bound;
    this.#now = now;
  }

  /** Takes one request of the owner, if there is one. */
  take(owner: string): Rate {
    const { burst, perSecond } = this.#bound;
    const atMs = this.#now();
    const known = this.#levels.get(owner);
    const refilled = known === undefined ? burst : known.left + ((atMs - known.atMs) * perSecond) / 1000;
    const available = Math.min(burst, Math.max(0, refilled));
    const isWithin = available >= 1;
    const left = isWithin ? available - 1 : available;
    this.#levels.delete(owner);
    if (this.#levels.size >= MOST_OWNERS) this.#forgetOldest();
    this.#levels.set(owner, { left, atMs });
    const resetSeconds = left >= 1 ? 0 : Math.ceil((1 - left) / perSecond);
    return { isWithin, remaining: Math.floor(left), resetSeconds };
  }

  /** The one that asked least recently: most probably its bucket is full. */
  #forgetOldest(): void {
    const [oldest] = this.#levels.keys();
    if (oldest !== undefined) this.#levels.delete(oldest);
  }

  /** The fields of draft-ietf-httpapi-ratelimit-headers. */
  fieldsOf({ remaining, resetSeconds }: Rate): Readonly<Record<string, string>> {
    const { burst, perSecond } = this.#bound;
    return {
      'ratelimit-policy': `"requests";q=${burst};w=${Math.ceil(burst / perSecond)}`,
      ratelimit: `"requests";r=${remaining};t=${resetSeconds}`,
    };
  }
}
