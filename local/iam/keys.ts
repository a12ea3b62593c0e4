// The keys that stored data is encrypted with: each service uses them as its own agent, which needs the right.
import { ApiError } from '../http/errors.ts';
import { BIGQUERY_AGENT, PUBSUB_AGENT, STORAGE_AGENT } from './agents.ts';

/** What is written is encrypted, what is read is decrypted. */
export type KeyUse = 'encrypt' | 'decrypt';

/** Throws `ApiError`, as the service words it, when its agent may not use the key. Without a key nothing is asked. */
export type UseKey = (key: string | undefined, use: KeyUse) => void;

/** Whether an agent has the right; the log of `service` names a missing one. */
export type AgentMay = (service: string, agent: string, permission: string, resource: string) => boolean;

/** For tests of one service alone. */
export const anyKey: UseKey = () => {};

const PERMISSIONS: Readonly<Record<KeyUse, string>> = {
  encrypt: 'cloudkms.cryptoKeyVersions.useToEncrypt',
  decrypt: 'cloudkms.cryptoKeyVersions.useToDecrypt',
};

interface Service {
  readonly agent: string;
  readonly refusal: (permission: string, key: string) => ApiError;
}

const SERVICES = {
  // Names neither the key nor who may not use it.
  storage: {
    agent: STORAGE_AGENT,
    refusal: () =>
      new ApiError(
        403,
        'forbidden',
        'Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account has been ' +
          'authorized to use this key.',
      ),
  },
  // To Pub/Sub it is no refused permission, but a project that is not ready for what is asked.
  pubsub: {
    agent: PUBSUB_AGENT,
    refusal: (_permission, key) =>
      new ApiError(
        400,
        'failedPrecondition',
        'Cloud Pub/Sub did not have the necessary permissions configured to support this operation. Please ' +
          `verify that the service account ${PUBSUB_AGENT} was granted the Cloud KMS CryptoKey ` +
          `Encrypter/Decrypter role for the project containing the CryptoKey resource ${key}.`,
      ),
  },
  bigquery: {
    agent: BIGQUERY_AGENT,
    refusal: (permission, key) =>
      new ApiError(
        403,
        'accessDenied',
        `Access Denied: BigQuery BigQuery: Cloud KMS Error: Permission '${permission}' denied on resource ` +
          `'${key}' (or it may not exist). Please grant Cloud KMS CryptoKey Encrypter/Decrypter role to ` +
          `BigQuery service account: ${BIGQUERY_AGENT}`,
      ),
  },
} as const satisfies Readonly<Record<string, Service>>;

/** How a service asks before it encrypts or decrypts. */
export function keysOf(name: keyof typeof SERVICES, agentMay: AgentMay): UseKey {
  const { agent, refusal }: Service = SERVICES[name];
  return (key, use) => {
    if (key === undefined || agentMay(name, agent, PERMISSIONS[use], key)) return;
    throw refusal(PERMISSIONS[use], key);
  };
}
