// BigQuery behind the warehouse's port, for a function that seldom asks it: its client is loaded with the first query.
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { WarehouseConfig } from './bigquery.ts';
import { lazily, once } from './lazily.ts';

const client = lazily(() => import('./bigquery.ts'));

export function lazyWarehouse(config: WarehouseConfig): Warehouse {
  const whole = once(async () => (await client()).bigqueryWarehouse(config));
  return {
    quoted: ({ dataset, table }) => `\`${config.GOOGLE_CLOUD_PROJECT}.${dataset}.${table}\``,
    load: async (job) => (await whole()).load(job),
    query: async (sql, parameters) => (await whole()).query(sql, parameters),
    script: async (job) => (await whole()).script(job),
    drop: async (table) => (await whole()).drop(table),
  };
}
