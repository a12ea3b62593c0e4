// What a topic and a subscription are, and which settings Pub/Sub accepts for them.
import { invalid, notImplemented } from '../http/errors.ts';
import { durationMs, durationWithin, refuseOutside } from './durations.ts';
import { parseFilter } from './filter.ts';

/** A topic, as the REST API shows it. */
export interface Topic {
  readonly name: string;
  readonly messageRetentionDuration?: string;
  /** Messages come and go while Pub/Sub's agent may use this key. */
  readonly kmsKeyName?: string;
  readonly labels?: Record<string, string>;
  readonly tags?: Record<string, string>;
}

export interface PushConfig {
  readonly pushEndpoint?: string;
  readonly attributes?: Record<string, string>;
  readonly oidcToken?: { readonly serviceAccountEmail: string; readonly audience?: string };
}

/** The settings of a new subscription; names are `projects/P/subscriptions/S` and `projects/P/topics/T`. */
export interface SubscriptionRequest {
  readonly name: string;
  readonly topic: string;
  readonly pushConfig?: PushConfig;
  readonly ackDeadlineSeconds?: number;
  readonly retainAckedMessages?: boolean;
  readonly messageRetentionDuration?: string;
  readonly retryPolicy?: { readonly minimumBackoff?: string; readonly maximumBackoff?: string };
  readonly deadLetterPolicy?: { readonly deadLetterTopic: string; readonly maxDeliveryAttempts?: number };
  readonly filter?: string;
  readonly enableMessageOrdering?: boolean;
  readonly expirationPolicy?: { readonly ttl?: string };
  readonly labels?: Record<string, string>;
  readonly tags?: Record<string, string>;
}

/** A subscription with its defaults filled in. */
export interface Subscription extends SubscriptionRequest {
  readonly pushConfig: PushConfig;
  readonly ackDeadlineSeconds: number;
  readonly messageRetentionDuration: string;
}

/** The topic of subscriptions whose topic was deleted. */
export const DELETED_TOPIC = '_deleted-topic_';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const RESOURCE_ID = /^[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/;

/** A checked topic; 400 in Google's words for a bad name or retention. */
export function settleTopic(topic: Topic): Topic {
  refuseBadName('topics', topic.name);
  if (topic.messageRetentionDuration !== undefined) {
    durationWithin('message_retention_duration', topic.messageRetentionDuration, 10 * MINUTE_MS, 31 * DAY_MS);
  }
  return topic;
}

/** Fills in Google's defaults and refuses what Google refuses; what only the local cloud lacks is a 501. */
export function settleSubscription(request: SubscriptionRequest): Subscription {
  refuseBadName('subscriptions', request.name);
  if (request.topic !== DELETED_TOPIC) refuseBadName('topics', request.topic);
  const ackDeadlineSeconds = unlessUnset(request.ackDeadlineSeconds, 10);
  refuseOutside('ack_deadline_seconds', ackDeadlineSeconds, 10, 600);
  const messageRetentionDuration = request.messageRetentionDuration ?? '604800s';
  durationWithin('message_retention_duration', messageRetentionDuration, 10 * MINUTE_MS, 31 * DAY_MS);
  // An empty time to live is Terraform's and Pulumi's way to say "never".
  if (request.expirationPolicy?.ttl) {
    durationWithin('ttl', request.expirationPolicy.ttl, DAY_MS, Number.MAX_SAFE_INTEGER);
  }
  if (request.filter) parseFilter(request.filter);
  const { deadLetterPolicy, retryPolicy, ...rest } = request;
  return {
    ...rest,
    pushConfig: settlePushConfig(request.pushConfig ?? {}),
    ackDeadlineSeconds,
    messageRetentionDuration,
    ...(deadLetterPolicy?.deadLetterTopic && { deadLetterPolicy: settleDeadLetter(deadLetterPolicy) }),
    ...(retryPolicy && { retryPolicy: settleRetry(retryPolicy) }),
  };
}

/** A checked push configuration; an empty endpoint means pull. */
export function settlePushConfig(config: PushConfig): PushConfig {
  if (!config.pushEndpoint) return {};
  if (!URL.canParse(config.pushEndpoint) || !/^https?:/.test(config.pushEndpoint)) {
    throw invalid(
      `Invalid push endpoint given (endpoint=${config.pushEndpoint}). Refer to https://cloud.google.com/pubsub/docs/push for more information.`,
    );
  }
  for (const [key, value] of Object.entries(config.attributes ?? {})) {
    if (key !== 'x-goog-version' || !/^v1(beta2)?$/.test(value)) {
      throw invalid(`Invalid push attribute given (attribute=${key}, value=${value}).`);
    }
    if (value === 'v1beta2') throw notImplemented('the push format v1beta2');
  }
  if (config.oidcToken !== undefined && !config.oidcToken.serviceAccountEmail) {
    throw invalid('Invalid service account email given in push_config.oidc_token.');
  }
  return config;
}

function settleDeadLetter(policy: NonNullable<SubscriptionRequest['deadLetterPolicy']>) {
  const maxDeliveryAttempts = unlessUnset(policy.maxDeliveryAttempts, 5);
  refuseOutside('max_delivery_attempts', maxDeliveryAttempts, 5, 100);
  refuseBadName('topics', policy.deadLetterTopic);
  return { deadLetterTopic: policy.deadLetterTopic, maxDeliveryAttempts };
}

function settleRetry(policy: NonNullable<SubscriptionRequest['retryPolicy']>) {
  const minimumBackoff = policy.minimumBackoff ?? '10s';
  const maximumBackoff = policy.maximumBackoff ?? '600s';
  durationWithin('minimum_backoff', minimumBackoff, 0, 10 * MINUTE_MS);
  durationWithin('maximum_backoff', maximumBackoff, 0, 10 * MINUTE_MS);
  if (durationMs('minimum_backoff', minimumBackoff) > durationMs('maximum_backoff', maximumBackoff)) {
    throw invalid('Invalid retry policy: minimum_backoff must not be greater than maximum_backoff.');
  }
  return { minimumBackoff, maximumBackoff };
}

/** Protobuf clients say "unset" by zero, and may write a number as text. */
function unlessUnset(value: number | undefined, preset: number): number {
  const asked = Number(value ?? 0);
  return asked === 0 ? preset : asked;
}

function refuseBadName(collection: 'topics' | 'subscriptions', name: string): void {
  const [projects, project, found, id, ...rest] = String(name).split('/');
  const fits = projects === 'projects' && project && found === collection && rest.length === 0;
  if (!fits || !RESOURCE_ID.test(id ?? '') || id?.startsWith('goog')) {
    throw invalid(
      `Invalid resource name given (name=${name}). Refer to https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names for more information.`,
    );
  }
}
