// The place in line of queued jobs: from the queue and the newest decision, at most once a second and instance.
import { KeptForAWhile } from '../../shared/kept-for-a-while.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { lineOf, noState } from '../../shared/requests/decide.ts';
import { newestDecision } from '../../shared/requests/decisions.ts';
import { listQueue } from '../../shared/requests/queue.ts';

type Line = ReadonlyMap<string, number>;

const KEPT_MS = 1000;
const MOST_PIPELINES = 1000;
/** Behind so many, the place says little. */
const MOST_LISTED = 2000;

export class Lines {
  readonly #requests: ObjectStore;
  readonly #now: () => number;
  readonly #kept: KeptForAWhile<Line>;

  constructor(requests: ObjectStore, now: () => number) {
    this.#requests = requests;
    this.#now = now;
    this.#kept = new KeptForAWhile({ keptMs: KEPT_MS, most: MOST_PIPELINES, now });
  }

  /** Null for a job that is not among the first of the line. */
  async placeOf(pipeline: string, run: string): Promise<number | null> {
    const line = await this.#kept.of(pipeline, () => this.#lineOf(pipeline));
    return line.get(run) ?? null;
  }

  async #lineOf(pipeline: string): Promise<Line> {
    const newest = await newestDecision(this.#requests, pipeline);
    const queue = await listQueue(this.#requests, pipeline, newest?.cursor ?? null, MOST_LISTED);
    return lineOf(newest ?? noState(this.#now()), queue, this.#now());
  }
}
