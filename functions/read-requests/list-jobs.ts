// GET /pipeline/jobs: the caller's own jobs, newest first.
import { z } from 'zod';
import type { AskedBy } from '../../shared/api/asked.ts';
import { stateOf, isDone } from '../../shared/api/job-view.ts';
import { linksOf } from '../../shared/api/links.ts';
import { ApiProblem } from '../../shared/api/problems.ts';
import type { JobList, JobState } from '../../shared/api/schemas.ts';
import { concurrently } from '../../shared/concurrently.ts';
import { answered, type Answer } from '../../shared/http/call.ts';
import { jobObject, jobsPrefix, ownerHash, parseJobId, queuePrefix } from '../../shared/requests/names.ts';
import type { Ports } from './ports.ts';

interface Query {
  readonly state?: JobState | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const READ_AT_ONCE = 8;
/** A page with a filter looks at so many jobs at most; then it may have fewer, and a cursor. */
const MOST_READ = 200;

/**
 * The index has the jobs that start-run has taken over; those that wait for it are in the queue. Both are listed, and
 * merged by the names of the index, which begin with the newest.
 */
export async function listJobs(asked: AskedBy, ports: Ports): Promise<Answer> {
  const { state, cursor, limit } = asked.query as Query;
  const owner = ownerHash(asked.caller);
  const after = cursor === undefined ? undefined : nameIn(cursor, owner);
  const most = state === undefined ? limit : MOST_READ;
  const names = await namesAfter(owner, after, most + 1, ports);
  const read = await concurrently(names.slice(0, most), READ_AT_ONCE, (name) => jobAt(name, ports));
  const jobs: Listed[] = [];
  let last = names.length > most ? names[most - 1] : undefined;
  for (const [index, job] of read.entries()) {
    if (job === undefined || (state !== undefined && job.state !== state)) continue;
    if (jobs.length === limit) {
      last = names[index - 1];
      break;
    }
    jobs.push(job);
  }
  return answered({ jobs, next_cursor: last === undefined ? null : cursorOf(owner, last) });
}

type Listed = JobList['jobs'][number];

async function namesAfter(
  owner: string,
  after: string | undefined,
  most: number,
  { requests, access }: Ports,
): Promise<readonly string[]> {
  // The name itself was shown; the next one is behind it.
  const from = after === undefined ? undefined : `${after}\u0000`;
  const [indexed, ...queued] = await Promise.all([
    requests.first(jobsPrefix(owner), most, from),
    ...access.names().map(async (pipeline) => {
      const entries = await requests.list(queuePrefix(pipeline, owner), MOST_WAITING);
      return entries.map(({ name, metadata }) => {
        const run = name.slice(name.lastIndexOf('/') + 1);
        return jobObject(pipeline, run, Date.parse(metadata['accepted-at'] ?? ''));
      });
    }),
  ]);
  const waiting = queued.flat().filter((name) => after === undefined || name > after);
  return [...new Set([...indexed.map(({ name }) => name), ...waiting])].sort().slice(0, most);
}

/** More than a pipeline may allow (`waitingPerOwner`). */
const MOST_WAITING = 20_000;

async function jobAt(name: string, { reader }: Ports): Promise<Listed | undefined> {
  const id = /\/\d{13}-([^/]+)$/.exec(name)?.[1] ?? '';
  const key = parseJobId(id);
  const objects = key === undefined ? undefined : await reader.read(key.pipeline, key.run);
  if (objects === undefined) return undefined;
  return {
    job_id: id,
    pipeline: objects.pipeline,
    accepted_at: objects.record.acceptedAt,
    state: stateOf(objects),
    done: isDone(objects),
    links: linksOf(id),
  };
}

const cursorForm = z.strictObject({ o: z.string(), n: z.string().max(300) });

const cursorOf = (owner: string, name: string): string =>
  Buffer.from(JSON.stringify({ o: owner, n: name })).toString('base64url');

/** A cursor is of its owner: another's is refused before anything is read. */
function nameIn(cursor: string, owner: string): string {
  try {
    const read = cursorForm.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (read.o === owner && read.n.startsWith(jobsPrefix(owner))) return read.n;
  } catch {
    // Answered below.
  }
  throw new ApiProblem(
    'cursor-invalid',
    'The cursor is not one that this list gave to this caller; begin without one.',
    { errors: [{ in: 'query', pointer: '/cursor', detail: 'expected a next_cursor' }] },
  );
}
