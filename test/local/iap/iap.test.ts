// The local Identity-Aware Proxy: whom it lets through, what it says of them, and what it never passes on.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeJwt, decodeProtectedHeader, createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { IAP_AGENT } from '../../../local/iam/agents.ts';
import { iapResource } from '../../../local/iam/provision.ts';
import { functionResource } from '../../../local/functions/functions.ts';
import { fileURLToPath } from 'node:url';
import { startMesh, PROJECT, type WatchedMesh } from '../../ports/cloud.ts';
import { send } from '../http/wire.ts';

const REGION = 'europe-west1';
const AUDIENCE = `/projects/123456789012/locations/${REGION}/services/shown`;
const ADA = 'ada@example.org';

let mesh: WatchedMesh;
before(async () => {
  mesh = await startMesh();
  const { cloud } = mesh;
  const account = `shown@${PROJECT}.iam.gserviceaccount.com`;
  cloud.iam.ensureServiceAccount(account);
  cloud.functions.ensureFunction({
    name: 'shown',
    sourceFile: fileURLToPath(new URL('./echo-service.ts', import.meta.url)),
    entryPoint: 'shown',
    env: {},
    serviceAccountEmail: account,
    timeoutSeconds: 60,
    size: { memory: '512Mi', cpu: '1', concurrency: 10, minInstances: 0, maxInstances: 1 },
    url: cloud.functionUrl('shown'),
    iap: { location: REGION, audience: AUDIENCE },
  });
  cloud.iam.grant({
    role: 'roles/iap.httpsResourceAccessor',
    member: `user:${ADA}`,
    resource: iapResource(PROJECT, REGION, 'shown'),
  });
  await cloud.start();
});
after(() => mesh.close());

const invoker = () => ({
  role: 'roles/run.invoker',
  member: `serviceAccount:${IAP_AGENT}`,
  resource: functionResource(PROJECT, 'shown'),
});

const askAs = async (email: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${await mesh.cloud.iap.addressFor(email)}/a?b=1`, { headers });
  return { status: answer.status, text: await answer.text() };
};

describe('the proxy', () => {
  test('reaches no service until its agent may invoke it', async () => {
    const refused = await askAs(ADA);
    assert.equal(refused.status, 403);
    assert.match(refused.text, /IAP service account/);
    mesh.cloud.iam.grant(invoker());
    assert.equal((await askAs(ADA)).status, 200);
  });

  test('signs the person in: the assertion is verified by the keys that are published', async () => {
    const { headers, url } = JSON.parse((await askAs(ADA)).text) as {
      headers: Record<string, string>;
      url: string;
    };
    assert.equal(url, '/a?b=1');
    assert.equal(headers['x-goog-authenticated-user-email'], `accounts.google.com:${ADA}`);
    const assertion = headers['x-goog-iap-jwt-assertion'] ?? '';
    const published = await fetch(`${mesh.cloud.endpoint}/iap/verify/public_key-jwk`);
    const keys = createLocalJWKSet((await published.json()) as JSONWebKeySet);
    const options = { algorithms: ['ES256'], issuer: 'https://cloud.google.com/iap', audience: AUDIENCE };
    const { payload } = await jwtVerify(assertion, keys, options);
    assert.equal(payload['email'], ADA);
    assert.equal(Number(payload.exp) - Number(payload.iat), 600);
    assert.equal(decodeProtectedHeader(assertion).alg, 'ES256');
  });

  test('passes on nothing that a client says in its place', async () => {
    const forged = { 'x-goog-iap-jwt-assertion': 'forged', 'x-goog-authenticated-user-email': 'eve' };
    const { headers } = JSON.parse((await askAs(ADA, forged)).text) as { headers: Record<string, string> };
    assert.equal(decodeJwt(headers['x-goog-iap-jwt-assertion'] ?? '')['email'], ADA);
    assert.equal(headers['x-goog-authenticated-user-email'], `accounts.google.com:${ADA}`);
  });

  test('refuses a person without the right, a page of another site, and a foreign host', async () => {
    assert.equal((await askAs('eve@example.org')).status, 403);
    assert.equal((await askAs(ADA, { origin: 'https://evil.example' })).status, 403);
    const port = Number(new URL(await mesh.cloud.iap.addressFor(ADA)).port);
    const rebound = await send({ port, method: 'GET', path: '/', headers: { host: 'evil.example' } });
    assert.equal(rebound.status, 403);
  });

  test('is reached by a link of another page of this machine, and by nothing else of it', async () => {
    const port = Number(new URL(await mesh.cloud.iap.addressFor(ADA)).port);
    const link = {
      'sec-fetch-site': 'same-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    const statusOf = async (method: string, headers: Readonly<Record<string, string>>) =>
      (await send({ port, method, path: '/', headers })).status;
    assert.equal(await statusOf('GET', link), 200);
    for (const [method, headers] of [
      ['POST', link],
      ['GET', { ...link, 'sec-fetch-site': 'cross-site' }],
      ['GET', { ...link, 'sec-fetch-mode': 'no-cors' }],
      ['GET', { ...link, 'sec-fetch-dest': 'iframe' }],
      ['GET', { ...link, host: 'evil.example' }],
    ] as const)
      assert.equal(await statusOf(method, headers), 403, JSON.stringify({ method, ...headers }));
  });

  test('gives addresses to the owner of this machine alone', async () => {
    const path = `/local/iap/${encodeURIComponent(ADA)}`;
    assert.equal((await fetch(`${mesh.cloud.endpoint}${path}`)).status, 200);
    const { GOOGLE_API_ENDPOINT } = await mesh.cloud.envOf(`shown@${PROJECT}.iam.gserviceaccount.com`);
    assert.equal((await fetch(`${GOOGLE_API_ENDPOINT}${path}`)).status, 403);
  });
});
