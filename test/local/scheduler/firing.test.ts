// What a firing sends, how it is tried again, and what is missed while nothing runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../../local/clock.ts';
import { type JobRequest, Scheduler, type Send } from '../../../local/scheduler/scheduler.ts';
import { memoryState, type State } from '../../../local/state/state.ts';

const NAME = 'projects/p/locations/europe-west1/jobs/detect-changes';
const HOURLY: JobRequest = {
  name: NAME,
  schedule: '0 * * * *',
  httpTarget: {
    uri: 'http://127.0.0.1:9/',
    body: Buffer.from('{}').toString('base64'),
    headers: { 'Content-Type': 'application/json' },
    oidcToken: { serviceAccountEmail: 'ticker@p' },
  },
};
const HOUR_MS = 3_600_000;

type Request = Parameters<Send>[0] & { atMs: number };

function openScheduler(
  answer: (count: number) => number | 'silent' | Promise<number> = () => 200,
  o: { state?: State; clock?: VirtualClock } = {},
) {
  const clock = o.clock ?? new VirtualClock();
  const state = o.state ?? memoryState();
  const requests: Request[] = [];
  const scheduler = new Scheduler({
    state,
    clock,
    async send(request) {
      requests.push({ ...request, atMs: clock.now() });
      const given = answer(requests.length);
      return given === 'silent' ? new Promise<number>(() => {}) : given;
    },
    mintIdToken: async (email, audience) => `${email} for ${audience}`,
  });
  const pass = async (ms: number, stepMs = ms) => {
    await settled();
    for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
      clock.advance(stepMs);
      await settled();
    }
  };
  return { clock, state, requests, scheduler, pass };
}

const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};

const scheduleTimes = (requests: readonly Request[]) =>
  requests.map((request) => request.headers['x-cloudscheduler-scheduletime']);

const minutes = (requests: readonly Request[]) =>
  requests.map((request) => (request.atMs - Date.UTC(2025, 0, 6)) / 60_000);

test('a job fires on time, with the headers of Cloud Scheduler and an OIDC token', async () => {
  const { scheduler, requests, pass } = openScheduler();
  scheduler.ensureJob(HOURLY);
  scheduler.start();
  await pass(2 * HOUR_MS + 1, 30 * 60_000);
  assert.deepEqual(minutes(requests), [60, 120]);
  const { method, url, headers, body, timeoutMs } = requests[0] as Request;
  assert.deepEqual(
    { method, url, body: body.toString(), timeoutMs },
    {
      method: 'POST',
      url: 'http://127.0.0.1:9/',
      body: '{}',
      timeoutMs: 180_000,
    },
  );
  assert.deepEqual(headers, {
    'content-type': 'application/json',
    'user-agent': 'Google-Cloud-Scheduler',
    'x-cloudscheduler': 'true',
    'x-cloudscheduler-jobname': 'detect-changes',
    'x-cloudscheduler-scheduletime': '2025-01-06T01:00:00Z',
    authorization: 'Bearer ticker@p for http://127.0.0.1:9/',
  });
});

test('a failed firing is retried with doubling back-off and an unchanged schedule time', async () => {
  const { scheduler, requests, pass } = openScheduler((count) => (count <= 4 ? 503 : 200));
  scheduler.ensureJob({
    ...HOURLY,
    retryConfig: { retryCount: 5, minBackoffDuration: '60s', maxDoublings: 2 },
  });
  scheduler.start();
  await pass(HOUR_MS + 20 * 60_000, 60_000);
  assert.deepEqual(minutes(requests), [60, 61, 63, 67, 71]);
  assert.deepEqual(new Set(scheduleTimes(requests)), new Set(['2025-01-06T01:00:00Z']));
  assert.equal(scheduler.job(NAME).lastAttempt?.status, 200);
});

test('by default a failed firing is not retried, and the job tells how it ended', async () => {
  const { scheduler, requests, pass } = openScheduler(() => 500);
  scheduler.ensureJob(HOURLY);
  scheduler.start();
  await pass(HOUR_MS + 30 * 60_000, 60_000);
  assert.equal(requests.length, 1);
  const lastAttempt = { atMs: Date.UTC(2025, 0, 6, 1), succeeded: false, status: 500 };
  assert.deepEqual(scheduler.job(NAME).lastAttempt, lastAttempt);
});

test('an attempt without an answer ends at its deadline', async () => {
  const { scheduler, requests, pass } = openScheduler((count) => (count === 1 ? 'silent' : 200));
  scheduler.ensureJob({ ...HOURLY, attemptDeadline: '600s', retryConfig: { retryCount: 1 } });
  scheduler.start();
  await pass(HOUR_MS);
  await pass(599_999);
  assert.equal(requests.length, 1);
  await pass(20_000, 1000);
  assert.deepEqual(minutes(requests).map(Math.floor), [60, 70]);
  assert.equal(requests[0]?.signal?.aborted, true);
});

test('a tick that falls into a running attempt waits for its end, and only one does', async () => {
  const long = Promise.withResolvers<number>();
  const { scheduler, requests, pass } = openScheduler((count) => (count === 1 ? long.promise : 200));
  scheduler.ensureJob({ ...HOURLY, schedule: '*/5 * * * *', attemptDeadline: '1800s' });
  scheduler.start();
  await pass(23 * 60_000, 60_000);
  assert.deepEqual(minutes(requests), [5]);
  long.resolve(200);
  await pass(3 * 60_000, 60_000);
  assert.deepEqual(minutes(requests), [5, 23, 25]);
});

test('after a long absence one missed firing is made up, then the schedule continues', async () => {
  const first = openScheduler();
  first.scheduler.ensureJob(HOURLY);
  first.scheduler.start();
  await first.pass(HOUR_MS, HOUR_MS);
  await first.scheduler.stop();
  await first.pass(5.5 * HOUR_MS, HOUR_MS / 2);
  assert.equal(first.requests.length, 1);
  const second = openScheduler(undefined, first);
  second.scheduler.ensureJob(HOURLY);
  second.scheduler.start();
  await second.pass(HOUR_MS, HOUR_MS / 4);
  assert.deepEqual(minutes(second.requests), [390, 420]);
  assert.deepEqual(scheduleTimes(second.requests), ['2025-01-06T02:00:00Z', '2025-01-06T07:00:00Z']);
});

test('an attempt cut off by a restart is made again, as the same firing', async () => {
  const first = openScheduler(() => 'silent');
  first.scheduler.ensureJob(HOURLY);
  first.scheduler.start();
  await first.pass(HOUR_MS);
  await first.scheduler.stop();
  const second = openScheduler(undefined, first);
  second.scheduler.start();
  await second.pass(60_000);
  assert.deepEqual(scheduleTimes(second.requests), ['2025-01-06T01:00:00Z']);
});

test('a paused job does not fire, makes nothing up when resumed, and can be forced', async () => {
  const { scheduler, requests, pass } = openScheduler();
  scheduler.ensureJob(HOURLY);
  scheduler.start();
  scheduler.pause(NAME);
  await pass(3 * HOUR_MS, HOUR_MS);
  assert.equal(requests.length, 0);
  assert.deepEqual(await scheduler.run(NAME), { status: 200 });
  scheduler.resume(NAME);
  await pass(HOUR_MS, HOUR_MS / 2);
  assert.deepEqual(minutes(requests), [180, 240]);
});

test('a forced run carries the time of the next firing, which still comes', async () => {
  const { scheduler, requests, pass } = openScheduler();
  scheduler.ensureJob(HOURLY);
  scheduler.start();
  await pass(60_000);
  assert.deepEqual(await scheduler.run(NAME), { status: 200 });
  await pass(HOUR_MS, HOUR_MS);
  assert.deepEqual(scheduleTimes(requests), ['2025-01-06T01:00:00Z', '2025-01-06T01:00:00Z']);
});

test('settings outside what Google accepts are refused', () => {
  const { scheduler } = openScheduler();
  const refused: Partial<JobRequest>[] = [
    { name: 'detect-changes' },
    { attemptDeadline: '14s' },
    { attemptDeadline: '1801s' },
    { retryConfig: { retryCount: 6 } },
    { httpTarget: { uri: 'ftp://127.0.0.1/' } },
    { httpTarget: { uri: 'http://127.0.0.1/', httpMethod: 'BREW' } },
  ];
  for (const change of refused) {
    assert.throws(() => scheduler.ensureJob({ ...HOURLY, ...change }), { code: 400 }, JSON.stringify(change));
  }
});
