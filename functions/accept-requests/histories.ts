// The finished runs of each pipeline, from the newest decision of its dispatch: what estimates are computed from.
import type { ObjectStore } from '../../shared/objects/store.ts';
import { newestDecision } from '../../shared/requests/decisions.ts';
import type { Measured } from '../../shared/requests/estimate.ts';

interface Kept {
  readonly atMs: number;
  readonly history: Promise<readonly Measured[]>;
}

/** An estimate may miss the runs of the last seconds. */
const KEPT_MS = 10_000;

export class Histories {
  readonly #requests: ObjectStore;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  constructor(requests: ObjectStore, now: () => number) {
    this.#requests = requests;
    this.#now = now;
  }

  of(pipeline: string): Promise<readonly Measured[]> {
    const known = this.#kept.get(pipeline);
    if (known !== undefined && this.#now() - known.atMs < KEPT_MS) return known.history;
    const history = newestDecision(this.#requests, pipeline).then((newest) => newest?.history ?? []);
    this.#kept.set(pipeline, { atMs: this.#now(), history });
    history.catch(() => this.#kept.delete(pipeline));
    return history;
  }
}
