// From the bodies of REST requests to the noun's words; a field that is not known here is refused by name.
import { refuseUnknownFields, invalid, notImplemented } from '../http/errors.ts';
import type { PublishedMessage } from './messages.ts';
import type { PushConfig, SubscriptionRequest, Topic } from './settings.ts';

export type Body = Record<string, unknown>;

// Clients send these with their default, which asks for nothing.
const UNSET_UNLESS_TRUE = ['detached', 'enableExactlyOnceDelivery'];

export function topicFrom(name: string, body: Body): Topic {
  refuseUnknownFields('topic', body, ['name', 'labels', 'tags', 'messageRetentionDuration']);
  return { ...(body as Partial<Topic>), name };
}

export function subscriptionFrom(name: string, body: Body): SubscriptionRequest {
  refuseUnknownFields('subscription', body, [
    ...['name', 'topic', 'pushConfig', 'ackDeadlineSeconds', 'retainAckedMessages', 'filter'],
    ...['messageRetentionDuration', 'labels', 'tags', 'enableMessageOrdering', 'expirationPolicy'],
    ...['deadLetterPolicy', 'retryPolicy', ...UNSET_UNLESS_TRUE],
  ]);
  const request: Body = { ...body, name };
  for (const field of UNSET_UNLESS_TRUE) {
    if (request[field]) throw notImplemented(`the field subscription.${field}`);
    delete request[field];
  }
  refuseInside(request, 'expirationPolicy', ['ttl']);
  refuseInside(request, 'deadLetterPolicy', ['deadLetterTopic', 'maxDeliveryAttempts']);
  refuseInside(request, 'retryPolicy', ['minimumBackoff', 'maximumBackoff']);
  if (request['pushConfig'] !== undefined) pushConfigFrom(request['pushConfig']);
  return request as unknown as SubscriptionRequest;
}

export function pushConfigFrom(value: unknown): PushConfig {
  const config = objectFrom('pushConfig', value);
  refuseUnknownFields('pushConfig', config, ['pushEndpoint', 'attributes', 'oidcToken']);
  refuseInside(config, 'oidcToken', ['serviceAccountEmail', 'audience']);
  return config as PushConfig;
}

export function messagesFrom(body: Body): PublishedMessage[] {
  refuseUnknownFields('publish', body, ['topic', 'messages']);
  const messages = body['messages'] ?? [];
  if (!Array.isArray(messages)) throw invalid(`Invalid value at 'messages': not a list`);
  return messages.map((value: unknown) => {
    const message = objectFrom('messages', value);
    refuseUnknownFields('messages', message, ['data', 'attributes', 'orderingKey']);
    return message as PublishedMessage;
  });
}

/** The fields that an update mask names, in camelCase, with their new values; a cleared one is undefined. */
export function maskedFrom(body: Body, field: string): Body {
  refuseUnknownFields('update', body, [field, 'updateMask']);
  const mask = body['updateMask'];
  if (typeof mask !== 'string' || mask === '') {
    throw invalid('The update_mask in the request must be set, and must contain a non-empty paths list.');
  }
  const given = objectFrom(field, body[field] ?? {});
  const names = mask.split(',').map(camelCase);
  // A path inside a field, such as pushConfig.pushEndpoint, would keep the rest of it: not known here.
  const inner = names.find((name) => name.includes('.'));
  if (inner !== undefined) throw notImplemented(`the update mask path ${inner}`);
  return Object.fromEntries(names.map((name) => [name, given[name]]));
}

export function stringsFrom(field: string, value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0 || value.some((item) => typeof item !== 'string')) {
    throw invalid(`Invalid value at '${field}': a list of at least one string is required.`);
  }
  return value as string[];
}

/** A body that is absent counts as empty. */
export function objectFrom(field: string, value: unknown): Body {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid(`Invalid value at '${field}'`);
  return value as Body;
}

function refuseInside(body: Body, field: string, known: readonly string[]): void {
  if (body[field] === undefined || body[field] === null) return void delete body[field];
  refuseUnknownFields(field, objectFrom(field, body[field]), known);
}

const camelCase = (path: string) =>
  path.trim().replace(/_([a-z])/g, (_, deadLetter: string) => deadLetter.toUpperCase());
