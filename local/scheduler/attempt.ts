// One attempt of a scheduled job: the request that Cloud Scheduler makes, and how it was answered.
import type { Clock } from '../clock.ts';
import { durationMs } from '../pubsub/durations.ts';
import type { MintIdToken } from '../pubsub/pubsub.ts';
import type { Job } from './job.ts';

/** Sends a request and gives the HTTP status; rejects when no answer came. */
export type Send = (request: {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | Buffer;
  timeoutMs: number;
  signal?: AbortSignal;
}) => Promise<number>;

export interface Attempt {
  readonly atMs: number;
  readonly succeeded: boolean;
  /** HTTP; 0 when no answer came. */
  readonly status: number;
}

/** Never rejects. The attempt deadline is counted on the clock that is given. */
export async function attempt(o: {
  job: Job;
  scheduleMs: number;
  clock: Clock;
  send: Send;
  mintIdToken: MintIdToken;
  abort: AbortController;
}): Promise<Attempt> {
  const atMs = o.clock.now();
  const timeoutMs = durationMs('attempt_deadline', o.job.attemptDeadline);
  const late = Promise.withResolvers<number>();
  const cancel = o.clock.at(atMs + timeoutMs, () => {
    o.abort.abort();
    late.resolve(0);
  });
  const answer = send(o, timeoutMs).catch(() => 0);
  const status = await Promise.race([answer, late.promise]);
  cancel();
  return { atMs, status, succeeded: status >= 200 && status < 300 };
}

async function send(o: Parameters<typeof attempt>[0], timeoutMs: number): Promise<number> {
  const { name, httpTarget } = o.job;
  const headers: Record<string, string> = {
    'content-type': 'application/octet-stream',
    ...lowerCased(httpTarget.headers ?? {}),
    'user-agent': 'Google-Cloud-Scheduler',
    'x-cloudscheduler': 'true',
    'x-cloudscheduler-jobname': name.split('/').at(-1) ?? '',
    'x-cloudscheduler-scheduletime': new Date(o.scheduleMs).toISOString().replace('.000Z', 'Z'),
  };
  const oidc = httpTarget.oidcToken;
  if (oidc !== undefined) {
    const token = await o.mintIdToken(oidc.serviceAccountEmail, oidc.audience || httpTarget.uri);
    headers['authorization'] = `Bearer ${token}`;
  }
  const body = Buffer.from(httpTarget.body ?? '', 'base64');
  const { httpMethod: method, uri: url } = httpTarget;
  return o.send({ method, url, headers, body, timeoutMs, signal: o.abort.signal });
}

const lowerCased = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
