// Every way in to the requests API, tried on the local cloud at both functions: the tokens that count, and all that do not.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { requestsDuring } from '../requests.ts';
import { AUDIENCE, PEOPLE, startFront, type Front } from './start-front.ts';

const GOOGLE = 'https://accounts.google.com';
const LISTED = 'ada@example.com';

interface Received {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

describe('the requests API', () => {
  let front: Front;
  let foreign: CryptoKey;
  before(async () => {
    front = await startFront();
    foreign = (await generateKeyPair('RS256')).privateKey;
  });
  after(() => front?.close());

  const nowS = () => Math.floor(Date.now() / 1000);
  const claimsOf = (others: JWTPayload = {}): JWTPayload => ({
    ...{ iss: GOOGLE, aud: AUDIENCE, sub: '1234', iat: nowS(), exp: nowS() + 3600 },
    ...{ email: LISTED, email_verified: true, ...others },
  });
  const userClaims = (others: JWTPayload = {}): JWTPayload => ({
    ...{ iss: `https://securetoken.google.com/${PEOPLE}`, aud: PEOPLE, sub: 'user', iat: nowS() },
    ...{ exp: nowS() + 3600, firebase: { tenant: 'blue' }, ...others },
  });
  const googles = (others: JWTPayload = {}) => front.tokens.signClaims('google', claimsOf(others));
  const platforms = (others: JWTPayload = {}) =>
    front.tokens.signClaims('identity-platform', userClaims(others));
  const keyOf = async () => (await front.tokens.publicKeys('google')).keys[0]!;

  async function send(url: string, token: string | undefined, init: RequestInit = {}): Promise<Received> {
    const authorization: Record<string, string> =
      token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'key', ...authorization };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    return { status: answer.status, body: (await answer.json()) as Received['body'] };
  }
  const request = (token?: string, key = 'key') =>
    send(`${front.accept}/pipeline/run`, token, {
      method: 'POST',
      body: JSON.stringify({ pipeline: 'sample', parameters: { text: key } }),
    });
  const list = (token?: string) => send(`${front.read}/pipeline/jobs`, token);

  async function refused(token: string | undefined): Promise<void> {
    for (const answer of [await request(token), await list(token)]) {
      assert.deepEqual(
        [answer.status, answer.body['type']],
        [401, 'urn:sluice:problem:unauthenticated'],
        JSON.stringify(answer.body),
      );
      // The answer quotes no token.
      if (token !== undefined) assert.ok(!JSON.stringify(answer.body).includes(token.slice(0, 30)));
    }
  }

  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const forged = (header: object) =>
    new SignJWT(claimsOf()).setProtectedHeader({ alg: 'RS256', ...header }).sign(foreign);

  test('refuses a call without a token', () => refused(undefined));

  test('refuses a token without an algorithm', async () => {
    await refused(new UnsecuredJWT(claimsOf()).encode());
    for (const alg of ['none', 'None'])
      await refused(`${part({ alg, kid: (await keyOf()).kid })}.${part(claimsOf())}.AAAA`);
  });

  test('refuses HMAC with the public key as its secret', async () => {
    const jwk = await keyOf();
    const pem = await exportSPKI((await importJWK(jwk, 'RS256', { extractable: true })) as CryptoKey);
    for (const secret of [pem, JSON.stringify(jwk), JSON.stringify(await front.tokens.publicKeys())]) {
      const signed = `${part({ alg: 'HS256', kid: jwk.kid, typ: 'JWT' })}.${part(claimsOf())}`;
      await refused(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`);
    }
  });

  test('refuses a token that brings its key, names a place of keys, or injects into the key id', async () => {
    const { kid } = await keyOf();
    const own = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(own.publicKey);
    for (const header of [
      { kid, jwk },
      { kid, jku: 'https://evil.example/keys' },
      { kid, x5u: 'https://evil.example/cert' },
      { kid: '../../../dev/null' },
      { kid: "x' OR '1'='1" },
      { kid: '' },
      {},
    ])
      await refused(await forged(header));
  });

  test('refuses a token of a foreign issuer, and one of an issuer that the key of the other signed', async () => {
    for (const iss of ['https://evil.example', `${GOOGLE}.evil.example`, 'https://securetoken.google.com/'])
      await refused(await googles({ iss }));
    await refused(await front.tokens.signClaims('google', userClaims()));
    await refused(await front.tokens.signClaims('identity-platform', claimsOf()));
  });

  test('refuses a token for another audience, and one of another project', async () => {
    for (const aud of ['https://other.example', front.accept, PEOPLE, []])
      await refused(await googles({ aud }));
    const other = { iss: 'https://securetoken.google.com/another', aud: 'another' };
    await refused(await platforms(other));
    await refused(await platforms({ aud: 'another' }));
    await refused(await platforms({ aud: AUDIENCE }));
    await refused(await front.tokens.mintUserToken({ project: 'another', subject: 'user', tenant: 'blue' }));
  });

  test('refuses a token that has expired, is not valid yet, or never ends', async () => {
    for (const times of [
      { iat: nowS() - 7200, exp: nowS() - 3600 },
      { iat: nowS() + 600, exp: nowS() + 4200 },
      { nbf: nowS() + 600 },
      { exp: nowS() + 40 * 365 * 86_400, iat: nowS() - 7200 },
    ]) {
      await refused(await googles(times));
      await refused(await platforms(times));
    }
    await refused(await googles({ exp: undefined }));
  });

  test('refuses a token with changed claims, or with a signature that was cut', async () => {
    const [header, , signature = ''] = (await googles()).split('.');
    await refused(`${header}.${part(claimsOf({ sub: '1' }))}.${signature}`);
    await refused(`${header}.${part(claimsOf())}.${signature.slice(0, 40)}`);
  });

  test('finds the job of its owner alone: another caller gets 404, before anything is read', async () => {
    const { status, body } = await request(await googles());
    assert.equal(status, 202, JSON.stringify(body));
    const path = `/pipeline/job/${String(body['job_id'])}`;
    assert.equal((await send(`${front.read}${path}`, await googles())).status, 200);
    const others = [
      await googles({ sub: '1235', email: 'bob@example.com' }),
      await googles({ sub: '9', email: 'eve@example.com' }),
      // The same subject at another issuer is another owner.
      await platforms({ sub: '1234', email: LISTED, email_verified: true }),
    ];
    for (const token of others) {
      const asked = await requestsDuring(async () => {
        for (const [url, init] of [
          [`${front.read}${path}`, {}],
          [`${front.read}${path}/events`, {}],
          [`${front.read}${path}/result`, {}],
          [`${front.accept}${path}/cancel`, { method: 'POST', body: '{"reason":"mine"}' }],
          [`${front.accept}${path}/content`, { method: 'DELETE' }],
        ] as const)
          assert.equal((await send(url, token, init)).status, 404, url);
      });
      assert.deepEqual(
        asked.filter((call) => /\/storage\/|\/topics\//.test(call)),
        [],
      );
      assert.deepEqual((await list(token)).body['jobs'], []);
    }
  });

  test('lets in whom the stack lists: a hosted domain by its own claim, a tenant, and verified addresses', async () => {
    const domain = await front.token('zoe@example.org');
    const users = {
      tenant: await front.tokens.mintUserToken({ project: PEOPLE, subject: 'u1', tenant: 'blue' }),
      address: await front.tokens.mintUserToken({
        ...{ project: PEOPLE, subject: 'u2', email: 'carol@elsewhere.example' },
      }),
    };
    for (const [who, token] of Object.entries({ domain, ...users })) {
      const { status, body } = await request(token);
      assert.equal(status, 202, `${who}: ${JSON.stringify(body)}`);
      const jobs = (await list(token)).body['jobs'] as readonly { job_id: string }[];
      assert.deepEqual(
        jobs.map(({ job_id }) => job_id),
        [body['job_id']],
        who,
      );
    }
  });

  test('answers 403 to a valid token of anyone else, who requests nothing and sees no preset', async () => {
    for (const token of [
      await front.token('eve@elsewhere.example'),
      // An address at the domain, and not of it.
      await googles({ email: 'zoe@example.org', sub: 'z' }),
      await googles({ email_verified: false, sub: 'y' }),
      await front.tokens.mintUserToken({ project: PEOPLE, subject: 'u3', tenant: 'red' }),
      await front.tokens.mintUserToken({ project: PEOPLE, subject: 'u4' }),
      await front.tokens.mintUserToken({
        ...{ project: PEOPLE, subject: 'u5', email: 'carol@elsewhere.example', emailVerified: false },
      }),
      await platforms({ sub: 'u6', firebase: {}, hd: 'example.org' }),
    ]) {
      const { status, body } = await request(token);
      assert.deepEqual([status, body['type']], [403, 'urn:sluice:problem:forbidden']);
      const presets = await send(`${front.read}/presets`, token);
      assert.ok(!JSON.stringify(presets.body).includes('sample'), JSON.stringify(presets.body));
      assert.deepEqual((await list(token)).body['jobs'], []);
    }
  });
});
