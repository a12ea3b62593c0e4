// The work around dead letters: Pub/Sub moves what a subscription gives up, and an operator redrives it.
import { deadLettersOf, RUN_REQUESTED, type SubscriptionName } from '../../../shared/deployment.ts';
import { SUBSCRIPTION_NAMES, topicOf } from '../../../shared/functions/subscriptions.ts';
import type { RunningMesh } from '../../mesh/start-mesh.ts';
import { subscriptionPath, SUBSCRIPTIONS, type RightsSetup } from './setup.ts';
import { command, type Work } from './work.ts';

/** Each topic is tried with the first of its subscriptions; one of them by the other work of handle-commands. */
function publishedAgain(subscription: SubscriptionName): readonly string[] {
  const topic = topicOf(subscription);
  const first = SUBSCRIPTION_NAMES.find((name) => topicOf(name) === topic);
  return topic === RUN_REQUESTED || first !== subscription ? [] : [`handleCommands-${topic}`];
}

/** As much of the fixture as the works need. */
interface Letters extends Pick<RightsSetup, 'call'> {
  readonly mesh: Pick<RunningMesh, 'cloud' | 'logLines' | 'until'>;
}

export const redriving = (subscription: SubscriptionName): Work<Letters> => ({
  what: `an operator redrives a dead letter of ${subscription}`,
  needs: [`${deadLettersOf(subscription)}-handleCommands`, ...publishedAgain(subscription)],
  attempt(setup) {
    const { cloud } = setup.mesh;
    cloud.pubsub.seek(subscriptionPath(setup.mesh, deadLettersOf(subscription)), Date.now() + 1000);
    const topic = `projects/${cloud.projectId}/topics/${deadLettersOf(subscription)}`;
    const deadLetters = cloud.pubsub.publish(topic, [{ data: 'e30=' }]);
    return command(setup, { verb: 'redrive', subscription, deadLetters });
  },
});

export const burying = (subscription: SubscriptionName): Work<Letters> => ({
  what: `Pub/Sub moves what ${subscription} gives up to its dead letters`,
  needs: [`${deadLettersOf(subscription)}-agent`, `${subscription}-agent`],
  async attempt({ mesh }) {
    const { pubsub, projectId } = mesh.cloud;
    const deadLetters = subscriptionPath(mesh, deadLettersOf(subscription));
    pubsub.seek(deadLetters, Date.now() + 1000);
    const since = mesh.logLines.length;
    pubsub.publish(`projects/${projectId}/topics/${topicOf(subscription)}`, [{ data: 'bm8=' }]);
    pubsub.start();
    try {
      return await mesh.until('a dead letter, or the reason why there is none', async () => {
        const refused = mesh.logLines.slice(since).find((line) => line.startsWith('pubsub: '));
        if (refused !== undefined) return { isDone: false, message: refused };
        return (await pubsub.pull(deadLetters, 1)).length > 0 ? { isDone: true, message: '' } : undefined;
      });
    } finally {
      await pubsub.stop();
    }
  },
});

export const DEAD_LETTERS_OF: readonly Work[] = [
  ...SUBSCRIPTIONS.map(redriving),
  ...SUBSCRIPTIONS.map(burying),
];
