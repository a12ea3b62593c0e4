// Pub/Sub's REST API, version 1: topics and publishing. Subscriptions are in subscription-routes.ts.
import type { FastifyInstance } from 'fastify';
import { page, type PageQuery } from '../http/pages.ts';
import type { Authorize } from '../iam/authorize.ts';
import { messagesFrom, objectFrom, topicFrom } from './bodies.ts';
import type { PubSub } from './pubsub.ts';
import { subscriptionRoutes } from './subscription-routes.ts';

interface TopicRoute {
  Params: { project: string; topic: string };
}

interface ListRoute {
  Params: { project: string };
  Querystring: PageQuery;
}

/** Hangs all of Pub/Sub's routes on `app`. */
export function pubsubRoutes(app: FastifyInstance, pubsub: PubSub, authorize: Authorize): void {
  topicRoutes(app, pubsub, authorize);
  subscriptionRoutes(app, pubsub, authorize);
}

function topicRoutes(app: FastifyInstance, pubsub: PubSub, authorize: Authorize): void {
  const topics = '/v1/projects/:project/topics';
  const nameOf = ({ project, topic }: TopicRoute['Params']) => `projects/${project}/topics/${topic}`;

  app.put<TopicRoute>(`${topics}/:topic`, async ({ caller, params, body }) => {
    authorize(caller, 'pubsub.topics.create', `projects/${params.project}`);
    return pubsub.createTopic(topicFrom(nameOf(params), objectFrom('topic', body)));
  });

  app.get<TopicRoute>(`${topics}/:topic`, async ({ caller, params }) => {
    authorize(caller, 'pubsub.topics.get', nameOf(params));
    return pubsub.topic(nameOf(params));
  });

  app.get<ListRoute>(topics, async ({ caller, params, query }) => {
    authorize(caller, 'pubsub.topics.list', `projects/${params.project}`);
    return page('topics', query, (after, limit) => pubsub.topics(`projects/${params.project}`, after, limit));
  });

  app.delete<TopicRoute>(`${topics}/:topic`, async ({ caller, params }) => {
    authorize(caller, 'pubsub.topics.delete', nameOf(params));
    pubsub.deleteTopic(nameOf(params));
    return {};
  });

  app.get<TopicRoute>(`${topics}/:topic/subscriptions`, async ({ caller, params }) => {
    authorize(caller, 'pubsub.topics.get', nameOf(params));
    return { subscriptions: pubsub.subscriptionsOf(nameOf(params)) };
  });

  app.post<TopicRoute>(`${topics}/:topic(^[^:]+)::publish`, async ({ caller, params, body }) => {
    authorize(caller, 'pubsub.topics.publish', nameOf(params));
    return { messageIds: pubsub.publish(nameOf(params), messagesFrom(objectFrom('publish', body))) };
  });
}
