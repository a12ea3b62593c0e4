// BigQuery's REST API, version 2: a thin skin over the noun.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { notFound } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import type { BigQuery } from './bigquery.ts';
import { datasetRoutes } from './dataset-routes.ts';
import { discovery } from './discovery.ts';
import { jobRoutes } from './job-routes.ts';
import type { Call } from './route.ts';
import { tableRoutes } from './table-routes.ts';

const PREFIXES = ['/bigquery/v2', ''];

/** Hangs BigQuery on the API. Google's clients leave out `/bigquery/v2` when an environment variable names the host. */
export function bigqueryRoutes(app: FastifyInstance, bigquery: BigQuery, authorize: Authorize): void {
  const routes = [
    ...jobRoutes(bigquery, authorize),
    ...datasetRoutes(bigquery, authorize),
    ...tableRoutes(bigquery, authorize),
  ];
  for (const prefix of PREFIXES)
    for (const { method, path, handle } of routes)
      app.route({
        method,
        url: `${prefix}/${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        handler: async (request, reply) => {
          const call = callOf(request, bigquery);
          const answer = await handle(call);
          return answer === undefined ? reply.code(204).send() : answer;
        },
      });
  app.get('/$discovery/rest', async (request) => discovery(routes, request.host));
  app.get('/discovery/v1/apis/bigquery/v2/rest', async (request) => discovery(routes, request.host));
}

function callOf(request: FastifyRequest, bigquery: BigQuery): Call {
  const params = request.params as Record<string, string>;
  if (params['projectId'] !== undefined && params['projectId'] !== bigquery.projectId)
    throw notFound(`Not found: Project ${params['projectId']}`);
  return {
    caller: request.caller,
    params,
    query: request.query as Record<string, string | undefined>,
    body: (request.body ?? {}) as Record<string, unknown>,
  };
}
