// Pub/Sub's REST API, version 1: topics and publishing. Subscriptions are in subscription-routes.ts.
import type { FastifyInstance } from 'fastify';
import { invalid } from '../http/errors.ts';
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

export interface PageQuery {
  readonly pageSize?: string;
  readonly pageToken?: string;
}

const LARGEST_PAGE = 1000;
const DEFAULT_PAGE = 100;

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

/** One page of named things; the token is the last name of the page before. */
export function page<T extends { name: string }>(
  field: string,
  query: PageQuery,
  list: (after: string, limit: number) => T[],
): Record<string, T[] | string> {
  const asked = Number(query.pageSize ?? DEFAULT_PAGE);
  if (!Number.isInteger(asked) || asked < 0) throw invalid(`Invalid page size: ${query.pageSize}`);
  const size = Math.min(asked || DEFAULT_PAGE, LARGEST_PAGE);
  const after = Buffer.from(query.pageToken ?? '', 'base64url').toString();
  const found = list(after, size + 1);
  const shown = found.slice(0, size);
  const last = found.length > size ? shown.at(-1) : undefined;
  return { [field]: shown, ...(last && { nextPageToken: Buffer.from(last.name).toString('base64url') }) };
}
