// GET /pipeline/job/{id}/events: the job at each change, as server-sent events, until it is done or 55 s have passed.
import type { AskedBy } from '../../shared/api/asked.ts';
import { ApiProblem } from '../../shared/api/problems.ts';
import type { Answer, StreamedAnswer } from '../../shared/http/call.ts';
import type { JobKey } from '../../shared/api/access.ts';
import { jobNow, type JobNow } from './job-now.ts';
import type { Ports } from './ports.ts';

/** Load balancers and proxies cut idle or long answers after 60 s. */
const LONGEST_MS = 55_000;
const POLL_MS = 1000;
const COMMENT_EVERY_MS = 15_000;
const RECONNECT_MS = 1000;

/** A client that reconnects sends the id of its last event, and receives what differs from it. */
export async function followJob(asked: AskedBy, ports: Ports): Promise<Answer | StreamedAnswer> {
  const job = ports.access.toJob(asked.caller, asked.params['id'] ?? '');
  const lastId = asked.distinct['last-event-id']?.[0];
  const first = await jobNow(job, ports);
  if (first.view.done && first.tag === lastId)
    return { status: 204, headers: { 'cache-control': 'no-store' }, text: '' };
  if (!ports.followers.enter())
    throw new ApiProblem('rate-limited', 'This instance follows as many jobs as it can; poll the job.', {
      headers: { 'retry-after': '5' },
    });
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  };
  return { status: 200, headers, pieces: events(job, first, lastId, ports) };
}

async function* events(
  job: JobKey,
  first: JobNow,
  lastId: string | undefined,
  ports: Ports,
): AsyncGenerator<string> {
  const endMs = ports.now() + LONGEST_MS;
  let commentMs = ports.now() + COMMENT_EVERY_MS;
  let sent = lastId;
  let now = first;
  try {
    yield `retry: ${RECONNECT_MS}\n\n`;
    for (;;) {
      if (now.tag !== sent) {
        sent = now.tag;
        yield eventOf(now);
      }
      if (now.view.done || ports.now() >= endMs) return;
      await ports.wait(Math.min(POLL_MS, Math.max(0, endMs - ports.now())));
      if (ports.now() >= commentMs) {
        commentMs = ports.now() + COMMENT_EVERY_MS;
        // So that a lost connection is noticed, and an idle one is kept.
        yield ': still here\n\n';
      }
      now = await jobNow(job, ports);
    }
  } finally {
    ports.followers.leave();
  }
}

/** JSON has no line breaks, so the job is one line. */
const eventOf = ({ view, tag }: JobNow): string =>
  `id: ${tag}\nevent: job\ndata: ${JSON.stringify(view)}\n\n`;
