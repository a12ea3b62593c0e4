// What `getQueryResults` answers: a page of a query's rows, or why there are none.
import { ApiError } from '../http/errors.ts';
import type { BigQuery } from './bigquery.ts';
import { answerOf } from './failures.ts';
import { bytesProcessed, type Job } from './jobs.ts';
import { type Call, pageOf } from './route.ts';
import { fitting, rowOf } from './rows.ts';

const LARGEST_PAGE = 20_000;

/** A page when the job is done, its error when it failed. */
export async function queryResults(bigquery: BigQuery, job: Job, int64: boolean, paging: Call['query']) {
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
}
