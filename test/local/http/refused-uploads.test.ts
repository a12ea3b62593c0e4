// A request that is refused before its body was read: the answer arrives, and the connection serves the next one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createApi, OPERATOR, type Api } from '../../../local/http/api.ts';
import { ApiError } from '../../../local/http/errors.ts';
import { startMesh, PROJECT, type WatchedMesh } from '../../ports/cloud.ts';
import { oneConnection, send } from './wire.ts';

const MEGABYTE = 1024 * 1024;
const SIZES = [1.1 * MEGABYTE, 20 * MEGABYTE];

let mesh: WatchedMesh;
let bare: Api;
let port: number;
let barePort: number;
before(async () => {
  mesh = await startMesh();
  mesh.cloud.storage.ensureBucket({ name: 'bkt', projectId: PROJECT, location: 'EU' });
  port = Number(new URL(mesh.cloud.endpoint).port);
  // Routes that answer any status, as a handler of any service may: without reading, and after a part of the body.
  bare = createApi();
  bare.app.all('/unread/:status', async (request) => {
    throw new ApiError(Number((request.params as { status: string }).status), 'refused', 'refused unread');
  });
  bare.app.all('/half-read/:status', async (request) => {
    const chunks = request.raw.iterator({ destroyOnReturn: false });
    await chunks.next();
    throw new ApiError(Number((request.params as { status: string }).status), 'refused', 'refused half read');
  });
  bare.app.get('/next', async () => 'served');
  barePort = await bare.listenAs(OPERATOR);
});
after(async () => {
  await bare.close();
  await mesh.close();
});

/** Sends the body, sees it refused, and asks for something else on the same connection. */
async function refusedThenServed(o: {
  method: string;
  path: string;
  status: number;
  body: Buffer;
  headers?: Record<string, string>;
  port?: number;
  next?: string;
}): Promise<void> {
  const agent = oneConnection();
  const to = { port: o.port ?? port, agent };
  try {
    const refused = await send({
      ...to,
      method: o.method,
      path: o.path,
      headers: o.headers ?? {},
      body: o.body,
    });
    assert.equal(refused.status, o.status, refused.text);
    const path = o.next ?? '/computeMetadata/v1/project/project-id';
    const next = await send({ ...to, path, headers: { 'metadata-flavor': 'Google' } });
    assert.equal(next.status, 200, next.text);
  } finally {
    agent.destroy();
  }
}

const RAW = 'application/octet-stream';

for (const status of [400, 401, 403, 404, 405, 409, 412, 413, 415, 429, 501, 503]) {
  test(`${status}: the connection serves the next request`, async () => {
    for (const size of SIZES) {
      const body = Buffer.alloc(size, 'x');
      const all = { port: barePort, next: '/next', status, headers: { 'content-type': RAW }, body };
      await refusedThenServed({ ...all, method: 'POST', path: `/unread/${status}` });
      await refusedThenServed({ ...all, method: 'PUT', path: `/half-read/${status}` });
    }
  });
}

// What the services themselves refuse: [what, method, path, status, content type].
const REFUSALS: readonly (readonly [string, string, string, number, string?])[] = [
  ['Cloud Storage: no name', 'POST', '/upload/storage/v1/b/bkt/o?uploadType=media', 400],
  ['Cloud Storage: no such bucket', 'POST', '/upload/storage/v1/b/none/o?uploadType=media&name=a', 404],
  ['Cloud Storage: unknown parameter', 'POST', '/upload/storage/v1/b/bkt/o?uploadType=media&name=a&x=1', 501],
  ['Cloud Storage: no boundary', 'POST', '/upload/storage/v1/b/bkt/o?uploadType=multipart', 400],
  [
    'Cloud Storage: no such session',
    'PUT',
    '/upload/storage/v1/b/bkt/o?uploadType=resumable&upload_id=x',
    404,
  ],
  ['Cloud Storage: metadata too large', 'POST', '/upload/storage/v1/b/bkt/o?uploadType=resumable', 413],
  ['Cloud Storage: a bucket', 'POST', '/storage/v1/b?project=contract', 501],
  ['Pub/Sub', 'POST', '/v1/projects/contract/topics/none:publish', 501],
  ['Cloud Scheduler', 'POST', '/v1/projects/contract/locations/europe-west1/jobs', 501],
  ['Cloud Run, v2', 'POST', '/v2/projects/contract/locations/europe-west1/jobs/none:run', 501],
  ['Cloud Run, v1', 'POST', '/apis/run.googleapis.com/v1/namespaces/contract/jobs/none:run', 404],
  ['BigQuery', 'POST', '/bigquery/v2/projects/contract/jobs', 501],
  ['BigQuery: an upload', 'POST', '/upload/bigquery/v2/projects/contract/jobs', 501],
  ['Drive', 'POST', '/drive/v3/files', 501],
  ['Drive: an upload', 'POST', '/upload/drive/v3/files', 501],
  ['the Telemetry API', 'POST', '/v1/traces', 400, 'text/plain'],
  ['Cloud Functions', 'POST', '/functions/none', 404],
  ['the metadata server', 'POST', '/computeMetadata/v1/project/project-id', 501],
  ['identities', 'PUT', '/local/identities/a', 501],
  ['faults', 'PUT', '/retry_test', 501],
  ['no route', 'POST', '/no/such/route', 501],
  ['JSON that is none', 'POST', '/bigquery/v2/projects/contract/jobs', 400, 'application/json'],
];

for (const [what, method, path, status, type = RAW] of REFUSALS) {
  test(`${what}: a refused body of 1 MB and of 20 MB leaves the connection in order`, async () => {
    for (const size of SIZES) {
      const headers = { 'content-type': type };
      await refusedThenServed({ method, path, status, headers, body: Buffer.alloc(size, 'x') });
    }
  });
}

test('a caller without rights is answered 403, and the connection serves the next request', async () => {
  const env = await mesh.cloud.envOf(`nobody@${PROJECT}.iam.gserviceaccount.com`);
  const port = Number(new URL(env['GOOGLE_API_ENDPOINT'] ?? '').port);
  const path = '/upload/storage/v1/b/bkt/o?uploadType=media&name=a';
  for (const size of SIZES)
    await refusedThenServed({ port, method: 'POST', path, status: 403, body: Buffer.alloc(size) });
});

test('a JSON body over the bound is answered 413, and the connection serves the next request', async () => {
  const body = Buffer.alloc(40 * MEGABYTE, ' ');
  const headers = { 'content-type': 'application/json' };
  await refusedThenServed({ method: 'POST', path: '/v1/traces', status: 413, headers, body });
});

test('a body that is announced with Expect: 100-continue is refused like any other', async () => {
  for (const path of ['/no/such/route', '/upload/storage/v1/b/none/o?uploadType=media&name=a']) {
    const headers = { expect: '100-continue', 'content-type': RAW };
    const status = path.startsWith('/no') ? 501 : 404;
    await refusedThenServed({ method: 'POST', path, status, headers, body: Buffer.alloc(20 * MEGABYTE) });
  }
});

test('a request of a web page is refused with its body, and the connection serves the next request', async () => {
  for (const size of SIZES) {
    const headers = { origin: 'https://evil.example', 'content-type': 'text/plain' };
    const path = '/upload/storage/v1/b/bkt/o?uploadType=media&name=a';
    await refusedThenServed({ method: 'POST', path, status: 403, headers, body: Buffer.alloc(size) });
  }
});
