// Datasets and tables as the API spells them, and what a request's body may say about them.
import { notImplemented, refuseUnknownFields } from '../http/errors.ts';
import type { WantedTable } from './bigquery.ts';
import type { Dataset, Table } from './catalog.ts';
import type { Field } from './types.ts';

type Body = Readonly<Record<string, unknown>>;

// What clients send back of what they were given; the server decides it, not they.
// The Node client adds the project that it was made for.
const GIVEN_BY_SERVER = [
  'projectId',
  'kind',
  'etag',
  'id',
  'selfLink',
  'type',
  'creationTime',
  'lastModifiedTime',
  'numRows',
  'numBytes',
];

export function datasetResource(projectId: string, dataset: Dataset): object {
  return {
    kind: 'bigquery#dataset',
    etag: `"${dataset.modifiedMs}"`,
    id: `${projectId}:${dataset.datasetId}`,
    selfLink: `/bigquery/v2/projects/${projectId}/datasets/${dataset.datasetId}`,
    datasetReference: { projectId, datasetId: dataset.datasetId },
    location: dataset.location,
    type: 'DEFAULT',
    creationTime: String(dataset.createdMs),
    lastModifiedTime: String(dataset.modifiedMs),
    ...(dataset.defaultTableExpirationMs === undefined
      ? {}
      : { defaultTableExpirationMs: String(dataset.defaultTableExpirationMs) }),
    ...(dataset.kmsKeyName === undefined
      ? {}
      : { defaultEncryptionConfiguration: { kmsKeyName: dataset.kmsKeyName } }),
    ...(dataset.maxTimeTravelHours === undefined ? {} : { maxTimeTravelHours: dataset.maxTimeTravelHours }),
    ...spoken(dataset),
  };
}

export function tableResource(projectId: string, table: Table, location: string, numRows?: number): object {
  const { datasetId, tableId } = table;
  return {
    kind: 'bigquery#table',
    etag: `"${table.modifiedMs}"`,
    id: `${projectId}:${datasetId}.${tableId}`,
    selfLink: `/bigquery/v2/projects/${projectId}/datasets/${datasetId}/tables/${tableId}`,
    tableReference: { projectId, datasetId, tableId },
    type: table.viewQuery === undefined ? 'TABLE' : 'VIEW',
    location,
    creationTime: String(table.createdMs),
    lastModifiedTime: String(table.modifiedMs),
    ...(table.fields.length > 0 ? { schema: { fields: table.fields } } : {}),
    ...(numRows === undefined ? {} : { numRows: String(numRows), numBytes: '0' }),
    ...(table.expirationMs === undefined ? {} : { expirationTime: String(table.expirationMs) }),
    ...(table.viewQuery === undefined ? {} : { view: { query: table.viewQuery, useLegacySql: false } }),
    ...(table.kmsKeyName === undefined ? {} : { encryptionConfiguration: { kmsKeyName: table.kmsKeyName } }),
    ...(table.timePartitioning ? { timePartitioning: table.timePartitioning } : {}),
    ...(table.clustering ? { clustering: table.clustering } : {}),
    ...spoken(table),
  };
}

const spoken = ({
  description,
  friendlyName,
  labels,
}: Pick<Table, 'description' | 'friendlyName' | 'labels'>) => ({
  ...(description === undefined ? {} : { description }),
  ...(friendlyName === undefined ? {} : { friendlyName }),
  ...(labels === undefined ? {} : { labels }),
});

/** Reads what a dataset's body asks for; the reference is in the path or the body. */
export function readDataset(body: Body): Partial<Dataset> {
  refuseUnknownFields('dataset', body, [
    ...GIVEN_BY_SERVER,
    'datasetReference',
    'location',
    'defaultTableExpirationMs',
    'description',
    'friendlyName',
    'labels',
    'access',
  ]);
  const life = body['defaultTableExpirationMs'];
  return {
    ...readSpoken(body),
    ...(life === undefined || life === null ? {} : { defaultTableExpirationMs: Number(life) }),
  };
}

/** Reads what a table's body asks for, besides its name and columns. */
export function readTable(body: Body): Omit<WantedTable, 'datasetId' | 'tableId'> {
  refuseUnknownFields('table', body, [
    ...GIVEN_BY_SERVER,
    'tableReference',
    'schema',
    'view',
    'expirationTime',
    'description',
    'friendlyName',
    'labels',
    'timePartitioning',
    'clustering',
    'location',
  ]);
  const view = body['view'] as { query: string; useLegacySql?: boolean } | undefined;
  if (view && view.useLegacySql !== false)
    throw notImplemented('legacy SQL in a view (useLegacySql must be false)');
  const schema = body['schema'] as { fields?: Field[] } | undefined;
  const expiration = body['expirationTime'];
  return {
    ...readSpoken(body),
    ...(schema?.fields ? { schema: { fields: schema.fields } } : {}),
    ...(view ? { view: { query: view.query } } : {}),
    ...(expiration === undefined || expiration === null ? {} : { expirationMs: Number(expiration) }),
    ...(body['timePartitioning'] ? { timePartitioning: body['timePartitioning'] as object } : {}),
    ...(body['clustering'] ? { clustering: body['clustering'] as object } : {}),
  };
}

function readSpoken(body: Body): Pick<Table, 'description' | 'friendlyName' | 'labels'> {
  const { description, friendlyName, labels } = body as Partial<Table>;
  return {
    ...(description === undefined ? {} : { description }),
    ...(friendlyName === undefined ? {} : { friendlyName }),
    ...(labels === undefined ? {} : { labels }),
  };
}
