// POST /pipeline/run: one key, one job; who may request, and that a refusal never hides an accepted job.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJobId } from '../../../shared/requests/names.ts';
import { recordOutcome } from '../../../shared/runs/outcome.ts';
import { requestObject } from '../../../shared/runs/names.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { ADA, ApiPlace, BOB, EVE, idOf, refusedAs } from '../api/api-place.ts';
import { body, entriesOf, entryOf, RUN } from './sample-requests.ts';

describe('a request', () => {
  test('is accepted with its links, its estimate and a hint, by one write, which holds who asked', async () => {
    const place = new ApiPlace();
    const received = await place
      .open()
      .accept(RUN, { as: ADA, key: 'k1', body: body({ max_cost: 5, priority: 2 }) });
    assert.equal(received.status, 202, received.text);
    assert.partialDeepStrictEqual(received.body, {
      state: 'queued',
      done: false,
      pipeline: 'sample',
      priority: 2,
      max_cost: 5,
    });
    const id = idOf(received);
    assert.equal(received.headers['location'], `/pipeline/job/${id}`);
    assert.equal(received.headers['retry-after'], '1');
    assert.match(received.headers['ratelimit'] ?? '', /^"requests";r=\d+;t=\d+$/);
    assert.match(received.headers['ratelimit-policy'] ?? '', /^"requests";q=\d+;w=\d+$/);
    assert.deepEqual(place.hints, [{ pipeline: 'sample', run: parseJobId(id)?.run }]);
    const { record, parameters } = await entryOf(place, received);
    assert.deepEqual(parameters, { seconds: 2 });
    assert.equal(record.requester.email, ADA);
    assert.equal(Date.parse(record.expiresAt) - Date.parse(record.acceptedAt), 3_600_000);
    const [entry] = await entriesOf(place);
    assert.deepEqual(entry?.metadata, {
      cost: String((record.estimate.expected ?? 5 > record.estimate.high) ? record.estimate.high : 5),
      priority: '2',
      'body-hash': record.bodyHash,
      'accepted-at': record.acceptedAt,
      'expires-at': record.expiresAt,
      approval: 'none',
    });
    // The dispatch makes the audit record of it.
    assert.match(record.traceparent ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    assert.deepEqual([await place.audit.list('', 10), await place.runs.list('', 10)], [[], []]);
  });

  test('that waits for an approval says so', async () => {
    const received = await new ApiPlace()
      .open()
      .accept(RUN, { as: ADA, key: 'k', body: { pipeline: 'asked-first' } });
    assert.equal(received.body['state'], 'waiting-approval');
  });

  test('with the same key and body is the same job, on every instance and whatever the order of its fields', async () => {
    const place = new ApiPlace();
    const first = await place
      .open()
      .accept(RUN, { as: ADA, key: 'k1', body: { pipeline: 'sample', preset: 'short' } });
    const again = await place
      .open()
      .accept(RUN, { as: ADA, key: 'k1', body: { preset: 'short', pipeline: 'sample' } });
    assert.equal(again.status, 202, again.text);
    assert.equal(idOf(again), idOf(first));
    assert.equal((await entriesOf(place)).length, 1);
  });

  test('with the same key and another body is refused', async () => {
    const { accept } = new ApiPlace().open();
    await accept(RUN, { as: ADA, key: 'k1', body: body() });
    refusedAs(
      await accept(RUN, { as: ADA, key: 'k1', body: body({ priority: 1 }) }),
      422,
      'idempotency-key-reused',
    );
  });

  test('of another caller, or of another pipeline, with the same key is another job', async () => {
    const place = new ApiPlace();
    const { accept } = place.open();
    const ids = [
      await accept(RUN, { as: ADA, key: 'k1', body: body() }),
      await accept(RUN, { as: BOB, key: 'k1', body: body() }),
      await accept(RUN, { as: ADA, key: 'k1', body: { pipeline: 'asked-first' } }),
    ].map(idOf);
    assert.equal(new Set(ids).size, 3);
  });

  test('of a key whose run has ended answers that run, and leaves no entry behind', async () => {
    const place = new ApiPlace();
    const { accept } = place.open();
    const first = await accept(RUN, { as: ADA, key: 'k1', body: body() });
    const { pipeline, run } = parseJobId(idOf(first))!;
    const { record } = await entryOf(place, first);
    await place.runs.create(requestObject(pipeline, run), toJson(record), 'application/json');
    const at = new Date(place.nowMs).toISOString();
    await recordOutcome(place.runs, {
      pipeline,
      run,
      outcome: 'failed',
      code: null,
      reason: 'r',
      attempt: 2,
      rows: null,
      at,
    });
    const [entry] = await entriesOf(place);
    await place.requests.remove(entry?.name ?? '', entry?.generation ?? '');

    const again = await place.open().accept(RUN, { as: ADA, key: 'k1', body: body() });
    assert.partialDeepStrictEqual(again.body, { job_id: idOf(first), state: 'failed', done: true });
    assert.deepEqual(await entriesOf(place), []);
    const other = await place.open().accept(RUN, { as: ADA, key: 'k1', body: body({ priority: 0 }) });
    refusedAs(other, 422, 'idempotency-key-reused');
    assert.deepEqual(await entriesOf(place), []);
  });

  test('at which many instances arrive at once is accepted once', async () => {
    const place = new ApiPlace();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => place.open().accept(RUN, { as: ADA, key: 'k1', body: body() })),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]));
    assert.equal(new Set(answers.map(idOf)).size, 1);
    assert.equal((await entriesOf(place)).length, 1);
  });
});

describe('the idempotency key', () => {
  const send = (headers: Readonly<Record<string, string | readonly string[]>>) =>
    new ApiPlace().open().accept(RUN, { as: ADA, body: body(), headers });

  test('is required', async () => {
    const received = await send({});
    refusedAs(received, 400, 'idempotency-key-missing');
    assert.match(String(received.body['detail']), /Idempotency-Key is missing/);
  });

  test('is there once, and has 1 to 255 visible ASCII characters', async () => {
    for (const key of [
      ['a', 'b'],
      ['a', 'a'],
      '',
      ' ',
      'a b',
      'clé',
      'tab\t',
      'x'.repeat(256),
      'x'.repeat(1_000_000),
    ]) {
      const received = await send({ 'idempotency-key': key });
      refusedAs(received, 400, 'idempotency-key-invalid');
      assert.ok(received.text.length < 1000);
    }
    for (const key of ['a', '!~"#', 'x'.repeat(255)])
      assert.equal((await send({ 'idempotency-key': key })).status, 202);
  });
});

describe('who may request', () => {
  test('no one by default, and only callers of the pipeline', async () => {
    const { accept } = new ApiPlace(undefined, { SAMPLE_CALLERS: '' }).open();
    refusedAs(await accept(RUN, { as: ADA, key: 'k', body: body() }), 403, 'forbidden');
    const other = new ApiPlace().open();
    const foreign = await other.accept(RUN, { as: EVE, key: 'k', body: body() });
    refusedAs(foreign, 403, 'forbidden');
    const unknown = await other.accept(RUN, { as: EVE, key: 'k', body: { pipeline: 'unknown' } });
    refusedAs(unknown, 403, 'forbidden');
    assert.equal(unknown.body['detail'], foreign.body['detail']);
    refusedAs(
      await other.accept(RUN, { as: BOB, key: 'k', body: { pipeline: 'asked-first' } }),
      403,
      'forbidden',
    );
  });

  test('no one without a valid token, before anything else is said', async () => {
    const place = new ApiPlace();
    const { accept } = place.open();
    await place.token(ADA);
    for (const authorization of ['', 'Bearer x', `Bearer ${'a'.repeat(40)}.b.c`]) {
      const headers: Record<string, string> = authorization === '' ? {} : { authorization };
      const received = await accept(RUN, { headers, body: { surprise: 1 } });
      refusedAs(received, 401, 'unauthenticated');
      assert.match(received.headers['www-authenticate'] ?? '', /^Bearer/);
    }
    assert.deepEqual(await entriesOf(place), []);
  });
});
