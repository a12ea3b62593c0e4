// The ports of accept-requests.
import type { Access } from '../../shared/api/access.ts';
import type { JobReader } from '../../shared/api/job-objects.ts';
import type { Log } from '../../shared/logging.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { Hints } from './hints.ts';
import type { Histories } from './histories.ts';
import type { Rates } from './rate.ts';
import type { WaitingCounts } from './waiting.ts';

export interface Ports {
  readonly access: Access;
  readonly runs: ObjectStore;
  readonly requests: ObjectStore;
  readonly audit: ObjectStore;
  /** Of the results, files are erased, and none is read. */
  readonly results: ObjectStore;
  readonly reader: JobReader;
  readonly hints: Hints;
  readonly histories: Histories;
  readonly rates: Rates;
  readonly waiting: WaitingCounts;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Log;
}
