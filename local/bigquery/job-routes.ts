// The routes of jobs and of their rows.
import { ApiError, notImplemented, refuseUnknownFields } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import type { BigQuery } from './bigquery.ts';
import { jobResource } from './jobs.ts';
import { queryResults } from './results.ts';
import { type Call, type Handler, pageOf, type Route } from './route.ts';
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
const JOBS_PAGE = 50;

export function jobRoutes(bigquery: BigQuery, authorize: Authorize): Route[] {
  const rights = rightsOf(bigquery, authorize);
  return [
    ...submittingRoutes(bigquery, rights),
    ...readingRoutes(bigquery, rights),
    ...listingRoutes(bigquery, authorize),
  ];
}

type Rights = ReturnType<typeof rightsOf>;

function rightsOf({ projectId }: BigQuery, authorize: Authorize) {
  const mayMakeJobs = (caller: string) => authorize(caller, 'bigquery.jobs.create', `projects/${projectId}`);
  const touchedBy =
    (caller: string): Touched =>
    ({ datasetId, tableId }, access) => {
      const dataset = `projects/${projectId}/datasets/${datasetId}`;
      // A table that is to be made is asked of its dataset.
      authorize(caller, PERMISSIONS[access], access === 'create' ? dataset : `${dataset}/tables/${tableId}`);
    };

  return { mayMakeJobs, touchedBy };
}

const submittingRoutes = (bigquery: BigQuery, rights: Rights): Route[] => [
  {
    id: 'jobs.insert',
    method: 'POST',
    path: 'projects/{projectId}/jobs',
    handle: inserting(bigquery, rights),
  },
  {
    id: 'jobs.query',
    method: 'POST',
    path: 'projects/{projectId}/queries',
    handle: querying(bigquery, rights),
  },
];

const inserting =
  ({ jobs, newId }: BigQuery, { mayMakeJobs, touchedBy }: Rights): Handler =>
  async ({ caller, body }: Call) => {
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
      await jobs.insert({ ...request, jobId: reference.jobId ?? `job_${newId()}` }, touchedBy(caller)),
    );
  };

const querying =
  (bigquery: BigQuery, { mayMakeJobs, touchedBy }: Rights): Handler =>
  async ({ caller, body }: Call) => {
    const { jobs } = bigquery;
    mayMakeJobs(caller);
    refuseUnknownFields('query', body, [...QUERY_FIELDS, ...HOW_TO_ANSWER]);
    const { location, requestId, maxResults, timeoutMs, formatOptions, dryRun, labels } = body;
    const asked = Object.entries(body).filter(([field]) => QUERY_FIELDS.includes(field));
    const configuration = { query: Object.fromEntries(asked), ...(labels ? { labels } : {}) };
    const request = { caller, configuration, location: location as string | undefined };
    if (dryRun) return queryResults(bigquery, await jobs.dryRun(request, touchedBy(caller)), false, {});
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
        bigquery,
        waited,
        int64,
        maxResults === undefined ? {} : { maxResults: String(maxResults) },
      )),
      kind: 'bigquery#queryResponse',
    };
  };

const readingRoutes = (bigquery: BigQuery, { mayMakeJobs }: Rights): Route[] => [
  {
    id: 'jobs.get',
    method: 'GET',
    path: 'projects/{projectId}/jobs/{jobId}',
    query: ['location'],
    handle: async ({ caller, params, query: asked }) => {
      mayMakeJobs(caller);
      return jobResource(await bigquery.jobs.get(params['jobId']!, asked['location']));
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
        job: jobResource(await bigquery.jobs.cancel(params['jobId']!, asked['location'])),
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
      const job = await bigquery.jobs.wait(params['jobId']!, asked['location'], waitOf(asked['timeoutMs']));
      return queryResults(bigquery, job, asked['formatOptions.useInt64Timestamp'] === 'true', asked);
    },
  },
];

const listingRoutes = ({ projectId, jobs }: BigQuery, authorize: Authorize): Route[] => [
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
];

const waitOf = (timeoutMs: unknown): number =>
  Math.min(Number(timeoutMs ?? DEFAULT_WAIT_MS), LONGEST_WAIT_MS);
