// The client of the requests API: what it sends, what it repeats, and how a refusal reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PermanentError, TransientError } from '../../../../shared/errors.ts';
import { answer, JOB_ID, jobWith, scriptedApi } from './api.ts';

const LOST = new TypeError('fetch failed');

test('a request carries its key, its body and a token', async () => {
  const { client, calls } = scriptedApi(answer(202, jobWith()));
  const job = await client.request({ pipeline: 'forecast-what-if', preset: 'next-month', max_cost: 1 }, 'k1');
  assert.deepEqual(job, jobWith());
  const [call = assert.fail()] = calls;
  assert.equal(call.url, 'http://api.test/accept-requests/pipeline/run');
  assert.equal(call.method, 'POST');
  assert.equal(call.headers.get('idempotency-key'), 'k1');
  assert.equal(call.headers.get('authorization'), 'Bearer token');
  assert.equal(call.headers.get('content-type'), 'application/json');
  assert.deepEqual(call.body, { pipeline: 'forecast-what-if', preset: 'next-month', max_cost: 1 });
});

test('a lost answer is repeated under the same key, with growing pauses', async () => {
  const { client, calls, pauses } = scriptedApi(LOST, answer(503), LOST, answer(202, jobWith()));
  await client.request({ pipeline: 'forecast-what-if' }, 'k1');
  assert.deepEqual(
    calls.map(({ headers }) => headers.get('idempotency-key')),
    ['k1', 'k1', 'k1', 'k1'],
  );
  assert.deepEqual(pauses, [500, 1000, 2000]);
});

test('after four tries without an answer the error is a passing one that names the call', async () => {
  const { client, left } = scriptedApi(LOST, LOST, LOST, LOST, answer(202, jobWith()));
  await assert.rejects(client.request({ pipeline: 'forecast-what-if' }, 'k1'), (error) => {
    assert.ok(error instanceof TransientError);
    assert.equal(error.message, 'POST /pipeline/run got no answer after 4 tries: fetch failed');
    return true;
  });
  assert.equal(left.length, 1);
});

test('Retry-After sets the pause, and a long one is left to the caller', async () => {
  const busy = (seconds: number) =>
    answer(429, problem(429, 'You have 20 unfinished jobs'), { 'retry-after': String(seconds) });
  const short = scriptedApi(busy(3), answer(202, jobWith()));
  await short.client.request({ pipeline: 'forecast-what-if' }, 'k1');
  assert.deepEqual(short.pauses, [3000]);
  const long = scriptedApi(busy(60), answer(202, jobWith()));
  await assert.rejects(
    long.client.request({ pipeline: 'forecast-what-if' }, 'k1'),
    /You have 20 unfinished jobs; try again in 60 seconds/,
  );
  assert.deepEqual(long.pauses, []);
});

test('a refusal reads as its detail with each place on a line, and is not repeated', async () => {
  const errors = [
    { pointer: '/parameters/horizon_days', detail: 'expected at most 84' },
    { in: 'Idempotency-Key', detail: 'expected 1 to 255 characters' },
  ];
  const refused = answer(422, { ...problem(422, 'The request has 3 problems'), errors, error_count: 3 });
  const { client, calls } = scriptedApi(refused);
  await assert.rejects(client.request({ pipeline: 'forecast-what-if' }, 'k1'), (error) => {
    assert.ok(error instanceof PermanentError);
    assert.deepEqual(error.message.split('\n'), [
      'The request has 3 problems',
      '  /parameters/horizon_days: expected at most 84',
      '  Idempotency-Key: expected 1 to 255 characters',
      '  and 1 more',
    ]);
    assert.equal(error.code, 'CALL_INVALID');
    return true;
  });
  assert.equal(calls.length, 1);
});

test('the code of a refusal follows from its status, and an answer without a reason is named', async () => {
  for (const [status, code] of [
    [401, 'CALLER_UNKNOWN'],
    [403, 'PERMISSION_DENIED'],
    [404, 'RUN_NOT_FOUND'],
    [409, 'TOO_LATE'],
    [412, 'CALL_INVALID'],
  ] as const) {
    const { client } = scriptedApi(answer(status));
    await assert.rejects(client.poll(JOB_ID), { code, message: / answered \d+ without a reason$/ });
  }
});

test('an answer in another form is refused in words', async () => {
  const { client } = scriptedApi(answer(200, { job: 1 }));
  await assert.rejects(client.poll(JOB_ID), /in a form that this version does not read/);
});

test('a poll quotes the ETag, asks to wait, and says when nothing changed', async () => {
  const { client, calls } = scriptedApi(
    answer(200, jobWith(), { etag: '"1"', 'retry-after': '2' }),
    answer(304, undefined, { 'retry-after': '4' }),
  );
  const first = await client.poll(JOB_ID);
  assert.deepEqual(first, { kind: 'job', job: jobWith(), etag: '"1"', retryAfterMs: 2000 });
  assert.deepEqual(await client.poll(JOB_ID, { etag: '"1"', waitSeconds: 20 }), {
    kind: 'unchanged',
    retryAfterMs: 4000,
  });
  assert.equal(calls[1]?.headers.get('if-none-match'), '"1"');
  assert.equal(calls[1]?.headers.get('prefer'), 'wait=20');
  assert.equal(calls[1]?.url, `http://api.test/read-requests/pipeline/job/${JOB_ID}`);
});

test('an approval quotes the hash, a cancel its reason, and a list its query', async () => {
  const decided = {
    ...{ job_id: JOB_ID, state: 'queued', done: false, decided: 'approved', gate: 'approval' },
    ...{ by: 'ana@example.com', at: '2026-11-27T03:00:00.000Z' },
  };
  const { client, calls } = scriptedApi(
    answer(200, decided),
    answer(202, { ...decided, decided: 'cancelled', gate: 'start' }),
    answer(200, { jobs: [], next_cursor: null }),
  );
  await client.approve(JOB_ID, 'agreed', '0123456789abcdef');
  await client.cancel(JOB_ID, 'wrong dates');
  await client.jobs({ state: 'running', limit: '5' });
  assert.deepEqual(
    calls.map(({ body }) => body),
    [{ reason: 'agreed', estimate_hash: '0123456789abcdef' }, { reason: 'wrong dates' }, undefined],
  );
  assert.equal(calls[2]?.url, 'http://api.test/read-requests/pipeline/jobs?state=running&limit=5');
});

test('the link to a result is read from the answer, and not followed with the token', async () => {
  const { client, calls } = scriptedApi(
    answer(302, undefined, { location: 'https://storage.test/signed?x=1' }),
    answer(302),
  );
  assert.equal(await client.resultLink(JOB_ID, 'forecast.csv'), 'https://storage.test/signed?x=1');
  assert.equal(calls.length, 1);
  assert.ok(calls[0]?.url.endsWith('/result?file=forecast.csv'));
  await assert.rejects(client.resultLink(JOB_ID, undefined), /without a link to its result/);
});

const problem = (status: number, detail: string) => ({
  type: 'urn:sluice:problem:invalid-request',
  title: 'The request is not valid',
  status,
  detail,
  trace_id: '0'.repeat(32),
});
