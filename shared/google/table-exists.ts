// Whether a table or a view of BigQuery exists.
import type { BigQuery } from '@google-cloud/bigquery';
import type { TableRef } from '../pipelines/outputs.ts';
import { failure } from './failures.ts';

export async function tableExists(client: BigQuery, { dataset, table }: TableRef): Promise<boolean> {
  try {
    const [exists] = await client.dataset(dataset).table(table).exists();
    return exists;
  } catch (error) {
    throw failure(`checking whether ${dataset}.${table} exists`, error, 'bigquery.tables.get');
  }
}
