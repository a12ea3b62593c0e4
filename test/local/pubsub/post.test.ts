// A push over HTTP: its form, its deadline, and what its answer means.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { postOverHttp } from '../../../local/pubsub/post.ts';

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const push = (url: string, timeoutMs = 10_000) => ({ url, headers: { 'x-a': 'b' }, body: 'é', timeoutMs });

test('a post arrives whole, and gives the status of the answer', async (t) => {
  let observed = '';
  const url = await serve(t, (request, response) => {
    request.on('data', (chunk: Buffer) => (observed += chunk.toString()));
    request.on('end', () => response.writeHead(202).end('a body that is not read'));
  });
  assert.equal(await postOverHttp(push(url)), 202);
  assert.equal(observed, 'é');
});

test('a redirect is an answer, and is not followed', async (t) => {
  const url = await serve(t, (_request, response) => response.writeHead(302, { location: '/' }).end());
  assert.equal(await postOverHttp(push(url)), 302);
});

test('"102 Processing" is an answer', async (t) => {
  const url = await serve(t, (_request, response) => response.writeProcessing());
  assert.equal(await postOverHttp(push(url)), 102);
});

test('no answer within the timeout, a cut connection, a closed port and a signal each reject', async (t) => {
  const silent = await serve(t, () => {});
  await assert.rejects(postOverHttp(push(silent, 50)), { name: 'AbortError' });
  await assert.rejects(postOverHttp({ ...push(silent), signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });
  const cutting = await serve(t, (request) => request.socket.destroy());
  await assert.rejects(postOverHttp(push(cutting)), { code: 'ECONNRESET' });
  await assert.rejects(postOverHttp(push('http://127.0.0.1:1/')), { code: 'ECONNREFUSED' });
});
