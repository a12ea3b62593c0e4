// The datasets, the published tables, the ledger of publications and the freshness view.
import * as gcp from '@pulumi/gcp';
import type { Input } from '@pulumi/pulumi';
import { tablesOf, type TableRef } from '../shared/pipelines/outputs.ts';
import { watchesOf, type WatchPipeline } from '../shared/pipelines/pipeline.ts';
import { freshnessQuery, freshnessView } from '../shared/warehouse/freshness.ts';
import { LEDGER, LEDGER_FIELDS } from '../shared/warehouse/ledger.ts';
import { LOCK_FIELDS, lockTable } from '../shared/warehouse/lock.ts';
import { publishedFields, stagingDataset, type Field } from '../shared/warehouse/tables.ts';
import type { Keys } from './encryption.ts';
import { deployerOf } from './identities.ts';
import type { Settings } from './settings.ts';

const STAGING_KEPT_MS = 24 * 60 * 60 * 1000;
/**
 * By default BigQuery lets every viewer of the project read a new dataset and every editor write it. A dataset needs an
 * owner; a project's owner could become one in any case.
 */
const OWNED = { role: 'OWNER', specialGroup: 'projectOwners' };
/** Later grants are separate members, and setting the list again would remove them. */
const ONLY_AT_FIRST = { ignoreChanges: ['accesses'] };

/** By the name of the published dataset: it, and the dataset in which its outputs are staged. */
export type Warehouse = ReadonlyMap<string, Datasets>;

interface Datasets {
  readonly published: gcp.bigquery.Dataset;
  /** Absent for the ledger's dataset: nothing is loaded into it. */
  readonly staged?: gcp.bigquery.Dataset;
}

export function createWarehouse(settings: Settings, keys: Keys): Warehouse {
  const ids = new Set(settings.pipelines.flatMap(tablesOf).map(({ table }) => table.dataset));
  const datasets = new Map([
    [LEDGER.dataset, { published: createPublished(LEDGER.dataset, settings, keys) }],
    ...[...ids].map((id): [string, Datasets] => [
      id,
      { published: createPublished(id, settings, keys), staged: createStaged(id, settings, keys) },
    ]),
  ]);
  const place = { datasets, keys };
  const ledger = createTable(LEDGER, LEDGER_FIELDS, place);
  // A result is published by its run's outcome: no ledger, and so no lock.
  for (const pipeline of watchesOf(settings.pipelines)) createTables(settings, pipeline, ledger, place);
  return datasets;
}

/** The datasets for new tables. A table names the dataset's resource, so that it is created after it. */
interface Place {
  readonly datasets: Warehouse;
  readonly keys: Keys;
}

function createPublished(datasetId: string, settings: Settings, keys: Keys): gcp.bigquery.Dataset {
  const { location, project, operators, readers } = settings;
  const published = new gcp.bigquery.Dataset(
    datasetId,
    {
      datasetId,
      location,
      defaultEncryptionConfiguration: { kmsKeyName: keys.warehouse },
      // The creator of a view has to be able to read the tables that it names.
      accesses: [OWNED, { role: 'READER', userByEmail: deployerOf(project) }],
      // Rows that were deleted or changed by hand can be read for a week, the longest that BigQuery allows.
      maxTimeTravelHours: '168',
      deleteContentsOnDestroy: false,
      deletionPolicy: 'PREVENT',
    },
    ONLY_AT_FIRST,
  );
  // Operators can read already, and a grant that two resources describe is removed with the first of them.
  for (const reader of readers.filter((member) => !operators.includes(member)))
    grantOnDataset(`reader-${reader}-${datasetId}`, published, 'roles/bigquery.dataViewer', reader);
  return published;
}

function createStaged(publishedId: string, settings: Settings, keys: Keys): gcp.bigquery.Dataset {
  const datasetId = stagingDataset(publishedId);
  const staged = new gcp.bigquery.Dataset(
    datasetId,
    {
      datasetId,
      location: settings.location,
      defaultEncryptionConfiguration: { kmsKeyName: keys.warehouse },
      accesses: [OWNED],
      defaultTableExpirationMs: STAGING_KEPT_MS,
      // The shortest that BigQuery allows: all rows come from the results bucket.
      maxTimeTravelHours: '48',
      deleteContentsOnDestroy: true,
    },
    ONLY_AT_FIRST,
  );
  return staged;
}

export const grantOnDataset = (
  name: string,
  { datasetId }: gcp.bigquery.Dataset,
  role: Input<string>,
  member: Input<string>,
) => new gcp.bigquery.DatasetIamMember(name, { datasetId, role, member });

function createTables(
  settings: Settings,
  pipeline: WatchPipeline,
  ledger: gcp.bigquery.Table,
  place: Place,
): void {
  createTable(lockTable(pipeline), LOCK_FIELDS, place);
  for (const target of tablesOf(pipeline)) createTable(target.table, publishedFields(target), place);
  const view = freshnessView(pipeline);
  if (view === undefined) return;
  new gcp.bigquery.Table(
    view.table,
    {
      datasetId: view.dataset,
      tableId: view.table,
      deletionProtection: false,
      view: { query: freshnessQuery(settings.project, pipeline), useLegacySql: false },
    },
    { dependsOn: [ledger] },
  );
}

function createTable(
  { dataset, table }: TableRef,
  fields: readonly Field[],
  { datasets, keys }: Place,
): gcp.bigquery.Table {
  return new gcp.bigquery.Table(`${dataset}-${table}`, {
    datasetId: datasets.get(dataset)?.published.datasetId ?? dataset,
    tableId: table,
    deletionProtection: true,
    // The dataset's own key again: without it the provider would remove the key.
    encryptionConfiguration: { kmsKeyName: keys.warehouse },
    schema: JSON.stringify(fields),
  });
}
