// The work around dead letters: Pub/Sub buries what a subscription gives up, and a person has it tried again.
import { deadLettersOf, SUBSCRIPTIONS, type SubscriptionName } from '../../../shared/deployment.ts';
import { subscriptionPath } from './scene.ts';
import { order, type Work } from './work.ts';

const PUBLISHED_AGAIN: Readonly<Record<SubscriptionName, readonly string[]>> = {
  // Its topic is tried by the other work of take-orders.
  'run-requested-to-start-run': [],
  'load-requested-to-load-output': ['takeOrders-load-requested'],
  'output-finalized-to-load-output': ['takeOrders-output-finalized'],
  'execution-finished-to-sweep-runs': ['takeOrders-execution-finished'],
};

const redriving = (subscription: SubscriptionName): Work => ({
  what: `a person has a dead letter of ${subscription} tried again`,
  needs: [`${deadLettersOf(subscription)}-takeOrders`, ...PUBLISHED_AGAIN[subscription]],
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
    pubsub.publish(`projects/${projectId}/topics/${SUBSCRIPTIONS[subscription]}`, [{ data: 'bm8=' }]);
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

const names = Object.keys(SUBSCRIPTIONS) as SubscriptionName[];

export const LETTERS: readonly Work[] = [...names.map(redriving), ...names.map(burying)];
