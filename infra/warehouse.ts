// The datasets, the published tables, the ledger of publications and the view of freshness.
import * as gcp from '@pulumi/gcp';
import { targetsOf, type Pipeline } from '../shared/pipelines/pipeline.ts';
import { freshnessQuery, freshnessView } from '../shared/warehouse/freshness.ts';
import { LEDGER_FIELDS, ledgerTable } from '../shared/warehouse/ledger.ts';
import { publishedFields, stagingDataset, type Field } from '../shared/warehouse/tables.ts';
import type { Identities } from './identities.ts';
import type { Role, Roles } from './roles.ts';
import type { Settings } from './settings.ts';

const STAGING_KEPT_MS = 24 * 60 * 60 * 1000;

export function createWarehouse(settings: Settings, identities: Identities, roles: Roles): void {
  const datasets = new Set(settings.pipelines.flatMap(targetsOf).map(({ table }) => table.dataset));
  for (const datasetId of datasets) createDataset(settings, datasetId, identities, roles);
  const ledgers = createLedgers(settings);
  for (const pipeline of settings.pipelines) createTables(settings, pipeline, ledgers);
  new gcp.projects.IAMMember('loadOutput-makes-jobs', {
    project: settings.project,
    role: 'roles/bigquery.jobUser',
    member: identities.loadOutput.member,
  });
}

function createDataset(
  settings: Settings,
  datasetId: string,
  { loadOutput }: Identities,
  roles: Roles,
): void {
  const { location } = settings;
  const staging = stagingDataset(datasetId);
  new gcp.bigquery.Dataset(datasetId, { datasetId, location });
  new gcp.bigquery.Dataset(staging, {
    datasetId: staging,
    location,
    defaultTableExpirationMs: STAGING_KEPT_MS,
  });
  const grant = (id: string, role: Role) =>
    new gcp.bigquery.DatasetIamMember(`loadOutput-${id}`, {
      datasetId: id,
      role: role.name,
      member: loadOutput.member,
    });
  // The published tables are made by this program alone; a publication changes their rows.
  grant(datasetId, roles.rowPublisher);
  grant(staging, roles.tableStager);
}

/** The pipelines of one dataset share a ledger. */
function createLedgers({ pipelines }: Settings): readonly gcp.bigquery.Table[] {
  const ledgers = new Map(pipelines.map(ledgerTable).map((ledger) => [ledger.dataset, ledger]));
  return [...ledgers.values()].map(({ dataset, table: name }) => table(dataset, name, LEDGER_FIELDS));
}

function createTables(settings: Settings, pipeline: Pipeline, ledgers: readonly gcp.bigquery.Table[]): void {
  for (const target of targetsOf(pipeline))
    table(target.table.dataset, target.table.table, publishedFields(target));
  const view = freshnessView(pipeline);
  new gcp.bigquery.Table(
    view.table,
    {
      datasetId: view.dataset,
      tableId: view.table,
      deletionProtection: false,
      view: { query: freshnessQuery(settings.project, pipeline), useLegacySql: false },
    },
    { dependsOn: [...ledgers] },
  );
}

const table = (datasetId: string, tableId: string, fields: readonly Field[]) =>
  new gcp.bigquery.Table(`${datasetId}-${tableId}`, {
    datasetId,
    tableId,
    deletionProtection: true,
    schema: JSON.stringify(fields),
  });
