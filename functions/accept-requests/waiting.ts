// How many unfinished requests an owner has: from a listing at most once a second, and what this instance added since.
import { KeptForAWhile } from '../../shared/kept-for-a-while.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { queuePrefix } from '../../shared/requests/names.ts';

interface Count {
  waiting: number;
}

const KEPT_MS = 1000;
const MOST_OWNERS = 20_000;

/** Approximate: other instances accept at the same time, and what ended within the second still counts. */
export class WaitingCounts {
  readonly #requests: ObjectStore;
  readonly #counts: KeptForAWhile<Count>;

  constructor(requests: ObjectStore, now: () => number) {
    this.#requests = requests;
    this.#counts = new KeptForAWhile({ keptMs: KEPT_MS, most: MOST_OWNERS, now });
  }

  /** At most `most` + 1 are counted. */
  async of(pipeline: string, owner: string, most: number): Promise<number> {
    const prefix = queuePrefix(pipeline, owner);
    const { waiting } = await this.#counts.of(prefix, async () => ({
      waiting: (await this.#requests.first(prefix, most + 1)).length,
    }));
    return waiting;
  }

  add(pipeline: string, owner: string): void {
    const count = this.#counts.last(queuePrefix(pipeline, owner));
    // Where the listing failed there is nothing to add to.
    count?.then(
      (known) => (known.waiting += 1),
      () => undefined,
    );
  }
}
