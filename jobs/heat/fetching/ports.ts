// What fetching needs from outside.
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { Sending } from './http/sender.ts';

export interface FetchPorts {
  readonly sending: Sending;
  /** Where what was fetched is kept, and which jobs were submitted. */
  readonly store: ObjectStore;
  readonly clock: () => Date;
  /** The key of the Climate Data Store; undefined where the deployment has none. */
  readonly cdsKey: string | undefined;
  /** How long an attempt waits for one job of the Climate Data Store. */
  readonly longestWaitMs: number;
}
