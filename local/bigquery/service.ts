// BigQuery in the cloud: one DuckDB file, and load jobs that read the bytes of Cloud Storage.
import { join } from 'node:path';
import { keysOf } from '../iam/keys.ts';
import type { Service } from '../service.ts';
import { openBigQuery, type BigQuery } from './bigquery.ts';
import { creators } from './provision.ts';
import { bigqueryRoutes } from './routes.ts';

export const bigquery: Service<BigQuery> = {
  open: ({ agentMay, options: { folder, projectId, clock, newId } }, others) =>
    openBigQuery({
      file: join(folder, 'bigquery', `${projectId}.duckdb`),
      projectId,
      clock,
      newId,
      findObject(bucket, name) {
        const found = others.storage.find(bucket, name);
        return found && { path: found.path, sizeBytes: Number(found.resource.size) };
      },
      useKey: keysOf('bigquery', agentMay),
    }),
  routes: (app, opened, { iam }) => bigqueryRoutes(app, opened, iam.authorize),
  creators,
  close: (opened) => opened.close(),
};
