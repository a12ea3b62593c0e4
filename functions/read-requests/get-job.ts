// GET /pipeline/job/{id}: the job, 304 where the caller knows it, or after a wait for its next change.
import type { AskedBy } from '../../shared/api/asked.ts';
import { retryAfterOf } from '../../shared/api/job-view.ts';
import { answered, type Answer } from '../../shared/http/call.ts';
import { jobNow, type JobNow } from './job-now.ts';
import type { Ports } from './ports.ts';

const LONGEST_WAIT_S = 20;
const POLL_MS = 1000;

export async function getJob(asked: AskedBy, ports: Ports): Promise<Answer> {
  const job = ports.access.toJob(asked.caller, asked.params['id'] ?? '');
  const known = tagsIn(asked.headers['if-none-match']);
  const wantedS = waitIn(asked.distinct['prefer']);
  const first = await jobNow(job, ports);
  const waits = wantedS > 0 && !first.view.done && (known.size === 0 || known.has(first.tag));
  if (!waits) return answerJob(first, known, false, ports);
  const isFollowing = ports.followers.enter();
  // Too many wait in this instance: the caller polls.
  if (!isFollowing) return answerJob(first, known, false, ports);
  try {
    const last = await changed(first, ports.now() + wantedS * 1000, () => jobNow(job, ports), ports);
    return answerJob(last, known, true, ports);
  } finally {
    ports.followers.leave();
  }
}

/** The job once it is shown differently, or as it is at the end of the wait. */
async function changed(first: JobNow, untilMs: number, read: () => Promise<JobNow>, ports: Ports) {
  let now = first;
  while (now.tag === first.tag && ports.now() < untilMs) {
    await ports.wait(Math.min(POLL_MS, untilMs - ports.now()));
    now = await read();
  }
  return now;
}

function answerJob({ view, tag }: JobNow, known: ReadonlySet<string>, waited: boolean, ports: Ports): Answer {
  const headers: Record<string, string> = { etag: `"${tag}"`, 'cache-control': 'private, no-cache' };
  if (!view.done) headers['retry-after'] = String(retryAfterOf(view.accepted_at, ports.now()));
  if (waited) headers['preference-applied'] = 'wait';
  return known.has(tag) ? { status: 304, headers, text: '' } : answered(view, 200, headers);
}

/** A proxy may have made a tag weak; what it names is the same. */
const tagsIn = (header: string | undefined): ReadonlySet<string> =>
  new Set([...(header ?? '').matchAll(/"([^"]{1,64})"/g)].map(([, tag]) => tag ?? ''));

function waitIn(prefer: readonly string[] | undefined): number {
  const seconds = Number(/(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])/i.exec((prefer ?? []).join(','))?.[1] ?? 0);
  return Math.min(LONGEST_WAIT_S, seconds);
}
