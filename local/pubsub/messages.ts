// What may be published: Pub/Sub's limits on one request, checked before anything is stored.
import { invalid } from '../http/errors.ts';
import { refuseOutside } from './durations.ts';
import type { Message } from './queue.ts';

export interface PublishedMessage {
  /** base64. */
  readonly data?: string;
  readonly attributes?: Record<string, string>;
  readonly orderingKey?: string;
}

const MOST_MESSAGES = 1000;
const LARGEST_REQUEST_BYTES = 10_000_000;
const MOST_ATTRIBUTES = 100;
const LONGEST_KEY_BYTES = 256;
const LONGEST_VALUE_BYTES = 1024;
const LONGEST_ORDERING_KEY_BYTES = 1024;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** The messages of one publish request; 400 in Google's words for what Pub/Sub refuses. */
export function checkMessages(published: readonly PublishedMessage[]): Message[] {
  if (published.length === 0) throw invalid('The request must contain at least one message.');
  refuseOutside('message_count', published.length, 1, MOST_MESSAGES);
  const messages = published.map(checkMessage);
  refuseOutside(
    'message_size',
    messages.reduce((sum, message) => sum + sizeBytes(message), 0),
    0,
    LARGEST_REQUEST_BYTES,
  );
  return messages;
}

function checkMessage(published: PublishedMessage): Message {
  const { data = '', attributes = {}, orderingKey = '' } = published;
  if (typeof data !== 'string' || !BASE64.test(data)) {
    throw invalid(`Invalid value at 'messages.data' (TYPE_BYTES), Base64 decoding failed`);
  }
  if (data === '' && Object.keys(attributes).length === 0) {
    throw invalid(
      'One or more messages in the publish request is empty. Each message must contain either non-empty data, or at least one attribute.',
    );
  }
  refuseOutside('attribute_count', Object.keys(attributes).length, 0, MOST_ATTRIBUTES);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value !== 'string') throw invalid(`Invalid value at 'messages.attributes' (key=${key})`);
    if (key === '' || key.startsWith('goog')) throw invalid(`Invalid attribute key given (key=${key}).`);
    refuseOutside('attribute_key_size', Buffer.byteLength(key), 1, LONGEST_KEY_BYTES);
    refuseOutside('attribute_value_size', Buffer.byteLength(value), 0, LONGEST_VALUE_BYTES);
  }
  refuseOutside('ordering_key_size', Buffer.byteLength(orderingKey), 0, LONGEST_ORDERING_KEY_BYTES);
  // Google answers with the standard alphabet, whichever of the two it was given.
  return { data: Buffer.from(data, 'base64').toString('base64'), attributes, orderingKey };
}

function sizeBytes(message: Message): number {
  const attributes = Object.entries(message.attributes);
  return (
    Buffer.byteLength(message.data, 'base64') +
    Buffer.byteLength(message.orderingKey) +
    attributes.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0)
  );
}
