// The ports of read-requests.
import type { Access } from '../../shared/api/access.ts';
import type { JobReader } from '../../shared/api/job-objects.ts';
import type { LinkSigner } from '../../shared/objects/links.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { Followers } from './followers.ts';
import type { Lines } from './lines.ts';

export interface Ports {
  readonly access: Access;
  readonly requests: ObjectStore;
  readonly reader: JobReader;
  readonly lines: Lines;
  readonly followers: Followers;
  readonly links: LinkSigner;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}
