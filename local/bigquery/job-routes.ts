// The routes of jobs and of their rows.
import { ApiError, notImplemented, refuseUnknownFields } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import type { BigQuery } from './bigquery.ts';
import { answerOf } from './failures.ts';
import { bytesProcessed, type Job, jobResource } from './jobs.ts';
import { type Call, pageOf, type Route } from './routes.ts';
import { fitting, rowOf } from './rows.ts';
import type { Touched } from './work.ts';
import type { Access } from './sql/scope.ts';

const PERMISSIONS: Readonly<Record<Access, string>> = {
  read: 'bigquery.tables.getData',
  write: 'bigquery.tables.updateData',
  create: 'bigquery.tables.create',
  delete: 'bigquery.tables.delete',
};

const QUERY_FIELDS = [
  'query',
  'useLegacySql',
  'parameterMode',
  'queryParameters',
  'defaultDataset',
  'continuous',
];
const HOW_TO_ANSWER = [
  'kind',
  'location',
  'labels',
  'requestId',
  'formatOptions',
  'maxResults',
  'timeoutMs',
  'jobTimeoutMs',
  'dryRun',
  'useQueryCache',
  'jobCreationMode',
];

const DEFAULT_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 200_000;
const LARGEST_PAGE = 20_000;
const JOBS_PAGE = 50;

export function jobRoutes(bigquery: BigQuery, authorize: Authorize): Route[] {
  const { projectId, jobs } = bigquery;
  const mayMakeJobs = (caller: string) => authorize(caller, 'bigquery.jobs.create', `projects/${projectId}`);
  const touchedBy =
    (caller: string): Touched =>
    ({ datasetId, tableId }, access) => {
      const dataset = `projects/${projectId}/datasets/${datasetId}`;
      // A table that is to be made is asked of its dataset.
      authorize(caller, PERMISSIONS[access], access === 'create' ? dataset : `${dataset}/tables/${tableId}`);
    };

  const insert = async ({ caller, body }: Call) => {
    mayMakeJobs(caller);
    refuseUnknownFields('job', body, [
      'configuration',
      'jobReference',
      'kind',
      'id',
      'etag',
      'status',
      'statistics',
    ]);
    const configuration = (body['configuration'] ?? {}) as Record<string, unknown>;
    const reference = (body['jobReference'] ?? {}) as { jobId?: string; location?: string };
    const request = { caller, configuration, location: reference.location };
    if (configuration['dryRun']) return jobResource(await jobs.dryRun(request, touchedBy(caller)));
    return jobResource(
      await jobs.insert(
        { ...request, jobId: reference.jobId ?? `job_${bigquery.newId()}` },
        touchedBy(caller),
      ),
    );
  };

  const query = async ({ caller, body }: Call) => {
    mayMakeJobs(caller);
    refuseUnknownFields('query', body, [...QUERY_FIELDS, ...HOW_TO_ANSWER]);
    const { location, requestId, maxResults, timeoutMs, formatOptions, dryRun, labels } = body;
    const asked = Object.entries(body).filter(([field]) => QUERY_FIELDS.includes(field));
    const configuration = { query: Object.fromEntries(asked), ...(labels ? { labels } : {}) };
    const request = { caller, configuration, location: location as string | undefined };
    if (dryRun) return queryResults(await jobs.dryRun(request, touchedBy(caller)), false, {});
    // The same request again finds the job that the first one made.
    const jobId = requestId
      ? `request_${String(requestId).replaceAll(/[^\w-]/g, '_')}`
      : `job_${bigquery.newId()}`;
    const inserted = await jobs.insert({ ...request, jobId }, touchedBy(caller)).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 409 && requestId) return undefined;
      throw error;
    });
    const waited = await jobs.wait(jobId, inserted?.reference.location, waitOf(timeoutMs));
    const int64 = (formatOptions as { useInt64Timestamp?: boolean } | undefined)?.useInt64Timestamp === true;
    return {
      ...(await queryResults(
        waited,
        int64,
        maxResults === undefined ? {} : { maxResults: String(maxResults) },
      )),
      kind: 'bigquery#queryResponse',
    };
  };

  /** What `getQueryResults` answers: a page when the job is done, its error when it failed. */
  const queryResults = async (job: Job, int64: boolean, paging: Call['query']) => {
    const shared = {
      kind: 'bigquery#getQueryResultsResponse',
      jobReference: job.reference,
      jobComplete: job.state === 'DONE',
    };
    if (job.state !== 'DONE') return shared;
    if (job.errors) throw answerOf(job.errors[0]!);
    if (job.query === undefined)
      throw new ApiError(400, 'invalidQuery', 'Cannot read the rows of a job that is not a query');
    const { start, size } = pageOf(paging, LARGEST_PAGE);
    const { resultTable, totalRows, fields, affectedRows } = job.query;
    const read =
      resultTable === undefined || size === 0 ? [] : await bigquery.page({ resultTable }, start, size);
    const rows = fitting(read.map((row) => rowOf(row, int64)));
    const next = start + rows.length;
    return {
      ...shared,
      schema: { fields },
      totalRows: String(totalRows),
      totalBytesProcessed: bytesProcessed(job),
      cacheHit: false,
      ...(rows.length > 0 ? { rows } : {}),
      ...(next < totalRows ? { pageToken: String(next) } : {}),
      ...(affectedRows === undefined ? {} : { numDmlAffectedRows: String(affectedRows) }),
    };
  };

  return [
    { id: 'jobs.insert', method: 'POST', path: 'projects/{projectId}/jobs', handle: insert },
    { id: 'jobs.query', method: 'POST', path: 'projects/{projectId}/queries', handle: query },
    {
      id: 'jobs.get',
      method: 'GET',
      path: 'projects/{projectId}/jobs/{jobId}',
      query: ['location'],
      handle: async ({ caller, params, query: asked }) => {
        mayMakeJobs(caller);
        return jobResource(await jobs.get(params['jobId']!, asked['location']));
      },
    },
    {
      id: 'jobs.cancel',
      method: 'POST',
      path: 'projects/{projectId}/jobs/{jobId}/cancel',
      query: ['location'],
      handle: async ({ caller, params, query: asked }) => {
        mayMakeJobs(caller);
        return {
          kind: 'bigquery#jobCancelResponse',
          job: jobResource(await jobs.cancel(params['jobId']!, asked['location'])),
        };
      },
    },
    {
      id: 'jobs.list',
      method: 'GET',
      path: 'projects/{projectId}/jobs',
      query: ['maxResults', 'pageToken', 'projection', 'allUsers', 'stateFilter'],
      handle: async ({ caller, query: asked }) => {
        authorize(caller, 'bigquery.jobs.list', `projects/${projectId}`);
        if (asked['stateFilter']) throw notImplemented('stateFilter');
        const { start, size } = pageOf(asked, JOBS_PAGE);
        const listed = await jobs.list(size + 1, start);
        return {
          kind: 'bigquery#jobList',
          jobs: listed.slice(0, size).map((job) => ({
            ...jobResource(job),
            state: job.state,
            ...(job.errors ? { errorResult: job.errors[0] } : {}),
          })),
          ...(listed.length > size ? { nextPageToken: String(start + size) } : {}),
        };
      },
    },
    {
      id: 'jobs.getQueryResults',
      method: 'GET',
      path: 'projects/{projectId}/queries/{jobId}',
      query: [
        'location',
        'maxResults',
        'pageToken',
        'startIndex',
        'timeoutMs',
        'formatOptions.useInt64Timestamp',
      ],
      handle: async ({ caller, params, query: asked }) => {
        mayMakeJobs(caller);
        const job = await jobs.wait(params['jobId']!, asked['location'], waitOf(asked['timeoutMs']));
        return queryResults(job, asked['formatOptions.useInt64Timestamp'] === 'true', asked);
      },
    },
  ];
}

const waitOf = (timeoutMs: unknown): number =>
  Math.min(Number(timeoutMs ?? DEFAULT_WAIT_MS), LONGEST_WAIT_MS);
