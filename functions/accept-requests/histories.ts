// The finished runs of each pipeline, from the newest decision of its dispatch: what estimates are computed from.
import { KeptForAWhile } from '../../shared/kept-for-a-while.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { newestDecision } from '../../shared/requests/decisions.ts';
import type { Measured } from '../../shared/requests/estimate.ts';

/** An estimate may miss the runs of the last seconds. */
const KEPT_MS = 10_000;
const MOST_PIPELINES = 1000;

export class Histories {
  readonly #requests: ObjectStore;
  readonly #kept: KeptForAWhile<readonly Measured[]>;

  constructor(requests: ObjectStore, now: () => number) {
    this.#requests = requests;
    this.#kept = new KeptForAWhile({ keptMs: KEPT_MS, most: MOST_PIPELINES, now });
  }

  of(pipeline: string): Promise<readonly Measured[]> {
    return this.#kept.of(
      pipeline,
      async () => (await newestDecision(this.#requests, pipeline))?.history ?? [],
    );
  }
}
