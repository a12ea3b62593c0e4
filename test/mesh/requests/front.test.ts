// The requests API on the local cloud: real processes, real tokens, the rights of each function, and what is stored.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { gcsStore } from '../../../shared/google/storage.ts';
import { toJson } from '../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { queueEntry } from '../../../shared/requests/entry.ts';
import { contentObject, parseJobId, queueObject } from '../../../shared/requests/names.ts';
import { requestObject } from '../../../shared/runs/names.ts';
import { recordOutcome } from '../../../shared/runs/outcome.ts';
import { startFront, type Front } from './start-front.ts';

const ADA = 'ada@example.com';
const TEXT = 'Grüße 你好 \u0000\u001b[31m';

type Body = Readonly<Record<string, unknown>>;

describe('the requests API on the local cloud', () => {
  let front: Front;
  let stores: Readonly<Record<'runs' | 'requests' | 'results' | 'audit', ObjectStore>>;
  before(async () => {
    front = await startFront();
    const store = (name: string) => gcsStore(name, front.config);
    stores = {
      runs: store('runs'),
      requests: store('requests'),
      results: store('results'),
      audit: store('audit'),
    };
  });
  after(() => front?.close());

  const call = async (
    url: string,
    {
      as = ADA,
      method = 'GET',
      headers = {},
      body,
    }: { as?: string | undefined; method?: string; headers?: Record<string, string>; body?: unknown } = {},
  ) => {
    const authorization: Record<string, string> =
      as === '' ? {} : { authorization: `Bearer ${await front.token(as)}` };
    const sent =
      body === undefined
        ? {}
        : {
            body: typeof body === 'string' || Buffer.isBuffer(body) ? (body as string) : JSON.stringify(body),
          };
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...authorization, ...headers },
      ...sent,
    });
    const text = await answer.text();
    const isJson = (answer.headers.get('content-type') ?? '').includes('json');
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: (isJson ? JSON.parse(text) : {}) as Body,
    };
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}, as?: string) =>
    call(`${front.accept}${path}`, { method: 'POST', body, headers, as });
  const run = (key: string, parameters: object = {}, as?: string) =>
    post('/pipeline/run', { pipeline: 'sample', parameters }, { 'idempotency-key': key }, as);
  const get = (path: string, headers: Record<string, string> = {}, as?: string) =>
    call(`${front.read}${path}`, { headers, as });

  async function accepted(key: string) {
    const { body } = await run(key, { text: TEXT });
    const id = String(body['job_id']);
    const { pipeline, run: name } = parseJobId(id)!;
    return { id, pipeline, run: name };
  }

  /** As the dispatch and publish-output do. */
  async function publish({ pipeline, run: name }: { pipeline: string; run: string }) {
    const entry = await stores.requests.readText(queueObject(pipeline, name), 100_000);
    const { record, parameters } = queueEntry.parse(JSON.parse(entry?.text ?? ''));
    await stores.runs.create(requestObject(pipeline, name), toJson(record), 'application/json');
    await stores.requests.create(
      contentObject(pipeline, name),
      toJson({ kind: 'content', parameters }),
      'application/json',
    );
    const file = `${pipeline}/${name}/attempt-1/result.json`;
    await stores.results.create(file, '{"answer":42}', 'application/json');
    const at = new Date().toISOString();
    const result = { name: file, sizeBytes: 13, crc32c: 'AAAAAA==', attachments: [] };
    await recordOutcome(stores.runs, {
      ...{ pipeline, run: name, outcome: 'published', code: null, reason: 'done', attempt: 1, rows: null },
      at,
      result,
    });
    await stores.requests.remove(queueObject(pipeline, name), entry?.generation ?? '');
  }

  test('a request is one object of the queue, with its text as it was, and no log has it', async () => {
    const job = await accepted('first');
    const stored = await stores.requests.readText(queueObject(job.pipeline, job.run), 100_000);
    const entry = queueEntry.parse(JSON.parse(stored?.text ?? ''));
    assert.equal(entry.parameters['text'], TEXT);
    assert.equal(entry.record.requester.email, ADA);
    assert.match(entry.record.traceparent ?? '', /^00-[0-9a-f]{32}-/);
    assert.deepEqual(
      front.lines.filter((line) => /Grüße|eyJ/.test(line)),
      [],
    );
  });

  test('the same key is the same job, also at once; another body is refused', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => run('same', { seconds: 3 })));
    assert.deepEqual(
      [...new Set(answers.map(({ status, body }) => `${status} ${String(body['job_id'])}`))].length,
      1,
    );
    assert.equal(answers[0]?.status, 202, answers[0]?.text);
    assert.equal((await run('same', { seconds: 4 })).status, 422);
  });

  test('a job is polled, unchanged at 304, and found by its owner alone', async () => {
    const job = await accepted('polled');
    const path = `/pipeline/job/${job.id}`;
    const shown = await get(path);
    assert.partialDeepStrictEqual(shown.body, { job_id: job.id, state: 'queued', done: false });
    const etag = shown.headers.get('etag') ?? '';
    const again = await get(path, { 'if-none-match': etag });
    assert.deepEqual([again.status, again.text], [304, '']);
    assert.equal((await get(path, {}, 'bob@example.com')).status, 404);
    const listed = (await get('/pipeline/jobs')).body['jobs'] as { job_id: string }[];
    assert.ok(listed.some(({ job_id }) => job_id === job.id));
    assert.deepEqual((await get('/pipeline/jobs', {}, 'bob@example.com')).body['jobs'], []);
  });

  test('a result is downloaded over its link, and both are erased afterwards', async () => {
    const job = await accepted('whole');
    await publish(job);
    assert.partialDeepStrictEqual((await get(`/pipeline/job/${job.id}`)).body, {
      state: 'succeeded',
      done: true,
    });
    const link = await get(`/pipeline/job/${job.id}/result`);
    assert.equal(link.status, 302, link.text);
    const file = await fetch(link.headers.get('location') ?? '');
    assert.equal(await file.text(), '{"answer":42}');
    const stream = await get(`/pipeline/job/${job.id}/events`);
    assert.match(stream.text, /event: job\ndata: .*"state":"succeeded"/);

    const erase = () => call(`${front.accept}/pipeline/job/${job.id}/content`, { method: 'DELETE' });
    const erased = await erase();
    assert.equal(erased.status, 204, erased.text);
    assert.equal((await erase()).status, 204);
    const left = await stores.requests.readText(contentObject(job.pipeline, job.run), 10_000);
    assert.equal((JSON.parse(left?.text ?? '') as { kind: string }).kind, 'erased');
    const again = await fetch(link.headers.get('location') ?? '');
    assert.equal(((await again.json()) as { kind: string }).kind, 'erased');
    assert.equal((await get(`/pipeline/job/${job.id}/result`)).status, 410);
    assert.equal((await get(`/pipeline/job/${job.id}`)).body['state'], 'succeeded');
  });

  test('events arrive while the job is followed, and end with its outcome', async () => {
    const job = await accepted('followed');
    const answer = await fetch(`${front.read}/pipeline/job/${job.id}/events`, {
      headers: { authorization: `Bearer ${await front.token(ADA)}` },
    });
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('"state":"queued"')) text += (await reader.read()).value ?? '';
    await publish(job);
    while (!text.includes('"state":"succeeded"')) text += (await reader.read()).value ?? '';
    while (!(await reader.read()).done);
  });

  test('a job is cancelled once, and then no more', async () => {
    const job = await accepted('cancelled');
    const cancel = () => post(`/pipeline/job/${job.id}/cancel`, { reason: 'enough' });
    const first = await cancel();
    assert.equal(first.status, 202, first.text);
    assert.equal((await cancel()).body['at'], first.body['at']);
    const done = await accepted('done');
    await publish(done);
    assert.equal((await post(`/pipeline/job/${done.id}/cancel`, { reason: 'late' })).status, 409);
  });

  test('no token, a token for another audience, and a token of no caller are refused', async () => {
    assert.equal((await run('k', {}, '')).status, 401);
    const other = await front.token(ADA, 'https://other.example');
    assert.equal((await post('/pipeline/run', {}, { authorization: `Bearer ${other}` }, '')).status, 401);
    const unsigned = (await front.token(ADA)).replace(/[^.]*$/, 'SIGNATURE_REMOVED_BY_GOOGLE');
    assert.equal((await post('/pipeline/run', {}, { authorization: `Bearer ${unsigned}` }, '')).status, 401);
    assert.equal((await run('k', {}, 'eve@example.com')).status, 403);
  });

  test('a header that is there twice is refused, as Node would join it', async () => {
    const { port, pathname } = new URL(`${front.accept}/pipeline/run`);
    const token = await front.token(ADA);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(
        {
          port,
          path: pathname,
          method: 'POST',
          headers: [
            ['authorization', `Bearer ${token}`],
            ['content-type', 'application/json'],
            ['idempotency-key', 'a'],
            ['idempotency-key', 'b'],
          ].flat(),
        },
        (answer) => resolve(answer.resume().statusCode),
      );
      sent.once('error', reject).end(JSON.stringify({ pipeline: 'sample' }));
    });
    assert.equal(status, 400);
  });

  test('bodies that cannot be used are refused with problem details, whatever they are', async () => {
    for (const [body, headers, status] of [
      ['{', {}, 400],
      ['', {}, 400],
      ['{"pipeline":"sample","surprise":1}', {}, 422],
      ['{}', { 'content-type': 'text/plain' }, 415],
      [gzipSync('{}'), { 'content-encoding': 'gzip' }, 415],
      [' '.repeat(9_000_000), {}, 413],
    ] as const) {
      const answer = await post('/pipeline/run', body, { 'idempotency-key': 'k', ...headers });
      assert.equal(answer.status, status, answer.text.slice(0, 300));
      assert.equal(answer.headers.get('content-type'), 'application/problem+json');
      assert.match(String(answer.body['type']), /^urn:sluice:problem:/);
    }
    assert.equal((await run('x'.repeat(300))).status, 400);
  });

  test('both functions answer their health and the document to anyone', async () => {
    for (const address of [front.accept, front.read]) {
      assert.equal((await call(`${address}/health`, { as: '' })).status, 200);
      assert.equal((await call(`${address}/openapi.json`, { as: '' })).body['openapi'], '3.1.1');
    }
    assert.partialDeepStrictEqual((await get('/pipeline/run')).body, {
      status: 404,
      function: 'accept-requests',
    });
  });
});
