// Pub/Sub in the cloud: its own agent signs pushes, forwards dead letters and uses keys, each by its right to.
import { fromInsideTo } from '../functions/inside.ts';
import { ApiError, forbidden } from '../http/errors.ts';
import { PUBSUB_AGENT } from '../iam/agents.ts';
import { keysOf } from '../iam/keys.ts';
import type { Context, Service, Services } from '../service.ts';
import { postOverHttp } from './post.ts';
import { creators } from './provision.ts';
import { PubSub, type PublishedMessage } from './pubsub.ts';
import { pubsubRoutes } from './routes.ts';

export const pubsub: Service<PubSub> = {
  open: ({ state, api, tokens, agentMay, options }) =>
    new PubSub({
      ...options,
      state,
      post: fromInsideTo((url) => api.serves(url))(postOverHttp),
      async mintIdToken(email, audience) {
        const account = `projects/${options.projectId}/serviceAccounts/${email}`;
        if (!agentMay('pubsub', PUBSUB_AGENT, 'iam.serviceAccounts.getOpenIdToken', account))
          throw forbidden(`${PUBSUB_AGENT} may not sign as ${email}`);
        return tokens.mintIdToken(email, audience);
      },
      useKey: keysOf('pubsub', agentMay),
      mayForward: ({ subscription, deadLetterTopic }) =>
        agentMay('pubsub', PUBSUB_AGENT, 'pubsub.topics.publish', deadLetterTopic) &&
        agentMay('pubsub', PUBSUB_AGENT, 'pubsub.subscriptions.consume', subscription),
    }),
  routes: (app, opened, { iam }) => pubsubRoutes(app, opened, iam.authorize),
  creators,
  start: (opened) => opened.start(),
  stop: (opened) => opened.stop(),
};

/**
 * How another service publishes, as its own agent. What Pub/Sub refuses is written to that service's log, and
 * nothing else fails by it.
 */
export const publishAs =
  (from: string, agent: string, { agentMay, log }: Context, others: Services) =>
  (topic: string, messages: readonly PublishedMessage[]): void => {
    if (!agentMay(from, agent, 'pubsub.topics.publish', topic)) return;
    try {
      others.pubsub.publish(topic, messages);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      log(from, `nothing was published to ${topic}: ${error.message}`);
    }
  };
