// The place in line of queued jobs: from the queue and the newest decision, at most once a second and instance.
import type { ObjectStore } from '../../shared/objects/store.ts';
import { lineOf, noState } from '../../shared/requests/decide.ts';
import { newestDecision } from '../../shared/requests/decisions.ts';
import { listQueue } from '../../shared/requests/queue.ts';

interface Kept {
  readonly atMs: number;
  readonly line: Promise<ReadonlyMap<string, number>>;
}

const KEPT_MS = 1000;
/** Behind so many, the place says little. */
const MOST_LISTED = 2000;

export class Lines {
  readonly #requests: ObjectStore;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  constructor(requests: ObjectStore, now: () => number) {
    this.#requests = requests;
    this.#now = now;
  }

  /** Null for a job that is not among the first of the line. */
  async placeOf(pipeline: string, run: string): Promise<number | null> {
    const known = this.#kept.get(pipeline);
    const isFresh = known !== undefined && this.#now() - known.atMs < KEPT_MS;
    const line = isFresh ? known.line : this.#list(pipeline);
    return (await line).get(run) ?? null;
  }

  #list(pipeline: string): Promise<ReadonlyMap<string, number>> {
    const line = this.#lineOf(pipeline);
    this.#kept.set(pipeline, { atMs: this.#now(), line });
    line.catch(() => this.#kept.delete(pipeline));
    return line;
  }

  async #lineOf(pipeline: string): Promise<ReadonlyMap<string, number>> {
    const newest = await newestDecision(this.#requests, pipeline);
    const queue = await listQueue(this.#requests, pipeline, newest?.cursor ?? null, MOST_LISTED);
    return lineOf(newest ?? noState(this.#now()), queue, this.#now());
  }
}
