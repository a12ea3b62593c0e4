// How many unfinished requests an owner has: from a listing at most once a second, and what this instance added since.
import type { ObjectStore } from '../../shared/objects/store.ts';
import { queuePrefix } from '../../shared/requests/names.ts';

interface Count {
  readonly listedAtMs: number;
  readonly listed: Promise<number>;
  added: number;
}

const KEPT_MS = 1000;
const MOST_OWNERS = 20_000;

/** Approximate: other instances accept at the same time, and what ended within the second still counts. */
export class WaitingCounts {
  readonly #requests: ObjectStore;
  readonly #now: () => number;
  readonly #counts = new Map<string, Count>();

  constructor(requests: ObjectStore, now: () => number) {
    this.#requests = requests;
    this.#now = now;
  }

  /** At most `most` + 1 are counted. */
  async of(pipeline: string, owner: string, most: number): Promise<number> {
    const key = `${pipeline}/${owner}`;
    const known = this.#counts.get(key);
    if (known !== undefined && this.#now() - known.listedAtMs < KEPT_MS)
      return (await known.listed) + known.added;
    const listed = this.#requests.first(queuePrefix(pipeline, owner), most + 1).then((infos) => infos.length);
    const count = { listedAtMs: this.#now(), listed, added: 0 };
    this.#counts.delete(key);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size >= MOST_OWNERS && oldest !== undefined) this.#counts.delete(oldest);
    this.#counts.set(key, count);
    // A listing that failed is not kept.
    listed.catch(() => this.#counts.delete(key));
    return (await listed) + count.added;
  }

  add(pipeline: string, owner: string): void {
    const known = this.#counts.get(`${pipeline}/${owner}`);
    if (known !== undefined) known.added += 1;
  }
}
