// An API in memory for tests of the client: each call is answered by a script, and recorded.
import assert from 'node:assert/strict';
import { RequestsClient } from '../../../../cli/requests/client.ts';
import type { Job } from '../../../../shared/api/schemas.ts';

export const JOB_ID = 'forecast-what-if.r0123456789abcdef-0123456789abcdef0123456789abcdef';

export const jobWith = (changes: Partial<Job> = {}): Job => ({
  job_id: JOB_ID,
  pipeline: 'forecast-what-if',
  state: 'queued',
  done: false,
  code: null,
  reason: null,
  history: [{ state: 'queued', at: '2026-11-27T03:00:00.000Z' }],
  position: 2,
  preset: null,
  priority: 5,
  accepted_at: '2026-11-27T03:00:00.000Z',
  expires_at: '2026-11-28T03:00:00.000Z',
  estimate: {
    low: 0.001,
    expected: 0.0026,
    high: 0.32,
    currency: 'USD',
    basis: { runs: 3, from: null, to: null, prices: '2026-11-01' },
    hash: '0123456789abcdef',
  },
  max_cost: null,
  cost: null,
  result: null,
  links: {
    self: `/pipeline/job/${JOB_ID}`,
    events: `/pipeline/job/${JOB_ID}/events`,
    cancel: `/pipeline/job/${JOB_ID}/cancel`,
    result: `/pipeline/job/${JOB_ID}/result`,
    content: `/pipeline/job/${JOB_ID}/content`,
  },
  ...changes,
});

export interface Called {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The answer to one call; an `Error` is a connection that was lost. */
export type Scripted = Response | Error;

export const answer = (
  status: number,
  body: unknown = undefined,
  headers: Record<string, string> = {},
): Response => new Response(body === undefined ? null : JSON.stringify(body), { status, headers });

export function scriptedApi(...script: readonly Scripted[]) {
  const calls: Called[] = [];
  const pauses: number[] = [];
  const left = [...script];
  const client = new RequestsClient({
    addressOf: (name) => `http://api.test/${name}`,
    authorization: () => Promise.resolve('Bearer token'),
    fetch: (input, init = {}) => {
      calls.push({
        url: input as string,
        method: init.method ?? 'GET',
        headers: new Headers(init.headers),
        body: init.body === undefined ? undefined : JSON.parse(init.body as string),
      });
      const next = left.shift() ?? assert.fail(`an unexpected call of ${input as string}`);
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  });
  return { client, calls, pauses, left };
}
