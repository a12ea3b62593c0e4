// Following a job: to its end, without a storm of polls, and without ending it when the waiting ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Poll, Polled } from '../../../../cli/requests/client.ts';
import { followed } from '../../../../cli/requests/follow.ts';
import type { Job } from '../../../../shared/api/schemas.ts';
import { JOB_ID, jobWith } from './api.ts';

/** Each poll takes so many milliseconds. */
function following(answers: readonly (Polled & { readonly tookMs?: number })[]) {
  const polls: Poll[] = [];
  const pauses: number[] = [];
  const seen: Job['state'][] = [];
  const left = [...answers];
  const abort = new AbortController();
  let nowMs = 0;
  const client = {
    poll: (_id: string, poll: Poll = {}): Promise<Polled> => {
      polls.push(poll);
      const { tookMs = 0, ...polled } = left.shift() ?? assert.fail('one poll too many');
      nowMs += tookMs;
      return Promise.resolve(polled);
    },
  };
  const result = (onJob: (job: Job) => void = () => undefined) =>
    followed(client, JOB_ID, {
      onJob: (job) => {
        seen.push(job.state);
        onJob(job);
      },
      signal: abort.signal,
      now: () => nowMs,
      pause: (ms) => {
        pauses.push(ms);
        nowMs += ms;
        return Promise.resolve();
      },
    });
  return { result, polls, pauses, seen, abort };
}

const at = (job: Job, etag: string): Polled => ({ kind: 'job', job, etag, retryAfterMs: 1000 });
const unchanged: Polled = { kind: 'unchanged', retryAfterMs: 30_000 };
const succeeded = jobWith({ state: 'succeeded', done: true, position: null });

test('every change is shown, and the last one ends it', async () => {
  const { result, polls, seen } = following([
    at(jobWith(), '"1"'),
    { ...unchanged, tookMs: 20_000 },
    at(jobWith({ state: 'running', position: null }), '"2"'),
    at(succeeded, '"3"'),
  ]);
  assert.deepEqual(await result(), succeeded);
  assert.deepEqual(seen, ['queued', 'running', 'succeeded']);
  assert.deepEqual(
    polls.map(({ etag, waitSeconds }) => [etag, waitSeconds]),
    [
      [undefined, undefined],
      ['"1"', 20],
      ['"1"', 20],
      ['"2"', 20],
    ],
  );
});

test('an answer that did not wait is followed by a pause, one that waited long enough by none', async () => {
  const { result, pauses } = following([
    at(jobWith(), '"1"'),
    { ...unchanged, tookMs: 100 },
    { ...unchanged, tookMs: 20_000 },
    at(succeeded, '"2"'),
  ]);
  await result();
  assert.deepEqual(pauses, [1000, 9_900]);
});

test('a state that this version does not wait for ends it by its done', async () => {
  const held = jobWith({ state: 'held', done: true });
  const { result } = following([at(held, '"1"')]);
  assert.deepEqual(await result(), held);
});

test('an abort ends the waiting', async () => {
  const { result, abort } = following([at(jobWith(), '"1"'), at(jobWith(), '"2"')]);
  const reason = new Error('Ctrl-C');
  await assert.rejects(
    result(() => abort.abort(reason)),
    reason,
  );
});

test('a job that never ends is a bound that was reached', async () => {
  const day = 24 * 60 * 60 * 1000;
  const { result } = following([
    { ...at(jobWith(), '"1"'), tookMs: 20 * day },
    { ...unchanged, tookMs: 20 * day },
  ]);
  await assert.rejects(result(), { code: 'LIMIT_EXCEEDED', message: /has not ended after 35 days/ });
});
