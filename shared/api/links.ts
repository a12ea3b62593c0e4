// The paths of one job.
import type { Job } from './schemas.ts';

export const jobPath = (jobId: string): string => `/pipeline/job/${jobId}`;

export const linksOf = (jobId: string): Job['links'] => ({
  self: jobPath(jobId),
  events: `${jobPath(jobId)}/events`,
  cancel: `${jobPath(jobId)}/cancel`,
  result: `${jobPath(jobId)}/result`,
  content: `${jobPath(jobId)}/content`,
});
