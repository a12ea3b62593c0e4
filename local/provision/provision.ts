// Creates in the local cloud what the infra program would create in Google's.
import { CREATORS } from '../cloud.ts';
import type { Provisioning, Resource } from '../service.ts';

export type { Resource } from '../service.ts';

/** Real resources with nothing to simulate. */
const NOTHING_TO_SIMULATE = new Set([
  // The local functions run from the folder that would be uploaded.
  'gcp:storage/bucketObject:BucketObject',
  // Jobs run from the tree, without an image.
  'gcp:artifactregistry/repository:Repository',
  // Nothing is encrypted here: a key is its name, which the right to use it is granted on.
  'gcp:kms/keyRing:KeyRing',
  'gcp:kms/cryptoKey:CryptoKey',
  // The agents are there from the beginning.
  'gcp:projects/serviceIdentity:ServiceIdentity',
  // What people look at and are told by, no function could notice; test/mesh/carmila/lines.test.ts proves the filters.
  'gcp:logging/metric:Metric',
  'gcp:monitoring/dashboard:Dashboard',
  'gcp:monitoring/alertPolicy:AlertPolicy',
  'gcp:monitoring/notificationChannel:NotificationChannel',
  'gcp:billing/budget:Budget',
]);

export async function provision(resources: readonly Resource[], provisioning: Provisioning): Promise<void> {
  const unknown = resources.filter(({ type }) => !(type in CREATORS) && !NOTHING_TO_SIMULATE.has(type));
  if (unknown.length > 0) {
    const list = unknown.map(({ type, name }) => `${name} (${type})`).join(', ');
    throw new Error(`the local cloud does not know how to create ${list}; see local/*/provision.ts`);
  }
  provisioning.cloud.iam.resetBindings();
  // A view needs its tables, which are of the same type.
  const ordered = resources.toSorted((a, b) => Number('view' in a.inputs) - Number('view' in b.inputs));
  const creations = Object.entries(CREATORS).flatMap(([type, create]) =>
    ordered
      .filter((resource) => resource.type === type)
      .map((resource) => () => create(resource, provisioning)),
  );
  await inFewCommits(creations, provisioning);
}

/** A commit waits for the disk, and there are over a hundred resources: one commit has all up to the next promise. */
async function inFewCommits(
  creations: readonly (() => void | Promise<void>)[],
  { cloud }: Provisioning,
): Promise<void> {
  let next = 0;
  const untilOneWaits = (): void | Promise<void> => {
    while (next < creations.length) {
      const waiting = creations[next++]?.();
      if (waiting !== undefined) return waiting;
    }
  };
  while (next < creations.length) await cloud.transaction(untilOneWaits);
}
