// The routes of datasets.
import type { Authorize } from '../iam/authorize.ts';
import type { BigQuery } from './bigquery.ts';
import { datasetNotFound } from './catalog.ts';
import { datasetResource, readDataset } from './resources.ts';
import { type Call, pageOf, type Route } from './route.ts';

export const datasetRoutes = (bigquery: BigQuery, authorize: Authorize): Route[] => [
  ...readingRoutes(bigquery, authorize),
  ...changingRoutes(bigquery, authorize),
];

const resourceOf = ({ projectId }: BigQuery, { params }: Call) =>
  `projects/${projectId}/datasets/${params['datasetId']}`;

function readingRoutes(bigquery: BigQuery, authorize: Authorize): Route[] {
  const { projectId } = bigquery;
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
      id: 'datasets.get',
      method: 'GET',
      path: 'projects/{projectId}/datasets/{datasetId}',
      query: ['datasetView', 'accessPolicyVersion'],
      handle: async (call) => {
        authorize(call.caller, 'bigquery.datasets.get', resourceOf(bigquery, call));
        const dataset = bigquery.catalog.dataset(call.params['datasetId']!);
        if (dataset === undefined) throw datasetNotFound(projectId, call.params['datasetId']!);
        return datasetResource(projectId, dataset);
      },
    },
  ];
}

function changingRoutes(bigquery: BigQuery, authorize: Authorize): Route[] {
  const { projectId } = bigquery;
  return [
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
      id: 'datasets.patch',
      method: 'PATCH',
      path: 'projects/{projectId}/datasets/{datasetId}',
      query: ['accessPolicyVersion'],
      handle: async (call) => {
        authorize(call.caller, 'bigquery.datasets.update', resourceOf(bigquery, call));
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
        authorize(call.caller, 'bigquery.datasets.delete', resourceOf(bigquery, call));
        await bigquery.deleteDataset(call.params['datasetId']!, call.query['deleteContents'] === 'true');
        return undefined;
      },
    },
  ];
}
