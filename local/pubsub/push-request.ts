// The HTTP request that carries one message to a push endpoint.
import type { Delivery, Wrapper } from './queue.ts';
import type { Subscription } from './settings.ts';

export interface PushRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Shapes a delivery's push; throws when a message does not hold what its wrapper needs. */
export function pushRequest(subscription: Subscription, wrapper: Wrapper, delivery: Delivery): PushRequest {
  const url = subscription.pushConfig.pushEndpoint ?? '';
  switch (wrapper) {
    case 'pubsub':
      return {
        url,
        headers: { 'content-type': 'application/json', 'user-agent': 'CloudPubSub-Google' },
        body: JSON.stringify(pubsubBody(subscription, delivery)),
      };
    case 'cloudevent':
      return { url, ...binaryCloudEvent(delivery) };
  }
}

// Both spellings of the id and the time are sent, as Pub/Sub does for old consumers.
function pubsubBody(subscription: Subscription, delivery: Delivery): object {
  const publishTime = new Date(delivery.publishedMs).toISOString();
  return {
    message: {
      ...(delivery.data !== '' && { data: delivery.data }),
      ...(Object.keys(delivery.attributes).length > 0 && { attributes: delivery.attributes }),
      messageId: delivery.messageId,
      message_id: delivery.messageId,
      publishTime,
      publish_time: publishTime,
      ...(delivery.orderingKey !== '' && { orderingKey: delivery.orderingKey }),
    },
    subscription: subscription.name,
    ...(subscription.deadLetterPolicy && { deliveryAttempt: delivery.attempts }),
  };
}

/** From a message whose data is a CloudEvent in JSON format to the same event in HTTP binary mode. */
function binaryCloudEvent(delivery: Delivery): Omit<PushRequest, 'url'> {
  const event = JSON.parse(Buffer.from(delivery.data, 'base64').toString('utf8')) as Record<string, unknown>;
  const { data, datacontenttype, ...attributes } = event;
  const headers: Record<string, string> = {
    'content-type': String(datacontenttype),
    'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
  };
  for (const [name, value] of Object.entries(attributes)) headers[`ce-${name}`] = headerValue(String(value));
  return { headers, body: JSON.stringify(data) };
}

/** The CloudEvents HTTP binding: all but printable ASCII, and the double quote and percent sign, become %XX of UTF-8. */
function headerValue(text: string): string {
  return text.replace(/[^\x21-\x7e]+|["%]/gu, (characters) =>
    Array.from(
      Buffer.from(characters),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
  );
}
