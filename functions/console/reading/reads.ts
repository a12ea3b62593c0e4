// What the screens about pipelines read from, apart from the other ports.
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { Pipelines } from '../../../shared/pipelines/registry.ts';

export interface Reads {
  readonly pipelines: Pipelines;
  readonly runs: ObjectStore;
  /** The queues of requested runs. */
  readonly requests: ObjectStore;
  readonly now: () => number;
}

/** The parts of a path that a route names. */
export interface Named {
  readonly params: Readonly<Record<string, string>>;
}
