// Resumable uploads: chunks, probes, broken connections, restarts, and conditions that went stale.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { codeOf, startService, temporaryFolder } from './service.ts';
import { until } from '../../waiting.ts';

const CHUNK = 256 * 1024;
const BYTES = randomBytes(600 * 1024);

test('the client uploads in chunks, and what it sent is what is stored', async (context) => {
  const { bucket, finalized } = await startService(context);
  await pipeline(
    Readable.from([BYTES]),
    bucket.file('big').createWriteStream({ resumable: true, chunkSize: CHUNK, contentType: 'text/csv' }),
  );
  assert.deepEqual((await bucket.file('big').download())[0], BYTES);
  assert.equal(finalized.length, 1);
  assert.equal(finalized[0]?.md5Hash, createHash('md5').update(BYTES).digest('base64'));
});

test('an answer lost at the last chunk is asked for again, and the object is there once', async (context) => {
  const { api, bucket, finalized } = await startService(context);
  api.faults.plan({ method: 'PUT', url: /upload_id=/, action: 'lose-answer' });
  await bucket.file('x').save('once', { resumable: true, preconditionOpts: { ifGenerationMatch: 0 } });
  assert.equal((await bucket.file('x').download())[0].toString(), 'once');
  assert.equal(finalized.length, 1);
  assert.deepEqual(api.faults.unused(), []);
});

test('a session continues after the process has restarted', async (context) => {
  const folder = temporaryFolder(context);
  const first = await startService(context, { folder });
  const session = await openSession(first.origin, 'name=big');
  const chunk = await put(session, BYTES.subarray(0, CHUNK), `bytes 0-${CHUNK - 1}/*`);
  assert.equal(chunk.status, 308);
  assert.equal(chunk.headers.get('range'), `bytes=0-${CHUNK - 1}`);
  await first.close();

  const second = await startService(context, { folder });
  const moved = new URL(session.pathname + session.search, second.origin);
  const probe = await put(moved, undefined, 'bytes */*');
  assert.equal(probe.status, 308);
  assert.equal(probe.headers.get('range'), `bytes=0-${CHUNK - 1}`);
  const rest = await put(moved, BYTES.subarray(CHUNK), `bytes ${CHUNK}-${BYTES.length - 1}/${BYTES.length}`);
  assert.equal(rest.status, 200);
  const md5Hash = createHash('md5').update(BYTES).digest('base64');
  assert.equal(((await rest.json()) as { md5Hash: string }).md5Hash, md5Hash);
  assert.deepEqual((await second.bucket.file('big').download())[0], BYTES);

  const again = await put(moved, undefined, `bytes */${BYTES.length}`);
  assert.equal(((await again.json()) as { md5Hash: string }).md5Hash, md5Hash);
});

test('a broken connection keeps the bytes that arrived, and the rest may overlap them', async (context) => {
  const { bucket, origin } = await startService(context);
  const session = await openSession(origin, 'name=big');
  await breakOff(session, BYTES.subarray(0, 100_000));
  const received = await waitForBytes(session);
  assert.ok(received > 1000 && received <= 100_000, `${received} bytes arrived`);
  const overlap = await put(session, BYTES.subarray(1000), 'bytes 1000-*/*');
  assert.equal(overlap.status, 200);
  assert.deepEqual((await bucket.file('big').download())[0], BYTES);
});

test('a session whose condition went stale is refused at its end', async (context) => {
  const { bucket, origin, finalized } = await startService(context);
  const session = await openSession(origin, 'name=x&ifGenerationMatch=0');
  await bucket.file('x').save('the other was faster', { resumable: false });
  assert.equal((await put(session, Buffer.from('late'), 'bytes 0-3/4')).status, 412);
  assert.equal((await put(session, undefined, 'bytes */4')).status, 412);
  assert.equal((await bucket.file('x').download())[0].toString(), 'the other was faster');
  assert.equal(finalized.length, 1);
});

test('a request that does not fit its session is refused, and costs nothing', async (context) => {
  const { bucket, origin } = await startService(context);
  const session = await openSession(origin, 'name=x');
  assert.equal((await put(session, Buffer.from('abc'), 'bytes 7-9/10')).status, 503);
  assert.equal((await put(session, Buffer.from('abc'), 'bytes 0-2/*')).status, 400);
  assert.equal((await put(session, Buffer.from('abc'), 'bytes zero-two/3')).status, 400);
  assert.equal((await put(session, Buffer.from('abc'), 'bytes 0-4/5')).status, 400);
  assert.equal((await put(session, Buffer.from('de'), 'bytes 3-4/5')).status, 200);
  assert.equal((await bucket.file('x').download())[0].toString(), 'abcde');
  assert.equal(
    (await fetch(new URL('?uploadType=resumable&upload_id=none', session), { method: 'PUT' })).status,
    404,
  );
});

test('wrong checksums and sizes are refused, and nothing is stored', async (context) => {
  const { bucket, origin } = await startService(context);
  const wrong = { md5Hash: 'AAAAAAAAAAAAAAAAAAAAAA==' };
  await assert.rejects(bucket.file('x').save('x', { resumable: false, metadata: wrong }), {
    code: 400,
    message: /Provided MD5 hash "AAAAAAAAAAAAAAAAAAAAAA==" doesn't match calculated MD5 hash/,
  });
  const crc = { crc32c: 'AAAAAA==' };
  assert.equal(await codeOf(bucket.file('x').save('x', { resumable: false, metadata: crc })), 400);
  const session = await openSession(origin, 'name=x', wrong);
  assert.equal((await put(session, Buffer.from('x'), 'bytes 0-0/1')).status, 400);
  const sized = await openSession(origin, 'name=x', {}, { 'x-upload-content-length': '2' });
  assert.equal((await put(sized, Buffer.from('x'), 'bytes 0-0/1')).status, 400);
  assert.deepEqual(await bucket.file('x').exists(), [false]);
});

async function openSession(origin: string, query: string, metadata = {}, headers = {}): Promise<URL> {
  const answer = await fetch(`${origin}/upload/storage/v1/b/bkt/o?uploadType=resumable&${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(metadata),
  });
  assert.equal(answer.status, 200, await answer.text());
  return new URL(answer.headers.get('location') ?? '');
}

function put(session: URL, body: Buffer | undefined, range: string): Promise<Response> {
  const headers = { 'content-range': range };
  return fetch(session, {
    method: 'PUT',
    headers,
    redirect: 'manual',
    ...(body && { body: new Uint8Array(body) }),
  });
}

/** Sends `bytes` of a longer body, and cuts the connection once they are written. */
function breakOff(session: URL, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const sending = request(session, {
      method: 'PUT',
      headers: { 'content-range': 'bytes 0-*/*', 'content-length': bytes.length * 2 },
    });
    sending.on('error', () => resolve());
    sending.on('close', () => resolve());
    sending.write(bytes, () => sending.destroy());
  });
}

/** Takes its turn behind the broken request, so the answer is what that one left. */
const waitForBytes = (session: URL): Promise<number> =>
  until('bytes to arrive', async () => {
    const probe = await put(session, undefined, 'bytes */*');
    const range = /^bytes=0-(\d+)$/.exec(probe.headers.get('range') ?? '');
    return range === null ? undefined : Number(range[1]) + 1;
  });
