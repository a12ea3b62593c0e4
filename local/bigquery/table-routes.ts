// The routes of tables and of their rows.
import { ApiError, notImplemented } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import type { BigQuery } from './bigquery.ts';
import { type Dataset, datasetNotFound, type Table, tableNotFound } from './catalog.ts';
import { readTable, tableResource } from './resources.ts';
import { type Call, pageOf, type Route } from './route.ts';
import { fitting, rowOf } from './rows.ts';

export const tableRoutes = (bigquery: BigQuery, authorize: Authorize): Route[] => {
  const tables = tablesOf(bigquery, authorize);
  return [...readingRoutes(tables), ...changingRoutes(tables), ...rowRoutes(tables)];
};

type Tables = ReturnType<typeof tablesOf>;

function tablesOf(bigquery: BigQuery, authorize: Authorize) {
  const { projectId } = bigquery;
  const ask = ({ caller, params: { datasetId, tableId } }: Call, permission: string) => {
    const asked = `projects/${projectId}/datasets/${datasetId}`;
    authorize(caller, permission, tableId === undefined ? asked : `${asked}/tables/${tableId}`);
  };
  const dataset = ({ params }: Call): Dataset => {
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
  return { bigquery, ask, dataset, table, show };
}

function readingRoutes({ bigquery, ask, dataset, table, show }: Tables): Route[] {
  const { projectId } = bigquery;
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
      id: 'tables.get',
      method: 'GET',
      path: 'projects/{projectId}/datasets/{datasetId}/tables/{tableId}',
      query: ['selectedFields', 'view'],
      handle: async (call) => {
        ask(call, 'bigquery.tables.get');
        return show(call, table(call));
      },
    },
  ];
}

function changingRoutes({ bigquery, ask, dataset, show }: Tables): Route[] {
  return [
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
  ];
}

function rowRoutes({ bigquery, ask, table }: Tables): Route[] {
  return [
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
