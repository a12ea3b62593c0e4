// BigQuery behind the warehouse's port.
import { BigQuery, type Job } from '@google-cloud/bigquery';
import { setTimeout as wait } from 'node:timers/promises';
import { BoundError, messageOf, TransientError } from '../errors.ts';
import type { Columns, TableRef } from '../pipelines/outputs.ts';
import type { LoadAnswer, Parameter, Row, ScriptAnswer, Warehouse } from '../warehouse/warehouse.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure, isNotFound, statusOf } from './failures.ts';
import { verdictOnJob, type Verdict } from './reasons.ts';

export interface WarehouseConfig extends GoogleConfig {
  readonly WAREHOUSE_LOCATION: string;
}

// A job's end is awaited for as long as an event function may run, less the time to record what came of it.
const LONGEST_WAIT_MS = 8 * 60_000;
const FIRST_POLL_MS = 25;
const SLOWEST_POLL_MS = 2000;
// A failed job has used up its id; a transient failure is tried again under the next one. A delivery submits
// no more than this many, and passes over those that earlier deliveries have used up.
const MOST_TRIES = 3;
const MOST_IDS = 100;
// Two transactions on one table are not at fault: one of them is aborted, and does its work after the other.
const MOST_CONFLICTS = 20;
const LONGEST_PAUSE_MS = 1000;
const MOST_ROWS = 200_000;

// A question about a table that may not be read is refused without a word on what that takes.
const TO_ASK = 'bigquery.jobs.create and bigquery.tables.getData';

type Configuration = NonNullable<Parameters<BigQuery['createJob']>[0]['configuration']>;
type JobEnd =
  { readonly kind: 'done'; readonly job: Job } | { readonly kind: 'refused'; readonly reason: string };

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
        () => stands(client, table),
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
        if (isNotFound(error)) throw untilRestored('asking BigQuery', error);
        throw failure('asking BigQuery', error, TO_ASK);
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
        throw failure('asking BigQuery what a statement would read', error, TO_ASK);
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

/** The stream asks for page after page; more rows than a process should hold are an error (law 10). */
async function rowsIn(stream: AsyncIterable<Record<string, unknown>>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const row of stream) {
    if (rows.length === MOST_ROWS) {
      throw new BoundError(`the answer has more than ${MOST_ROWS} rows; ask for fewer, by LIMIT or a total`);
    }
    rows.push(plainRow(row));
  }
  return rows;
}

/** A table or dataset that was dropped is restored by an operator; then the same work succeeds. */
const untilRestored = (doing: string, cause: unknown) =>
  new TransientError(`${doing}: ${messageOf(cause)}`, { cause });

/** The client wraps dates and timestamps in objects of its own; their text is what the port promises. */
const plainRow = (row: Record<string, unknown>): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, cell]) => {
      const wrapped = typeof cell === 'object' && cell !== null && 'value' in cell;
      return [name, (wrapped ? cell.value : cell) as Row[string]];
    }),
  );

/** A staging table is dropped after use and expires by itself, so a load that was done long ago may have to be done again. */
async function stands(client: BigQuery, { dataset, table }: TableRef): Promise<boolean> {
  try {
    const [isThere] = await client.dataset(dataset).table(table).exists();
    return isThere;
  } catch (error) {
    throw failure(`looking for ${dataset}.${table}`, error, 'bigquery.tables.get');
  }
}

/**
 * Brings one piece of work to its end: submits it, or meets the job of that id, and waits (law 3). A job that was
 * done before counts only while what it made still stands; else the work is done anew under the next id.
 */
async function runJob(
  client: BigQuery,
  id: string,
  configurationOf: (jobId: string) => Configuration,
  stillStands: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<JobEnd> {
  let reason = '';
  let tries = 0;
  // Of this delivery, and of all that ever tried; the ids of the others are passed over.
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
    // Until a person has acted, another id would only be used up as well.
    if (error.verdict === 'repairable' && isOwn)
      throw new TransientError(`BigQuery refused ${jobId}: ${reason}`);
    if (error.verdict === 'conflicts') {
      passedOver++;
      if (!isOwn) continue;
      if (++conflicts > MOST_CONFLICTS) break;
      await wait(Math.random() * LONGEST_PAUSE_MS);
    }
    if (error.verdict === 'passes' && isOwn) tries++;
  }
  throw new TransientError(
    `BigQuery failed ${tries} times more at ${id}, after ${conflicts} conflicts: ${reason}`,
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
    // The id is taken: by an earlier delivery, or by this very call, whose answer was lost.
    if (statusOf(error) === 409) return { job: client.job(jobId), isOwn: false };
    if (isOfFailedJob(error, jobId)) return { job: client.job(jobId), isOwn: true };
    if (isNotFound(error)) throw untilRestored(`submitting the BigQuery job ${jobId}`, error);
    throw failure(`submitting the BigQuery job ${jobId}`, error);
  }
}

/** The client throws for a job that had failed by the time of the answer; what came of it is read off the job. */
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
      const looking = `looking at the BigQuery job ${job.id}`;
      // It was submitted: that it is not seen says nothing of its work.
      if (isNotFound(error)) throw new TransientError(`${looking}: it is not there yet`, { cause: error });
      throw failure(looking, error);
    });
    const status = metadata.status as { state: string; errorResult?: JobError; errors?: JobError[] };
    if (status.state === 'DONE') return status.errorResult && failed(status.errorResult, status.errors ?? []);
    await wait(pollMs);
    pollMs = Math.min(pollMs * 1.5, SLOWEST_POLL_MS);
  }
  throw new TransientError(`the BigQuery job ${job.id} had not ended after ${LONGEST_WAIT_MS} ms`);
}

/** The overall error says that there were errors; the first of the others says where. */
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

// The client cannot tell the type of a null, so all types are said.
const typesOf = (parameters: Readonly<Record<string, Parameter>>) => ({
  types: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, typeOf(value)])),
});

function typeOf(value: Parameter): 'BOOL' | 'INT64' | 'FLOAT64' | 'STRING' {
  if (typeof value === 'boolean') return 'BOOL';
  if (typeof value === 'number') return Number.isInteger(value) ? 'INT64' : 'FLOAT64';
  return 'STRING';
}
