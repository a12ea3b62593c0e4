// The work around dead letters: Pub/Sub buries what a subscription gives up, and a person has it tried again.
import { deadLettersOf, RUN_REQUESTED, type SubscriptionName } from '../../../shared/deployment.ts';
import { SUBSCRIPTION_NAMES, topicOf } from '../../../shared/functions/subscriptions.ts';
import { subscriptionPath } from './scene.ts';
import { order, type Work } from './work.ts';

/** Each topic is tried with the first of its subscriptions; one of them by the other work of take-orders. */
function publishedAgain(subscription: SubscriptionName): readonly string[] {
  const topic = topicOf(subscription);
  const first = SUBSCRIPTION_NAMES.find((name) => topicOf(name) === topic);
  return topic === RUN_REQUESTED || first !== subscription ? [] : [`takeOrders-${topic}`];
}

const redriving = (subscription: SubscriptionName): Work => ({
  what: `a person has a dead letter of ${subscription} tried again`,
  needs: [`${deadLettersOf(subscription)}-takeOrders`, ...publishedAgain(subscription)],
  attempt(scene) {
    const { cloud } = scene.mesh;
    cloud.pubsub.seek(subscriptionPath(scene.mesh, deadLettersOf(subscription)), Date.now() + 1000);
    const topic = `projects/${cloud.projectId}/topics/${deadLettersOf(subscription)}`;
    const letters = cloud.pubsub.publish(topic, [{ data: 'e30=' }]);
    return order(scene, { verb: 'redrive', subscription, letters });
  },
});

const burying = (subscription: SubscriptionName): Work => ({
  what: `Pub/Sub moves what ${subscription} gives up to its dead letters`,
  needs: [`${deadLettersOf(subscription)}-agent`, `${subscription}-agent`],
  async attempt({ mesh }) {
    const { pubsub, projectId } = mesh.cloud;
    const letters = subscriptionPath(mesh, deadLettersOf(subscription));
    pubsub.seek(letters, Date.now() + 1000);
    const since = mesh.heard.length;
    pubsub.publish(`projects/${projectId}/topics/${topicOf(subscription)}`, [{ data: 'bm8=' }]);
    pubsub.start();
    try {
      return await mesh.until('a dead letter, or word of why there is none', async () => {
        const refused = mesh.heard.slice(since).find((line) => line.startsWith('pubsub: '));
        if (refused !== undefined) return { isDone: false, said: refused };
        return (await pubsub.pull(letters, 1)).length > 0 ? { isDone: true, said: '' } : undefined;
      });
    } finally {
      await pubsub.stop();
    }
  },
});

export const LETTERS: readonly Work[] = [
  ...SUBSCRIPTION_NAMES.map(redriving),
  ...SUBSCRIPTION_NAMES.map(burying),
];
