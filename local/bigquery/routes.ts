// BigQuery's REST API, version 2: a thin skin over the noun.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError, notFound, notImplemented } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import type { BigQuery } from './bigquery.ts';
import { datasetNotFound, type Table, tableNotFound } from './catalog.ts';
import { discovery } from './discovery.ts';
import { jobRoutes } from './job-routes.ts';
import { datasetResource, readDataset, readTable, tableResource } from './resources.ts';
import { fitting, rowOf } from './rows.ts';

export interface Call {
  readonly caller: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Handler = (call: Call) => Promise<object | undefined>;

/** One route of the API: the names here make the discovery document too. */
export interface Route {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: readonly string[];
  readonly handle: Handler;
}

const PREFIXES = ['/bigquery/v2', ''];
const DEFAULT_PAGE = 10_000;

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

/** A page's size and start; a page token is the index of its first row. Throws 400 for what is not a number. */
export function pageOf(query: Call['query'], largest = DEFAULT_PAGE): { start: number; size: number } {
  const number = (name: string, usual: number) => {
    const value = Number(query[name] ?? usual);
    if (!Number.isSafeInteger(value) || value < 0)
      throw new ApiError(400, 'invalid', `Invalid value for ${name}: ${query[name]}`);
    return value;
  };
  return {
    start: query['pageToken'] ? number('pageToken', 0) : number('startIndex', 0),
    size: Math.min(number('maxResults', largest), largest),
  };
}

function datasetRoutes(bigquery: BigQuery, authorize: Authorize): Route[] {
  const { projectId } = bigquery;
  const resource = ({ params }: Call) => `projects/${projectId}/datasets/${params['datasetId']}`;
  return [
    {
      id: 'datasets.list',
      method: 'GET',
      path: 'projects/{projectId}/datasets',
      query: ['maxResults', 'pageToken', 'all'],
      handle: async (call) => {
        authorize(call.caller, 'bigquery.datasets.get', `projects/${projectId}`);
        const { start, size } = pageOf(call.query);
        const all = bigquery.catalog.datasets();
        return {
          kind: 'bigquery#datasetList',
          datasets: all.slice(start, start + size).map((each) => datasetResource(projectId, each)),
          ...(start + size < all.length ? { nextPageToken: String(start + size) } : {}),
        };
      },
    },
    {
      id: 'datasets.insert',
      method: 'POST',
      path: 'projects/{projectId}/datasets',
      query: ['accessPolicyVersion'],
      handle: async ({ caller, body }) => {
        authorize(caller, 'bigquery.datasets.create', `projects/${projectId}`);
        const { datasetId } = (body['datasetReference'] ?? {}) as { datasetId?: string };
        const location = String(body['location'] ?? 'US');
        return datasetResource(
          projectId,
          await bigquery.insertDataset({ ...readDataset(body), datasetId: datasetId ?? '', location }),
        );
      },
    },
    {
      id: 'datasets.get',
      method: 'GET',
      path: 'projects/{projectId}/datasets/{datasetId}',
      query: ['datasetView', 'accessPolicyVersion'],
      handle: async (call) => {
        authorize(call.caller, 'bigquery.datasets.get', resource(call));
        const dataset = bigquery.catalog.dataset(call.params['datasetId']!);
        if (dataset === undefined) throw datasetNotFound(projectId, call.params['datasetId']!);
        return datasetResource(projectId, dataset);
      },
    },
    {
      id: 'datasets.patch',
      method: 'PATCH',
      path: 'projects/{projectId}/datasets/{datasetId}',
      query: ['accessPolicyVersion'],
      handle: async (call) => {
        authorize(call.caller, 'bigquery.datasets.update', resource(call));
        return datasetResource(
          projectId,
          await bigquery.patchDataset(call.params['datasetId']!, readDataset(call.body)),
        );
      },
    },
    {
      id: 'datasets.delete',
      method: 'DELETE',
      path: 'projects/{projectId}/datasets/{datasetId}',
      query: ['deleteContents'],
      handle: async (call) => {
        authorize(call.caller, 'bigquery.datasets.delete', resource(call));
        await bigquery.deleteDataset(call.params['datasetId']!, call.query['deleteContents'] === 'true');
        return undefined;
      },
    },
  ];
}

function tableRoutes(bigquery: BigQuery, authorize: Authorize): Route[] {
  const { projectId } = bigquery;
  const ask = ({ caller, params: { datasetId, tableId } }: Call, permission: string) => {
    const asked = `projects/${projectId}/datasets/${datasetId}`;
    authorize(caller, permission, tableId === undefined ? asked : `${asked}/tables/${tableId}`);
  };
  const dataset = ({ params }: Call) => {
    const found = bigquery.catalog.dataset(params['datasetId']!);
    if (found === undefined) throw datasetNotFound(projectId, params['datasetId']!);
    return found;
  };
  const table = (call: Call): Table => {
    const { datasetId } = dataset(call);
    const found = bigquery.catalog.table(datasetId, call.params['tableId']!, bigquery.now());
    if (found === undefined) throw tableNotFound({ projectId, datasetId, tableId: call.params['tableId']! });
    return found;
  };
  const show = async (call: Call, found: Table) =>
    tableResource(projectId, found, dataset(call).location, await bigquery.countRows(found));
  return [
    {
      id: 'tables.list',
      method: 'GET',
      path: 'projects/{projectId}/datasets/{datasetId}/tables',
      query: ['maxResults', 'pageToken'],
      handle: async (call) => {
        ask(call, 'bigquery.tables.list');
        const { start, size } = pageOf(call.query);
        const all = bigquery.catalog.tables(dataset(call).datasetId, bigquery.now());
        return {
          kind: 'bigquery#tableList',
          totalItems: all.length,
          tables: all
            .slice(start, start + size)
            .map((each) => tableResource(projectId, each, dataset(call).location)),
          ...(start + size < all.length ? { nextPageToken: String(start + size) } : {}),
        };
      },
    },
    {
      id: 'tables.insert',
      method: 'POST',
      path: 'projects/{projectId}/datasets/{datasetId}/tables',
      handle: async (call) => {
        ask(call, 'bigquery.tables.create');
        const { tableId } = (call.body['tableReference'] ?? {}) as { tableId?: string };
        return show(
          call,
          await bigquery.insertTable({
            ...readTable(call.body),
            datasetId: dataset(call).datasetId,
            tableId: tableId ?? '',
          }),
        );
      },
    },
    {
      id: 'tables.get',
      method: 'GET',
      path: 'projects/{projectId}/datasets/{datasetId}/tables/{tableId}',
      query: ['selectedFields', 'view'],
      handle: async (call) => {
        ask(call, 'bigquery.tables.get');
        return show(call, table(call));
      },
    },
    {
      id: 'tables.patch',
      method: 'PATCH',
      path: 'projects/{projectId}/datasets/{datasetId}/tables/{tableId}',
      handle: async (call) => {
        ask(call, 'bigquery.tables.update');
        const { schema, view, ...change } = readTable(call.body);
        if (schema ?? view) throw notImplemented("a patch of a table's schema or view");
        return show(
          call,
          await bigquery.patchTable(call.params['datasetId']!, call.params['tableId']!, change),
        );
      },
    },
    {
      id: 'tables.delete',
      method: 'DELETE',
      path: 'projects/{projectId}/datasets/{datasetId}/tables/{tableId}',
      handle: async (call) => {
        ask(call, 'bigquery.tables.delete');
        dataset(call);
        await bigquery.deleteTable(call.params['datasetId']!, call.params['tableId']!);
        return undefined;
      },
    },
    {
      id: 'tabledata.list',
      method: 'GET',
      path: 'projects/{projectId}/datasets/{datasetId}/tables/{tableId}/data',
      query: ['maxResults', 'pageToken', 'startIndex', 'selectedFields', 'formatOptions.useInt64Timestamp'],
      handle: async (call) => {
        ask(call, 'bigquery.tables.getData');
        const found = table(call);
        if (found.viewQuery !== undefined)
          throw new ApiError(400, 'invalid', 'Cannot list a table of type VIEW.');
        if (call.query['selectedFields']) throw notImplemented('selectedFields');
        const { start, size } = pageOf(call.query);
        const total = await bigquery.countRows(found);
        const int64 = call.query['formatOptions.useInt64Timestamp'] === 'true';
        const rows = fitting((await bigquery.page(found, start, size)).map((row) => rowOf(row, int64)));
        return {
          kind: 'bigquery#tableDataList',
          totalRows: String(total),
          rows,
          ...(start + rows.length < total && rows.length > 0
            ? { pageToken: String(start + rows.length) }
            : {}),
        };
      },
    },
    {
      id: 'tabledata.insertAll',
      method: 'POST',
      path: 'projects/{projectId}/datasets/{datasetId}/tables/{tableId}/insertAll',
      handle: async () => {
        throw notImplemented('tabledata.insertAll (streaming inserts)');
      },
    },
  ];
}
