// The keys that encrypt stored data, and the right of Google's own agents to use them.
import * as gcp from '@pulumi/gcp';
import { all, type Output } from '@pulumi/pulumi';
import type { Settings } from './settings.ts';

/** Names of keys. Each resolves only after the agent that encrypts with it has the right to. */
export interface Keys {
  readonly storage: Output<string>;
  readonly warehouse: Output<string>;
  readonly messages: Output<string>;
  /** Pub/Sub's own agent, created here if the project has none yet. */
  readonly messagesAgent: Output<string>;
}

const ENCRYPTS = 'roles/cloudkms.cryptoKeyEncrypterDecrypter';
const DAY_SECONDS = 24 * 60 * 60;
/** Recommended by Google; the CIS benchmark of Google Cloud requires 90 days at most. */
const ROTATED_EVERY = `${90 * DAY_SECONDS}s`;
/** Data that is encrypted by a destroyed version is lost, so there is time to notice. The longest that Google allows. */
const DESTROYED_AFTER = `${120 * DAY_SECONDS}s`;

/**
 * One key, in the location of the data, for messages as well: Pub/Sub accepts a key of any location, and without the
 * location of the data the mesh cannot work anyway. A key is billed by its versions, every month, and old ones are never
 * destroyed, so buckets share it (docs/COST.md).
 */
export function createKeys({ project, location }: Settings): Keys {
  const key = createKey(keyLocationOf(location));
  const pubsub = new gcp.projects.ServiceIdentity('pubsub', { project, service: 'pubsub.googleapis.com' });
  const { member: storageAgent } = gcp.storage.getProjectServiceAccountOutput({ project });
  const { member: bigqueryAgent } = gcp.bigquery.getDefaultServiceAccountOutput({ project });
  return {
    storage: usableBy('storage', key, storageAgent),
    warehouse: usableBy('warehouse', key, bigqueryAgent),
    messages: usableBy('messages', key, pubsub.member),
    messagesAgent: pubsub.member,
  };
}

/** The multi-region of the European Union has another name in Cloud KMS than for buckets and datasets. */
const keyLocationOf = (location: string): string =>
  location.toUpperCase() === 'EU' ? 'europe' : location.toLowerCase();

function createKey(location: string): gcp.kms.CryptoKey {
  // A key ring can never be deleted: its name stays taken.
  const ring = new gcp.kms.KeyRing(`sluice-${location}`, { name: 'sluice', location });
  return new gcp.kms.CryptoKey(
    `sluice-${location}`,
    {
      name: 'sluice',
      keyRing: ring.id,
      purpose: 'ENCRYPT_DECRYPT',
      rotationPeriod: ROTATED_EVERY,
      destroyScheduledDuration: DESTROYED_AFTER,
      deletionPolicy: 'PREVENT',
    },
    { protect: true },
  );
}

function usableBy(name: string, key: gcp.kms.CryptoKey, agent: Output<string>): Output<string> {
  const member = new gcp.kms.CryptoKeyIAMMember(`${name}-agent-encrypts`, {
    cryptoKeyId: key.id,
    role: ENCRYPTS,
    member: agent,
  });
  // Google refuses to create a resource that it may not encrypt, so the name resolves after the grant.
  return all([key.id, member.id]).apply(([id]) => id);
}
