// The seed's decisions: each is drawn from the seed and a name of its own, so that leaving one out moves no other.

/** Something that went wrong, or that a person did. */
export interface Decision {
  /** What it was drawn by, such as `start-run 3 #1, call 7: runs.create`. */
  readonly key: string;
  readonly kind: string;
  readonly atMs: number;
}

/** A number in [0, 1) that the seed and the text repeat (FNV-1a, then the finish of MurmurHash3). */
export function drawn(seed: number, text: string): number {
  let hash = Math.imul(seed ^ 0x811c9dc5, 0x9e3779b1);
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

export type Rates<Kind extends string> = { readonly [K in Kind]?: number };

export class Decisions {
  readonly taken: Decision[] = [];
  /** How rough the weather is: every rate is multiplied by it. 0 is a calm. */
  weather = 1;
  readonly #seed: number;
  readonly #without: ReadonlySet<string>;
  readonly #now: () => number;

  constructor(seed: number, without: ReadonlySet<string>, now: () => number) {
    this.#seed = seed;
    this.#without = without;
    this.#now = now;
  }

  /** How long, which one, in which sequence: nothing that a shrunken trace would name. */
  draw(key: string): number {
    return drawn(this.#seed, key);
  }

  /** One of the kinds at their rates, or undefined when all goes well. */
  strike<Kind extends string>(key: string, rates: Rates<Kind>): Kind | undefined {
    if (this.weather === 0) return undefined;
    let chance = drawn(this.#seed, key);
    for (const kind in rates) {
      const rate = (rates[kind] ?? 0) * this.weather;
      if (chance < rate) return this.decide(key, kind) ? kind : undefined;
      chance -= rate;
    }
    return undefined;
  }

  /** Takes the decision down, unless this seed runs without it. */
  decide(key: string, kind: string): boolean {
    if (this.#without.has(key)) return false;
    this.taken.push({ key, kind, atMs: this.#now() });
    return true;
  }
}
