// Follows a job to its end, by polls that wait for a change.
import { BoundError } from '../../shared/errors.ts';
import type { Job } from '../../shared/api/schemas.ts';
import type { RequestsClient } from './client.ts';

export interface Following {
  /** Called with the job at first, and at each change. */
  readonly onJob: (job: Job) => void;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

const WAIT_SECONDS = 20;
/** A request waits at most 31 days, and then runs (law 10). */
const LONGEST_MS = 35 * 24 * 60 * 60 * 1000;
const LONGEST_PAUSE_MS = 10_000;

/** Rejects with the reason of the signal when it is aborted; the job goes on. */
export async function followed(
  client: Pick<RequestsClient, 'poll'>,
  id: string,
  { onJob, signal, now, pause }: Following,
): Promise<Job> {
  const startedMs = now();
  let etag: string | undefined;
  while (now() - startedMs < LONGEST_MS) {
    signal.throwIfAborted();
    const askedMs = now();
    // The first answer is shown at once, and the others wait for a change of it.
    const wait = etag === undefined ? {} : { etag, waitSeconds: WAIT_SECONDS };
    const polled = await client.poll(id, { ...wait, signal });
    if (polled.kind === 'job') {
      etag = polled.etag;
      onJob(polled.job);
      if (polled.job.done) return polled.job;
    }
    // An answer that did not wait for a change would make this loop a storm.
    const waited = now() - askedMs;
    const pauseMs = Math.min(polled.retryAfterMs, LONGEST_PAUSE_MS) - waited;
    if (pauseMs > 0) await pause(pauseMs);
  }
  throw new BoundError(`the job ${id} has not ended after ${LONGEST_MS / 86_400_000} days`);
}
