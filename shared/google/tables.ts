// BigQuery's tables behind their port: created where they are missing.
import { BigQuery } from '@google-cloud/bigquery';
import { ConfigurationError } from '../errors.ts';
import type { Tables } from '../warehouse/warehouse.ts';
import type { WarehouseConfig } from './bigquery.ts';
import { endpointsOf } from './endpoints.ts';
import { failure, isNotFound, statusOf } from './failures.ts';
import { tableExists } from './table-exists.ts';

/** A new table inherits its dataset's key; Pulumi sets its other properties. */
export function bigqueryTables(config: WarehouseConfig): Tables {
  const projectId = config.GOOGLE_CLOUD_PROJECT;
  const location = config.WAREHOUSE_LOCATION;
  const client = new BigQuery({ projectId, location, ...endpointsOf(config).bigquery });
  return {
    exists: (table) => tableExists(client, table),
    async makeIfMissing({ dataset, table }, shape) {
      const made =
        'query' in shape
          ? { view: { query: shape.query, useLegacySql: false } }
          : { schema: { fields: shape.fields.map((field) => ({ ...field })) } };
      try {
        await client.dataset(dataset).createTable(table, made);
        return true;
      } catch (error) {
        if (statusOf(error) === 409) return false;
        if (isNotFound(error)) throw datasetIsGone(dataset, error);
        throw failure(`creating ${dataset}.${table}`, error);
      }
    },
  };
}

const datasetIsGone = (dataset: string, cause: unknown) =>
  new ConfigurationError(
    `the dataset ${dataset} does not exist. Within 7 days "UNDROP SCHEMA ${dataset}" restores it whole, if no dataset of ` +
      'that name was created since; after that, deploy the release again, then repeat this command. See docs/RESTORE.md',
    { cause },
  );
