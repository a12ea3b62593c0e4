// A job as it is kept and shown: its configuration, its state, and what it did.
import type { ErrorProto } from './failures.ts';
import type { LoadStatistics } from './load/load.ts';
import type { Field } from './types.ts';

export interface JobReference {
  readonly projectId: string;
  readonly jobId: string;
  readonly location: string;
}

/** Times are milliseconds since the epoch, UTC. */
export interface Job {
  readonly reference: JobReference;
  readonly caller: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly state: 'PENDING' | 'RUNNING' | 'DONE';
  readonly createdMs: number;
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly errors?: readonly ErrorProto[];
  readonly load?: LoadStatistics;
  readonly query?: {
    readonly statementType: string;
    readonly affectedRows?: number;
    readonly totalRows: number;
    readonly fields: readonly Field[];
    readonly statements: number;
    /** How much a dry run found that there is to read; absent of a job that ran. */
    readonly bytes?: number;
    /** The table of `results` that holds the rows; absent when there are none to page through. */
    readonly resultTable?: string | undefined;
  };
}

export const jobKey = ({ location, jobId }: JobReference): string => `${location.toLowerCase()}.${jobId}`;

/** The job as `jobs.get` answers it. */
export function jobResource(job: Job): object {
  const { reference, configuration } = job;
  const type = configuration['load'] ? 'LOAD' : 'QUERY';
  return {
    kind: 'bigquery#job',
    etag: `"${job.state}-${job.endedMs ?? 0}"`,
    id: `${reference.projectId}:${reference.location}.${reference.jobId}`,
    selfLink: `/bigquery/v2/projects/${reference.projectId}/jobs/${reference.jobId}?location=${reference.location}`,
    user_email: job.caller,
    configuration: { ...configuration, jobType: type },
    jobReference: reference,
    statistics: statistics(job),
    status: {
      state: job.state,
      ...(job.errors ? { errorResult: job.errors[0], errors: job.errors } : {}),
    },
  };
}

/** BigQuery's word for the bytes that a query reads, as the API spells it. */
export const bytesProcessed = ({ query }: Job): string => String(query?.bytes ?? 0);

function statistics(job: Job): object {
  const { query, load } = job;
  return {
    creationTime: String(job.createdMs),
    ...(job.startedMs === undefined ? {} : { startTime: String(job.startedMs) }),
    ...(job.endedMs === undefined ? {} : { endTime: String(job.endedMs) }),
    ...(load ? { load } : {}),
    ...(query
      ? {
          totalBytesProcessed: bytesProcessed(job),
          ...(query.statementType === 'SCRIPT' ? { numChildJobs: String(query.statements) } : {}),
          query: {
            statementType: query.statementType,
            totalBytesProcessed: bytesProcessed(job),
            totalBytesBilled: '0',
            cacheHit: false,
            ...(query.affectedRows === undefined ? {} : { numDmlAffectedRows: String(query.affectedRows) }),
            ...(query.fields.length === 0 ? {} : { schema: { fields: query.fields } }),
          },
        }
      : {}),
  };
}
