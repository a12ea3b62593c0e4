// A Pub/Sub topic behind the publisher's port.
import type { Publisher } from '../events/messages.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure } from './failures.ts';
import { lazily, once } from './lazily.ts';

const pubsub = lazily(() => import('@google-cloud/pubsub'));

/** Publishes each message as JSON, at once: a function may be frozen as soon as it has answered. */
export function topicPublisher<Message>(topicName: string, config: GoogleConfig): Publisher<Message> {
  // REST (`fallback`, which the client reads and its type omits): nothing here streams, and gRPC takes twice as long
  // to start.
  const options = { projectId: config.GOOGLE_CLOUD_PROJECT, fallback: true, ...endpointsOf(config).pubsub };
  const topic = once(async () => {
    const { PubSub } = await pubsub();
    return new PubSub(options).topic(topicName, { batching: { maxMessages: 1 } });
  });
  return {
    async publish(message) {
      try {
        await (await topic()).publishMessage({ json: message as object });
      } catch (error) {
        throw failure(`publishing to ${topicName}`, error, 'pubsub.topics.publish');
      }
    },
  };
}
