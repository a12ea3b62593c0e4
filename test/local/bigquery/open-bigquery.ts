// A local BigQuery on loopback, and the real client that talks to it.
import { BigQuery as Client, type QueryRowsResponse } from '@google-cloud/bigquery';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { type BigQuery, openBigQuery } from '../../../local/bigquery/bigquery.ts';
import { bigqueryRoutes } from '../../../local/bigquery/routes.ts';
import { type Clock, systemClock } from '../../../local/clock.ts';
import { createApi } from '../../../local/http/api.ts';
import { allowAll, type Authorize } from '../../../local/iam/authorize.ts';
import { countedIds } from '../../../local/ids.ts';

process.env['METADATA_SERVER_DETECTION'] = 'none';

export const PROJECT = 'p';

export interface LocalBigQuery {
  readonly folder: string;
  readonly port: number;
  readonly bigquery: BigQuery;
  readonly client: Client;
  /** Puts an object into the bucket `b`. */
  put(name: string, content: string | Uint8Array): string;
  query(sql: string, params?: Record<string, unknown>): Promise<QueryRowsResponse[0]>;
  close(): Promise<void>;
}

export interface BigQueryOptions {
  readonly authorize?: Authorize;
  readonly clock?: Clock;
  readonly folder?: string;
}

/** Opens a local BigQuery with a dataset `ds` in the EU. */
export async function openLocalBigQuery(options: BigQueryOptions = {}): Promise<LocalBigQuery> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'sluice-bigquery-'));
  const pathOf = (bucket: string, name: string) => join(folder, 'objects', bucket, name);
  const bigquery = await openBigQuery({
    file: join(folder, 'p.duckdb'),
    projectId: PROJECT,
    clock: options.clock ?? systemClock,
    newId: countedIds(),
    findObject: (bucket, name) => {
      const found = statSync(pathOf(bucket, name), { throwIfNoEntry: false });
      return found && { path: pathOf(bucket, name), sizeBytes: found.size };
    },
  });
  const api = createApi();
  bigqueryRoutes(api.app, bigquery, options.authorize ?? allowAll);
  const port = await api.listenAs('caller@local');
  await bigquery.ensureDataset({ datasetId: 'ds', location: 'EU' });
  const client = new Client({
    projectId: PROJECT,
    apiEndpoint: `http://127.0.0.1:${port}`,
    autoRetry: false,
  });
  return {
    folder,
    port,
    bigquery,
    client,
    put(name, content) {
      mkdirSync(dirname(pathOf('b', name)), { recursive: true });
      writeFileSync(pathOf('b', name), content);
      return `gs://b/${name}`;
    },
    async query(sql, params) {
      const [rows] = await client.query({ query: sql, location: 'EU', ...(params ? { params } : {}) });
      return rows as QueryRowsResponse[0];
    },
    async close() {
      await api.close();
      await bigquery.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface JobMetadata {
  readonly status: {
    readonly state: string;
    readonly errorResult?: { reason: string; message: string; location?: string };
    readonly errors?: readonly { reason: string; message: string; location?: string }[];
  };
  readonly statistics: {
    readonly load?: Record<string, string>;
    readonly query?: Record<string, string>;
    readonly [field: string]: unknown;
  };
}

const MOST_POLLS = 2000;

/** Makes a job and polls it, as the functions do, until it is done. */
export async function runJob(client: Client, jobId: string, configuration: object): Promise<JobMetadata> {
  const [job] = await client.createJob({ jobId, location: 'EU', configuration });
  for (let polls = 0; polls < MOST_POLLS; polls++) {
    const [metadata] = (await job.getMetadata()) as unknown as [JobMetadata];
    if (metadata.status.state === 'DONE') return metadata;
  }
  throw new Error(`job ${jobId} is not done after ${MOST_POLLS} polls`);
}

/** The configuration of a CSV load into `ds.tableId`. */
export const csvLoad = (uri: string, tableId: string, fields: object[], more: object = {}) => ({
  load: {
    sourceUris: [uri],
    destinationTable: { projectId: PROJECT, datasetId: 'ds', tableId },
    schema: { fields },
    sourceFormat: 'CSV',
    skipLeadingRows: 1,
    writeDisposition: 'WRITE_TRUNCATE',
    ...more,
  },
});
