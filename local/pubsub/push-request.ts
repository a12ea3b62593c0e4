// The HTTP request that carries one message to a push endpoint.
import type { Delivery } from './queue.ts';
import type { Subscription } from './settings.ts';

export interface PushRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export const pushRequest = (subscription: Subscription, delivery: Delivery): PushRequest => ({
  url: subscription.pushConfig.pushEndpoint ?? '',
  headers: { 'content-type': 'application/json', 'user-agent': 'CloudPubSub-Google' },
  body: JSON.stringify(pubsubBody(subscription, delivery)),
});

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
