// The keys that everything at rest is encrypted with, and the right of Google's own agents to use them.
import * as gcp from '@pulumi/gcp';
import { all, type Output } from '@pulumi/pulumi';
import type { Settings } from './settings.ts';

/** Names of keys. Who waits for a name waits until the agent that encrypts by it has been given the right to. */
export interface Keys {
  readonly storage: Output<string>;
  readonly warehouse: Output<string>;
  readonly messages: Output<string>;
  /** Pub/Sub's own agent, made here if the project has none yet. */
  readonly messagesAgent: Output<string>;
}

const ENCRYPTS = 'roles/cloudkms.cryptoKeyEncrypterDecrypter';
const DAY_SECONDS = 24 * 60 * 60;
/** What Google recommends, and what reviews look for: the CIS benchmark of Google Cloud asks for 90 days at most. */
const ROTATED_EVERY = `${90 * DAY_SECONDS}s`;
/** What is encrypted by a destroyed version is lost for good, so there is time to notice. The longest there is. */
const DESTROYED_AFTER = `${120 * DAY_SECONDS}s`;

/**
 * One key, where the data lie, for messages as well: Pub/Sub takes a key of any place, and without the place of the
 * data the mesh can do nothing anyway. A key is billed by its versions, every month, and old ones are never
 * destroyed: so there is none for each bucket (docs/COST.md).
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

/** Cloud KMS calls the multi-region of the European Union by another name than buckets and datasets do. */
const keyLocationOf = (location: string): string =>
  location.toUpperCase() === 'EU' ? 'europe' : location.toLowerCase();

function createKey(location: string): gcp.kms.CryptoKey {
  // A key ring cannot be deleted, by anybody: its name is taken for good.
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
  // Google refuses to make what it may not encrypt: the name comes with the grant, not before it.
  return all([key.id, member.id]).apply(([id]) => id);
}
