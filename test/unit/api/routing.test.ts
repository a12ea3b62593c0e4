// Paths, methods, presets, health and browsers: what both functions answer around the jobs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ADA, ApiPlace, EVE, refusedAs } from './api-place.ts';

describe('the two functions', () => {
  const place = new ApiPlace();
  const { accept, read } = place.open();

  test('answer their health and the same document, without a token', async () => {
    for (const send of [accept, read]) {
      assert.partialDeepStrictEqual((await send('GET /health')).body, {
        status: 'ok',
        pipelines: ['sample', 'asked-first'],
      });
      assert.equal((await send('GET /openapi.json')).body['openapi'], '3.1.1');
      assert.equal((await send('HEAD /health')).status, 200);
    }
    assert.equal((await accept('GET /openapi.json')).text, (await read('GET /openapi.json')).text);
  });

  test('name each other for the paths that they do not serve', async () => {
    const elsewhere = await read('POST /pipeline/run', { as: ADA });
    refusedAs(elsewhere, 404, 'path-elsewhere');
    assert.equal(elsewhere.body['function'], 'accept-requests');
    const there = await accept('GET /pipeline/jobs', { as: ADA });
    refusedAs(there, 404, 'path-elsewhere');
    assert.equal(there.body['function'], 'read-requests');
  });

  test('know no other path and no other method', async () => {
    for (const path of [
      '/',
      '/pipeline',
      '/pipeline/job',
      '/pipeline/job/a/b/c',
      '//health',
      '/HEALTH',
      `/${'x'.repeat(10_000)}`,
    ]) {
      const received = await read(`GET ${path}`);
      refusedAs(received, 404, 'path-not-found');
      assert.ok(received.text.length < 1000);
    }
    const wrong = await accept('PUT /pipeline/run', { as: ADA });
    refusedAs(wrong, 405, 'method-not-allowed');
    assert.equal(wrong.headers['allow'], 'POST');
    refusedAs(await accept('OPTIONS /pipeline/run'), 405, 'method-not-allowed');
  });

  test('answer a trailing slash as the path', async () => {
    assert.equal((await read('GET /health/')).status, 200);
  });

  test('show presets to callers of their pipelines alone', async () => {
    const listed = await read('GET /presets', { as: ADA });
    assert.deepEqual(
      (listed.body['presets'] as { name: string }[]).map(({ name }) => name),
      ['short', 'short'],
    );
    assert.equal((listed.body['pipelines'] as object[]).length, 2);
    assert.deepEqual((await read('GET /presets', { as: EVE })).body, { presets: [], pipelines: [] });
    assert.partialDeepStrictEqual((await read('GET /presets/short?pipeline=asked-first', { as: ADA })).body, {
      pipeline: 'asked-first',
      parameters: { seconds: 1 },
    });
    refusedAs(await read('GET /presets/short', { as: EVE }), 404, 'preset-not-found');
    refusedAs(await read('GET /presets/constructor', { as: ADA }), 404, 'preset-not-found');
  });

  test('estimate a run without accepting one', async () => {
    const { status, body } = await accept('POST /cost-estimate', {
      as: ADA,
      body: { pipeline: 'sample', preset: 'short' },
    });
    assert.equal(status, 200);
    assert.partialDeepStrictEqual(body, { currency: 'USD', expected: null });
    assert.match(String(body['hash']), /^[0-9a-f]{16}$/);
    assert.deepEqual(await place.requests.list('', 10), []);
  });

  test('join the trace of their caller', async () => {
    const trace = 'a'.repeat(32);
    const headers = { traceparent: `00-${trace}-${'b'.repeat(16)}-01` };
    assert.equal((await read('GET /nothing', { headers })).body['trace_id'], trace);
  });

  test('say that a service failed, and not what it said', async () => {
    const broken = new ApiPlace();
    broken.wrap = (store) =>
      new Proxy(store, {
        get: (target, name) =>
          name === 'first'
            ? () => Promise.reject(new Error('secret'))
            : (Reflect.get(target, name) as unknown),
      });
    const received = await broken
      .open()
      .accept('POST /cost-estimate', { as: ADA, body: { pipeline: 'sample' } });
    refusedAs(received, 500, 'internal-error');
    assert.ok(!received.text.includes('secret'));
  });
});

describe('a page in a browser', () => {
  const ORIGIN = 'https://app.example.com';
  const { accept, read } = new ApiPlace(undefined, { CORS_ORIGINS: [ORIGIN] }).open();
  const asked = (origin: string) => ({ headers: { origin, 'access-control-request-method': 'POST' } });

  test('of a listed origin may call, and read the headers that it needs', async () => {
    const preflight = await accept('OPTIONS /pipeline/run', asked(ORIGIN));
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers['access-control-allow-origin'], ORIGIN);
    assert.match(preflight.headers['access-control-allow-headers'] ?? '', /idempotency-key/);
    const refused = await accept('POST /pipeline/run', { headers: { origin: ORIGIN } });
    assert.deepEqual([refused.status, refused.headers['access-control-allow-origin']], [401, ORIGIN]);
    assert.match(refused.headers['access-control-expose-headers'] ?? '', /location/);
    assert.equal(refused.headers['access-control-allow-credentials'], undefined);
  });

  test('of any other origin is given no leave', async () => {
    for (const origin of ['https://evil.example', 'null', `${ORIGIN}.evil.example`, ORIGIN.toUpperCase()]) {
      const preflight = await accept('OPTIONS /pipeline/run', asked(origin));
      assert.equal(preflight.headers['access-control-allow-origin'], undefined);
      const received = await read('GET /health', { headers: { origin } });
      assert.equal(received.headers['access-control-allow-origin'], undefined);
      assert.equal(received.headers['vary'], 'origin');
    }
  });
});
