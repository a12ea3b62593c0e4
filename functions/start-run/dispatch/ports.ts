// What the dispatch of requested runs works with.
import type { Publisher } from '../../../shared/events/messages.ts';
import type { JobRunner } from '../../../shared/executions/runner.ts';
import type { Log } from '../../../shared/logging.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { RunEnded } from '../../../shared/requests/announcement.ts';

export interface DispatchPorts {
  readonly runs: ObjectStore;
  readonly requests: ObjectStore;
  /** Accepted requests are recorded in it. */
  readonly audit: ObjectStore;
  /** Read only: whether an attempt wrote its manifest. */
  readonly results: ObjectStore;
  readonly jobs: JobRunner;
  /** The topic `run-ended`. */
  readonly runEnded: Publisher<RunEnded>;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Log;
  readonly recall: Recall;
}

/** What this instance did a moment ago: it saves calls, and nothing depends on it. */
export interface Recall {
  readonly prepared: Set<string>;
  patrolledAtMs: number;
  /** When the log last said how many wait. */
  reportedAtMs: number;
}

export const newRecall = (): Recall => ({
  prepared: new Set(),
  patrolledAtMs: Number.NEGATIVE_INFINITY,
  reportedAtMs: Number.NEGATIVE_INFINITY,
});
