// The local cloud answers programs on this machine: no web page, by whatever name it reaches the port, gets through.
import assert from 'node:assert/strict';
import { createServer, type OutgoingHttpHeaders } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';
import { drainAfterAnswer } from '../../../local/http/unread-bodies.ts';
import { startMesh, PROJECT, type WatchedMesh } from '../../ports/cloud.ts';
import { send } from './wire.ts';

const REGIONAL = `projects/${PROJECT}/locations/europe-west1`;
const FLAVOR = { 'metadata-flavor': 'Google' };

// A root route of every service, and what it answers a program: [service, method, path, status, headers].
const ROUTES: readonly (readonly [string, string, string, number, OutgoingHttpHeaders?])[] = [
  ['Cloud Storage', 'GET', `/storage/v1/b?project=${PROJECT}`, 200],
  ['Cloud Storage, bytes', 'GET', '/storage/v1/b/bkt/o/a?alt=media', 404],
  ['Cloud Storage, uploads', 'POST', '/upload/storage/v1/b/bkt/o?uploadType=media&name=b', 200],
  ['Pub/Sub', 'GET', `/v1/projects/${PROJECT}/topics`, 200],
  ['Cloud Scheduler', 'GET', `/v1/${REGIONAL}/jobs`, 200],
  ['Cloud Run, v2', 'GET', `/v2/${REGIONAL}/jobs`, 200],
  ['Cloud Run, v1', 'GET', `/apis/run.googleapis.com/v1/namespaces/${PROJECT}/jobs`, 200],
  ['BigQuery', 'GET', `/bigquery/v2/projects/${PROJECT}/datasets`, 200],
  ['Drive', 'GET', '/drive/v3/files', 200],
  ['the Telemetry API', 'GET', `/v1/traces/${'1'.repeat(32)}`, 200],
  ['Cloud Functions', 'POST', '/functions/none', 404],
  ['the metadata server', 'GET', '/computeMetadata/v1/project/project-id', 200, FLAVOR],
  ['the metadata server, root', 'GET', '/', 200, FLAVOR],
  ['identities', 'GET', '/local/identities/operator%40local', 200],
  ['faults', 'GET', '/retry_test/none', 404],
  ['no service', 'GET', '/none', 501],
  ['preflights', 'OPTIONS', '/storage/v1/b', 501],
];

const OWN_HOSTS = [
  '127.0.0.1:PORT',
  'localhost:PORT',
  'run.localhost:PORT',
  '[::1]:PORT',
  '127.8.9.1',
  'LOCALHOST:1',
];
const FOREIGN_HOSTS = [
  'evil.example:PORT',
  'evil.example',
  '127.0.0.1.evil.example:PORT',
  'localhost.evil.example',
  'notlocalhost',
  'evil@127.0.0.1:PORT',
  '127.0.0.1:PORT@evil.example',
  '127.0.0.1, evil.example',
  '0.0.0.0:PORT',
  '169.254.169.254',
  'metadata.google.internal',
  '[::ffff:1.2.3.4]:PORT',
];
const PAGES: readonly OutgoingHttpHeaders[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://127.0.0.1:1' },
  { origin: 'http://localhost:PORT' },
  { origin: 'https://127.0.0.1:PORT' },
  { origin: '' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'none, cross-site' },
  { origin: 'https://evil.example', 'content-type': 'text/plain' },
];

let mesh: WatchedMesh;
let port: number;
before(async () => {
  mesh = await startMesh();
  mesh.cloud.storage.ensureBucket({ name: 'bkt', projectId: PROJECT, location: 'EU' });
  port = Number(new URL(mesh.cloud.endpoint).port);
});
after(() => mesh.close());

const here = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('PORT', String(port))) as T;

function assertRefused(status: number, text: string, what: RegExp): void {
  assert.equal(status, 403, text);
  const { error } = JSON.parse(text) as { error: { status: string; message: string } };
  assert.equal(error.status, 'PERMISSION_DENIED');
  assert.match(error.message, what);
}

for (const [service, method, path, status, more = {}] of ROUTES) {
  test(`${service}: programs are answered, under every name of loopback`, async () => {
    for (const host of here(OWN_HOSTS)) {
      const headers = { ...more, host };
      assert.equal((await send({ port, method, path, headers })).status, status, host);
      const own = { ...headers, origin: `http://${host}`.toLowerCase(), 'sec-fetch-site': 'same-origin' };
      assert.equal((await send({ port, method, path, headers: own })).status, status, `a page of ${host}`);
      const absolute = `http://${host}${path}`;
      assert.equal((await send({ port, method, path: absolute, headers })).status, status, absolute);
    }
  });

  test(`${service}: a foreign Host is refused, also in an absolute request target`, async () => {
    for (const host of here(FOREIGN_HOSTS)) {
      const refused = await send({ port, method, path, headers: { ...more, host } });
      assertRefused(refused.status, refused.text, /the Host ".*"; expected localhost/);
    }
    for (const target of [`http://evil.example${path}`, `ftp://127.0.0.1${path}`]) {
      const refused = await send({ port, method, path: target, headers: more });
      assertRefused(refused.status, refused.text, /the request target "/);
    }
  });

  test(`${service}: a request of a web page is refused`, async () => {
    for (const page of here(PAGES)) {
      const refused = await send({ port, method, path, headers: { ...more, ...page } });
      assertRefused(refused.status, refused.text, /the (Origin|Sec-Fetch-Site) ".*"; expected/);
    }
  });
}

test('two hosts, or none, are refused', async () => {
  for (const hosts of [
    ['127.0.0.1', 'evil.example'],
    ['evil.example', '127.0.0.1'],
  ]) {
    const lines = hosts.map((host) => `Host: ${host}\r\n`).join('');
    assert.match(await raw(`GET /none HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`), /^HTTP\/1\.1 4\d\d /);
  }
  assert.match(await raw('GET /none HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 403 /);
});

/** What the server answers to these bytes, until it closes the connection. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.once('error', reject).once('close', () => resolve(answer));
  });
}

test('no other address of this machine is listened on', async () => {
  const addresses = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map(({ address }) => address);
  for (const address of [...addresses, '127.0.0.2']) {
    const code = await new Promise((resolve) => {
      const socket = connect(port, address, () => (socket.destroy(), resolve('connected')));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    assert.notEqual(code, 'connected', address);
  }
});

test('identities without end get no ports without end', async () => {
  const statuses = new Set<number>();
  for (let count = 0; count <= 500 && !statuses.has(400); count++)
    statuses.add((await send({ port, path: `/local/identities/a${count}` })).status);
  assert.deepEqual([...statuses], [200, 400]);
});

test('what a bucket holds runs no script when a browser opens it', async () => {
  const { cloud } = mesh;
  const path = '/upload/storage/v1/b/bkt/o?uploadType=media&name=page.html';
  await send({ port, method: 'POST', path, headers: { 'content-type': 'text/html' }, body: '<script>' });
  const { headers } = await send({ port, path: '/storage/v1/b/bkt/o/page.html?alt=media' });
  assert.equal(headers['content-type'], 'text/html');
  assert.equal(headers['content-security-policy'], 'sandbox');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.ok(cloud.storage.find('bkt', 'page.html'));
});

test('JSON that is nested too deep is refused, in a body and in the metadata of an object', async () => {
  const body = `{"a":${'['.repeat(100)}"]"${']'.repeat(100)}}`;
  const headers = { 'content-type': 'application/json' };
  for (const path of ['/v1/traces', '/upload/storage/v1/b/bkt/o?uploadType=resumable']) {
    const refused = await send({ port, method: 'POST', path, headers, body });
    assert.equal(refused.status, 400);
    assert.match(refused.text, /nested more than 100 levels/);
    const allowed = await send({
      port,
      method: 'POST',
      path,
      headers,
      body: body.replace('[', '').replace(']}', '}'),
    });
    assert.doesNotMatch(allowed.text, /nested/);
  }
});

test('a body over the bound of what is drained costs the connection, after its answer', async () => {
  const server = createServer((request, response) => {
    drainAfterAnswer(request, response, { largestBytes: 100_000, longestMs: 600_000 });
    response.writeHead(404).end('refused');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const to = (server.address() as AddressInfo).port;
    const answer = await new Promise<string>((resolve) => {
      let heard = '';
      const socket = connect(to, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n');
      });
      socket.on('data', (chunk) => {
        heard += String(chunk);
        socket.write(Buffer.alloc(150_000));
      });
      socket.on('error', () => undefined).once('close', () => resolve(heard));
    });
    assert.match(answer, /^HTTP\/1\.1 404 .*refused/s);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
