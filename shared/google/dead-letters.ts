// Pub/Sub behind the dead letters' port.
import type { protos } from '@google-cloud/pubsub';
import type { DeadLetters, HeldDeadLetter } from '../dead-letters/dead-letters.ts';
import { deadLettersOf, type SubscriptionName } from '../deployment.ts';
import { topicOf } from '../functions/subscriptions.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure } from './failures.ts';
import { lazily, once } from './lazily.ts';

const pubsub = lazily(() => import('@google-cloud/pubsub'));

const CONSUME = 'pubsub.subscriptions.consume';

export function pubsubDeadLetters(config: GoogleConfig): DeadLetters {
  const options = {
    projectId: config.GOOGLE_CLOUD_PROJECT,
    fallback: true,
    ...endpointsOf(config).pubsubCalls,
  };
  const subscriber = once(async () => new (await pubsub()).v1.SubscriberClient(options));
  const publisher = once(async () => new (await pubsub()).v1.PublisherClient(options));
  const pathOf = (subscription: SubscriptionName) =>
    `projects/${config.GOOGLE_CLOUD_PROJECT}/subscriptions/${deadLettersOf(subscription)}`;
  return {
    async take(subscription, most) {
      try {
        // Without `returnImmediately` a pull from an empty subscription takes a minute or more.
        const [{ receivedMessages }] = await (
          await subscriber()
        ).pull({
          subscription: pathOf(subscription),
          maxMessages: most,
          returnImmediately: true,
        });
        return (receivedMessages ?? []).map((received) => heldDeadLetter(subscription, received));
      } catch (error) {
        throw failure(`pulling from ${deadLettersOf(subscription)}`, error, CONSUME);
      }
    },
    async acknowledge(subscription, ackIds) {
      try {
        await (await subscriber()).acknowledge({ subscription: pathOf(subscription), ackIds: [...ackIds] });
      } catch (error) {
        throw failure(`acknowledging a dead letter of ${deadLettersOf(subscription)}`, error, CONSUME);
      }
    },
    async giveBack(subscription, ackIds) {
      try {
        const back = { ackIds: [...ackIds], ackDeadlineSeconds: 0 };
        await (await subscriber()).modifyAckDeadline({ subscription: pathOf(subscription), ...back });
      } catch (error) {
        throw failure(`releasing dead letters of ${deadLettersOf(subscription)}`, error, CONSUME);
      }
    },
    async publish(subscription, { data, attributes }) {
      const topic = `projects/${config.GOOGLE_CLOUD_PROJECT}/topics/${topicOf(subscription)}`;
      try {
        await (await publisher()).publish({ topic, messages: [{ data, attributes: { ...attributes } }] });
      } catch (error) {
        throw failure(`publishing to ${topicOf(subscription)}`, error, 'pubsub.topics.publish');
      }
    },
  };
}

function heldDeadLetter(
  subscription: SubscriptionName,
  { ackId, message }: protos.google.pubsub.v1.IReceivedMessage,
): HeldDeadLetter {
  const data = message?.data ?? '';
  const seconds = Number(message?.publishTime?.seconds ?? 0);
  return {
    id: message?.messageId ?? '',
    subscription,
    data: typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.from(data),
    attributes: message?.attributes ?? {},
    deadLetteredAt: new Date(seconds * 1000 + (message?.publishTime?.nanos ?? 0) / 1e6).toISOString(),
    ackId: ackId ?? '',
  };
}
