// What one attempt of the job works with, and on.
import type { AttemptKey, JobLog } from '../../shared/attempts/write-files.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { Engine } from './engine/engine.ts';

export interface ForecastPorts {
  readonly runs: ObjectStore;
  /** Where the parameters of a requested run are. */
  readonly requests?: ObjectStore;
  readonly results: ObjectStore;
  readonly engine: Engine;
  readonly clock: () => Date;
  readonly log: JobLog;
}

export interface Attempt extends AttemptKey {
  readonly horizonDays: number;
  /** Whose public holidays close sites, such as `FR`. */
  readonly country: string;
}
