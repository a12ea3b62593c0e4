// Google's own agents: the services act under identities too, and need to be granted what they do.
import { createHash } from 'node:crypto';

/** The number of the one project there is; it stands in the names of its agents. */
export const PROJECT_NUMBER = '123456789012';

/** A project by its number: the cloud's own one, or another, in which there can be nothing but a bucket. */
export const numberOf = (projectId: string, ownProjectId: string): string =>
  projectId === ownProjectId
    ? PROJECT_NUMBER
    : `9${createHash('sha256').update(projectId).digest().readUInt32BE().toString().padStart(11, '0')}`;

/** Moves undeliverable messages to their dead-letter topics. */
export const PUBSUB_AGENT = `service-${PROJECT_NUMBER}@gcp-sa-pubsub.iam.gserviceaccount.com`;

/** Publishes a bucket's notifications. */
export const STORAGE_AGENT = `service-${PROJECT_NUMBER}@gs-project-accounts.iam.gserviceaccount.com`;

/** Publishes what a sink of Cloud Logging routes to a topic. */
export const LOGGING_AGENT = `service-${PROJECT_NUMBER}@gcp-sa-logging.iam.gserviceaccount.com`;

/** Calls the services behind Identity-Aware Proxy. */
export const IAP_AGENT = `service-${PROJECT_NUMBER}@gcp-sa-iap.iam.gserviceaccount.com`;

/** Encrypts and decrypts tables with the keys of the project. */
export const BIGQUERY_AGENT = `bq-${PROJECT_NUMBER}@bigquery-encryption.iam.gserviceaccount.com`;
