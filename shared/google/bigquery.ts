// BigQuery behind the warehouse's port.
import { BigQuery, type Job } from '@google-cloud/bigquery';
import { setTimeout as wait } from 'node:timers/promises';
import { BoundError, messageOf, TransientError } from '../errors.ts';
import type { Columns, TableRef } from '../pipelines/outputs.ts';
import type { LoadAnswer, Parameter, Row, ScriptAnswer, Warehouse } from '../warehouse/warehouse.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure, isNotFound, statusOf } from './failures.ts';
import { tableExists } from './table-exists.ts';
import { verdictOnJob, type Verdict } from './reasons.ts';

export interface WarehouseConfig extends GoogleConfig {
  readonly WAREHOUSE_LOCATION: string;
}

// A function waits for a job as long as an event function may run, less the time to record the result.
const LONGEST_WAIT_MS = 8 * 60_000;
const FIRST_POLL_MS = 25;
const SLOWEST_POLL_MS = 2000;
// A failed job has used its id; a transient failure is retried under the next one. A delivery submits at most this
// many, and skips the ids that earlier deliveries have used.
const MOST_TRIES = 3;
const MOST_IDS = 100;
// Two transactions on one table are no error: BigQuery aborts one of them, and it is repeated after the other.
const MOST_CONFLICTS = 20;
const LONGEST_PAUSE_MS = 1000;
const MOST_ROWS = 200_000;

// BigQuery does not name the missing right when it refuses a query.
const QUERY_RIGHTS = 'bigquery.jobs.create and bigquery.tables.getData';

type Configuration = NonNullable<Parameters<BigQuery['createJob']>[0]['configuration']>;
type JobEnd =
  | { readonly kind: 'done'; readonly job: Job }
  | { readonly kind: 'refused'; readonly reason: string };

export function bigqueryWarehouse(config: WarehouseConfig): Warehouse {
  const projectId = config.GOOGLE_CLOUD_PROJECT;
  const client = new BigQuery({
    projectId,
    location: config.WAREHOUSE_LOCATION,
    ...endpointsOf(config).bigquery,
  });
  return {
    quoted: ({ dataset, table }) => `\`${projectId}.${dataset}.${table}\``,
    async load({ id, uri, table, columns }): Promise<LoadAnswer> {
      const configuration = { load: loadConfiguration(projectId, uri, table, columns) };
      const end = await runJob(
        client,
        id,
        () => configuration,
        // A staging table is dropped after use and expires, so a load that ended long ago may have to be repeated.
        () => tableExists(client, table),
      );
      if (end.kind === 'refused') return end;
      const { metadata, id: job = id } = end.job;
      return { kind: 'loaded', rows: Number(metadata.statistics.load.outputRows), job };
    },
    async query(sql, parameters): Promise<readonly Row[]> {
      try {
        return await rowsIn(
          client.createQueryStream({ query: sql, params: parameters, ...typesOf(parameters) }),
        );
      } catch (error) {
        if (error instanceof BoundError) throw error;
        if (isNotFound(error)) throw untilRestored('querying BigQuery', error);
        throw failure('querying BigQuery', error, QUERY_RIGHTS);
      }
    },
    async script({ id, sql, parameters }): Promise<ScriptAnswer> {
      return runJob(client, id, (job_id) => ({ query: queryConfiguration(sql, { ...parameters, job_id }) }));
    },
    async bytesOf(sql, parameters) {
      try {
        const configuration = { dryRun: true, query: queryConfiguration(sql, parameters) };
        const [{ metadata }] = await client.createJob({ configuration });
        return Number(metadata.statistics.totalBytesProcessed);
      } catch (error) {
        throw failure('estimating the bytes of a statement in BigQuery', error, QUERY_RIGHTS);
      }
    },
    async drop({ dataset, table }) {
      try {
        await client.dataset(dataset).table(table).delete({ ignoreNotFound: true });
      } catch (error) {
        throw failure(`dropping ${dataset}.${table}`, error);
      }
    },
  };
}

/** The stream reads page after page; more rows than a process should hold are an error (law 10). */
async function rowsIn(stream: AsyncIterable<Record<string, unknown>>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const row of stream) {
    if (rows.length === MOST_ROWS) {
      throw new BoundError(`the query returned more than ${MOST_ROWS} rows; limit it or aggregate`);
    }
    rows.push(plainRow(row));
  }
  return rows;
}

/** A table or dataset that was dropped is restored by an operator; then the same work succeeds. */
const untilRestored = (doing: string, cause: unknown) =>
  new TransientError(`${doing}: ${messageOf(cause)}`, { cause, code: 'TABLE_MISSING' });

/** The client wraps dates and timestamps in objects of its own; the port returns their text. */
const plainRow = (row: Record<string, unknown>): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, cell]) => {
      const wrapped = typeof cell === 'object' && cell !== null && 'value' in cell;
      return [name, (wrapped ? cell.value : cell) as Row[string]];
    }),
  );

/**
 * Runs one piece of work to its end: submits it, or attaches to the job of that id, and waits (law 3). A job that ended
 * before counts only while its result still exists; otherwise the work is repeated under the next id.
 */
async function runJob(
  client: BigQuery,
  id: string,
  configurationOf: (jobId: string) => Configuration,
  stillStands: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<JobEnd> {
  let reason = '';
  let tries = 0;
  // Conflicts of this delivery, and those of all deliveries, whose ids are skipped.
  let conflicts = 0;
  let passedOver = 0;
  for (let number = 1; number - passedOver <= MOST_IDS && tries < MOST_TRIES; number++) {
    const jobId = `${id}-${number}`;
    const { job, isOwn } = await submitOrMeet(client, jobId, configurationOf(jobId));
    const error = await endOf(job);
    if (error === undefined && (isOwn || (await stillStands()))) return { kind: 'done', job };
    if (error === undefined) continue;
    reason = error.message;
    if (error.verdict === 'final') return { kind: 'refused', reason };
    // Until an operator has acted, another id would fail as well.
    if (error.verdict === 'repairable' && isOwn)
      throw new TransientError(`BigQuery refused ${jobId}: ${reason}`, { code: 'PERMISSION_DENIED' });
    if (error.verdict === 'conflicts') {
      passedOver++;
      if (!isOwn) continue;
      if (++conflicts > MOST_CONFLICTS) break;
      await wait(Math.random() * LONGEST_PAUSE_MS);
    }
    if (error.verdict === 'passes' && isOwn) tries++;
  }
  throw new TransientError(
    `BigQuery failed ${tries} times at ${id}, after ${conflicts} conflicts; the next delivery tries again: ${reason}`,
    { code: 'SERVICE_UNAVAILABLE' },
  );
}

async function submitOrMeet(
  client: BigQuery,
  jobId: string,
  configuration: Configuration,
): Promise<{ readonly job: Job; readonly isOwn: boolean }> {
  try {
    const [job] = await client.createJob({ jobId, configuration });
    return { job, isOwn: true };
  } catch (error) {
    // The id is taken: by an earlier delivery, or by this call, whose answer was lost.
    if (statusOf(error) === 409) return { job: client.job(jobId), isOwn: false };
    if (isOfFailedJob(error, jobId)) return { job: client.job(jobId), isOwn: true };
    if (isNotFound(error)) throw untilRestored(`submitting the BigQuery job ${jobId}`, error);
    throw failure(`submitting the BigQuery job ${jobId}`, error);
  }
}

/** The client throws for a job that had failed by the time of the answer; the error is read from the job. */
function isOfFailedJob(error: unknown, jobId: string): boolean {
  const { response } = (error ?? {}) as { response?: { jobReference?: { jobId?: unknown } } };
  return response?.jobReference?.jobId === jobId;
}

interface JobError {
  readonly reason: string;
  readonly message: string;
}

interface Failed {
  readonly message: string;
  readonly verdict: Verdict;
}

async function endOf(job: Job): Promise<Failed | undefined> {
  const startMs = performance.now();
  let pollMs = FIRST_POLL_MS;
  while (performance.now() - startMs < LONGEST_WAIT_MS) {
    const [metadata] = await job.getMetadata().catch((error: unknown) => {
      const reading = `reading the BigQuery job ${job.id}`;
      // It was submitted, so it may run although BigQuery does not list it yet.
      if (isNotFound(error))
        throw new TransientError(`${reading}: BigQuery does not list it yet`, { cause: error });
      throw failure(reading, error);
    });
    const status = metadata.status as { state: string; errorResult?: JobError; errors?: JobError[] };
    if (status.state === 'DONE') return status.errorResult && failed(status.errorResult, status.errors ?? []);
    await wait(pollMs);
    pollMs = Math.min(pollMs * 1.5, SLOWEST_POLL_MS);
  }
  throw new TransientError(
    `the BigQuery job ${job.id} had not ended after ${LONGEST_WAIT_MS} ms; the next delivery waits again`,
    { code: 'SERVICE_UNAVAILABLE' },
  );
}

/** The overall error may only count the errors; the first of the others has the place. */
function failed(result: JobError, errors: readonly JobError[]): Failed {
  const detail = errors.find((error) => error.message !== result.message);
  return { message: detail?.message ?? result.message, verdict: verdictOnJob(result, errors) };
}

const loadConfiguration = (projectId: string, uri: string, table: TableRef, columns: Columns) => ({
  sourceUris: [uri],
  destinationTable: { projectId, datasetId: table.dataset, tableId: table.table },
  schema: { fields: Object.entries(columns).map(([name, { type }]) => ({ name, type, mode: 'NULLABLE' })) },
  sourceFormat: 'CSV',
  skipLeadingRows: 1,
  allowQuotedNewlines: true,
  maxBadRecords: 0,
  encoding: 'UTF-8',
  writeDisposition: 'WRITE_TRUNCATE',
  createDisposition: 'CREATE_IF_NEEDED',
});

const queryConfiguration = (sql: string, parameters: Readonly<Record<string, Parameter>>) => ({
  query: sql,
  useLegacySql: false,
  parameterMode: 'NAMED',
  queryParameters: Object.entries(parameters).map(([name, value]) => ({
    name,
    parameterType: { type: typeOf(value) },
    parameterValue: value === null ? {} : { value: String(value) },
  })),
});

// The client cannot infer the type of a null, so all types are given.
const typesOf = (parameters: Readonly<Record<string, Parameter>>) => ({
  types: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, typeOf(value)])),
});

function typeOf(value: Parameter): 'BOOL' | 'INT64' | 'FLOAT64' | 'STRING' {
  if (typeof value === 'boolean') return 'BOOL';
  if (typeof value === 'number') return Number.isInteger(value) ? 'INT64' : 'FLOAT64';
  return 'STRING';
}
