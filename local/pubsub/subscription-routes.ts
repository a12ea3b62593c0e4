// Pub/Sub's REST API, version 1: subscriptions, pulling and acknowledging.
import type { FastifyInstance } from 'fastify';
import { invalid, notImplemented, refuseUnknownFields } from '../http/errors.ts';
import { page, type PageQuery } from '../http/pages.ts';
import type { Authorize } from '../iam/authorize.ts';
import {
  type Body,
  maskedFrom,
  objectFrom,
  pushConfigFrom,
  stringsFrom,
  subscriptionFrom,
} from './bodies.ts';
import type { Delivery, PubSub, SubscriptionRequest } from './pubsub.ts';

interface SubscriptionRoute {
  Params: { project: string; subscription: string };
}

// Google holds a pull open for longer; a client asks again either way.
const LONGEST_PULL_MS = 5_000;

const SUBSCRIPTIONS = '/v1/projects/:project/subscriptions';

const nameOf = ({ project, subscription }: SubscriptionRoute['Params']) =>
  `projects/${project}/subscriptions/${subscription}`;

export function subscriptionRoutes(app: FastifyInstance, pubsub: PubSub, authorize: Authorize): void {
  resourceRoutes(app, pubsub, authorize);
  verbRoutes(app, pubsub, authorize);
}

function resourceRoutes(app: FastifyInstance, pubsub: PubSub, authorize: Authorize): void {
  app.put<SubscriptionRoute>(`${SUBSCRIPTIONS}/:subscription`, async ({ caller, params, body }) => {
    const request = subscriptionFrom(nameOf(params), objectFrom('subscription', body));
    authorize(caller, 'pubsub.subscriptions.create', `projects/${params.project}`);
    authorize(caller, 'pubsub.topics.attachSubscription', request.topic);
    return pubsub.createSubscription(request);
  });

  app.get<SubscriptionRoute>(`${SUBSCRIPTIONS}/:subscription`, async ({ caller, params }) => {
    authorize(caller, 'pubsub.subscriptions.get', nameOf(params));
    return pubsub.subscription(nameOf(params));
  });

  app.get<{ Params: { project: string }; Querystring: PageQuery }>(
    SUBSCRIPTIONS,
    async ({ caller, params, query }) => {
      const project = `projects/${params.project}`;
      authorize(caller, 'pubsub.subscriptions.list', project);
      return page('subscriptions', query, (after, limit) => pubsub.subscriptions(project, after, limit));
    },
  );

  app.patch<SubscriptionRoute>(`${SUBSCRIPTIONS}/:subscription`, async ({ caller, params, body }) => {
    const changes = maskedFrom(objectFrom('update', body), 'subscription');
    authorize(caller, 'pubsub.subscriptions.update', nameOf(params));
    subscriptionFrom(nameOf(params), { ...changes });
    return pubsub.updateSubscription(nameOf(params), changes as Partial<SubscriptionRequest>);
  });

  app.delete<SubscriptionRoute>(`${SUBSCRIPTIONS}/:subscription`, async ({ caller, params }) => {
    authorize(caller, 'pubsub.subscriptions.delete', nameOf(params));
    pubsub.deleteSubscription(nameOf(params));
    return {};
  });
}

function verbRoutes(app: FastifyInstance, pubsub: PubSub, authorize: Authorize): void {
  /** A custom verb: asks for the permission, refuses unknown fields, then acts. */
  const verb = (
    name: string,
    permission: string,
    known: readonly string[],
    act: (subscription: string, body: Body) => Promise<object> | void,
  ) =>
    app.post<SubscriptionRoute>(
      `${SUBSCRIPTIONS}/:subscription(^[^:]+)::${name}`,
      async ({ caller, params, body }) => {
        authorize(caller, permission, nameOf(params));
        const fields = objectFrom(name, body);
        refuseUnknownFields(name, fields, ['subscription', ...known]);
        return (await act(nameOf(params), fields)) ?? {};
      },
    );

  verb('modifyPushConfig', 'pubsub.subscriptions.update', ['pushConfig'], (subscription, body) =>
    pubsub.modifyPushConfig(subscription, pushConfigFrom(body['pushConfig'])),
  );
  const consume = 'pubsub.subscriptions.consume';
  verb('pull', consume, ['maxMessages', 'returnImmediately'], async (subscription, body) => {
    const waitMs = body['returnImmediately'] ? 0 : LONGEST_PULL_MS;
    const pulled = await pubsub.pull(subscription, Number(body['maxMessages'] ?? 0), waitMs);
    const { deadLetterPolicy } = pubsub.subscription(subscription);
    const receivedMessages = pulled.map((delivery) => received(delivery, deadLetterPolicy !== undefined));
    return receivedMessages.length === 0 ? {} : { receivedMessages };
  });
  verb('acknowledge', consume, ['ackIds'], (subscription, body) =>
    pubsub.acknowledge(subscription, stringsFrom('ackIds', body['ackIds'])),
  );
  verb('modifyAckDeadline', consume, ['ackIds', 'ackDeadlineSeconds'], (subscription, body) => {
    const ackIds = stringsFrom('ackIds', body['ackIds']);
    pubsub.modifyAckDeadline(subscription, ackIds, Number(body['ackDeadlineSeconds'] ?? 0));
  });
  verb('seek', consume, ['time', 'snapshot'], (subscription, body) => {
    if (body['snapshot'] !== undefined) throw notImplemented('the field seek.snapshot');
    const timeMs = Date.parse(String(body['time']));
    if (Number.isNaN(timeMs)) throw invalid(`Invalid value at 'time' (Timestamp), "${String(body['time'])}"`);
    pubsub.seek(subscription, timeMs);
  });
}

function received(delivery: Delivery, hasDeadLetters: boolean): object {
  return {
    ackId: delivery.ackId,
    message: {
      ...(delivery.data !== '' && { data: delivery.data }),
      ...(Object.keys(delivery.attributes).length > 0 && { attributes: delivery.attributes }),
      messageId: delivery.messageId,
      publishTime: new Date(delivery.publishedMs).toISOString(),
      ...(delivery.orderingKey !== '' && { orderingKey: delivery.orderingKey }),
    },
    ...(hasDeadLetters && { deliveryAttempt: delivery.attempts }),
  };
}
