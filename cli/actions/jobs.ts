// Lists the caller's own jobs, page by page.
import type { JobList } from '../requests/client.ts';
import { clientOf } from '../requests/open.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';

export interface JobsOptions {
  readonly state?: string;
  readonly limit: number;
}

const LARGEST_PAGE = 100;
/** So many jobs as the largest limit, and as many pages without one (law 10). */
const MOST_PAGES = 2_000;

export async function showJobs(sluice: Sluice, target: Target, options: JobsOptions): Promise<void> {
  const found = await listed(target, options);
  sluice.showRows(
    found.map(({ job_id, pipeline, state, done, accepted_at }) => ({
      job: job_id,
      pipeline,
      state,
      done,
      acceptedAt: accepted_at,
    })),
    found.map(({ job_id, state, accepted_at }) => ({
      Job: job_id,
      State: state,
      'Accepted (UTC)': accepted_at.slice(0, 19).replace('T', ' '),
    })),
    options.state === undefined ? 'You have requested no job yet.' : `None of your jobs is ${options.state}.`,
  );
}

async function listed(target: Target, { state, limit }: JobsOptions): Promise<JobList['jobs']> {
  const client = clientOf(target);
  const found: JobList['jobs'] = [];
  let cursor: string | null = null;
  // A page may be empty where its jobs are in other states.
  for (let page = 0; page < MOST_PAGES && found.length < limit; page += 1) {
    const answer: JobList = await client.jobs({
      limit: String(Math.min(LARGEST_PAGE, limit - found.length)),
      ...(state === undefined ? {} : { state }),
      ...(cursor === null ? {} : { cursor }),
    });
    found.push(...answer.jobs);
    cursor = answer.next_cursor;
    if (cursor === null) break;
  }
  return found.slice(0, limit);
}
