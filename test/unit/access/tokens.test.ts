// Every way in with a token that is not valid, and the two that are.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import type { CryptoKey, JSONWebKeySet } from 'jose';
import { KeySet } from '../../../shared/access/key-set.ts';
import { googleIssuer, identityPlatformIssuer, verifyToken } from '../../../shared/access/tokens.ts';

const NOW_S = Date.UTC(2026, 10, 27) / 1000;
const AUDIENCE = 'sluice-requests';
const PROJECT = 'people';

interface Pair {
  readonly privateKey: CryptoKey;
  readonly publicPem: string;
  readonly keys: JSONWebKeySet;
}

async function pairNamed(kid: string): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  return { privateKey, publicPem: await exportSPKI(publicKey), keys: { keys: [jwk] } };
}

const claimsOf = (others: JWTPayload = {}): JWTPayload => ({
  iss: 'https://accounts.google.com',
  aud: AUDIENCE,
  sub: '1234',
  iat: NOW_S,
  exp: NOW_S + 3600,
  email: 'ada@example.com',
  email_verified: true,
  hd: 'example.com',
  ...others,
});

const userOf = (others: JWTPayload = {}): JWTPayload => ({
  iss: `https://securetoken.google.com/${PROJECT}`,
  aud: PROJECT,
  sub: 'user-1',
  iat: NOW_S,
  exp: NOW_S + 3600,
  firebase: { tenant: 'blue' },
  ...others,
});

describe('a token', () => {
  let [google, platform, foreign]: Pair[] = [];
  before(async () => {
    [google, platform, foreign] = await Promise.all(['g1', 'p1', 'g1'].map(pairNamed));
  });

  const now = () => NOW_S * 1000;
  const keySet = (keys: JSONWebKeySet) => new KeySet({ fetchKeys: () => Promise.resolve(keys), now });
  const verify = (...authorization: readonly string[]) =>
    verifyToken(
      authorization,
      [
        googleIssuer([AUDIENCE], keySet(google!.keys)),
        identityPlatformIssuer(PROJECT, keySet(platform!.keys)),
      ],
      now,
    );
  const sign = (claims: JWTPayload, header: object = {}, pair = google!) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'g1', ...header }).sign(pair.privateKey);
  const refusedWith = async (expected: RegExp, ...authorization: readonly string[]) => {
    const verified = await verify(...authorization);
    assert.ok(verified.kind === 'refused', JSON.stringify(verified));
    assert.match(verified.why, expected);
    for (const sent of authorization) assert.ok(!verified.why.includes(sent.slice(7, 40)));
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  test('of Google names its caller, and its domain by its own claim', async () => {
    assert.deepEqual(await verify(`Bearer ${await sign(claimsOf())}`), {
      kind: 'verified',
      caller: {
        issuer: 'https://accounts.google.com',
        subject: '1234',
        email: 'ada@example.com',
        domain: 'example.com',
        tenant: null,
      },
    });
  });

  test('with the other name of Google is of the same issuer', async () => {
    const verified = await verify(`bearer ${await sign(claimsOf({ iss: 'accounts.google.com' }))}`);
    assert.ok(verified.kind === 'verified');
    assert.equal(verified.caller.issuer, 'https://accounts.google.com');
  });

  test('of Identity Platform names its caller and its tenant, never a domain', async () => {
    const token = await sign(userOf({ hd: 'example.com' }), { kid: 'p1' }, platform!);
    const verified = await verify(`Bearer ${token}`);
    assert.ok(verified.kind === 'verified');
    assert.deepEqual(verified.caller, {
      issuer: `https://securetoken.google.com/${PROJECT}`,
      subject: 'user-1',
      email: null,
      domain: null,
      tenant: 'blue',
    });
  });

  test('with an address that is not verified names no address', async () => {
    for (const email_verified of [false, 'true', undefined]) {
      const verified = await verify(`Bearer ${await sign(claimsOf({ email_verified }))}`);
      assert.ok(verified.kind === 'verified');
      assert.equal(verified.caller.email, null);
    }
  });

  test('that is absent, twice there, or no bearer token is refused', async () => {
    const token = await sign(claimsOf());
    await refusedWith(/carries no token/);
    await refusedWith(/more than one/, `Bearer ${token}`, `Bearer ${token}`);
    await refusedWith(/can be read/, `Basic ${token}`);
    await refusedWith(/can be read/, `Bearer ${token} ${token}`);
    await refusedWith(/can be read/, `Bearer ${token}`.replace(/\.[^.]*$/, ''));
    await refusedWith(/can be read/, `Bearer ${'a'.repeat(9000)}.${'b'.repeat(10)}.c`);
  });

  test('without an algorithm is refused', async () => {
    const token = new UnsecuredJWT(claimsOf()).encode();
    await refusedWith(/can be read/, `Bearer ${token}`);
    await refusedWith(/ERR_JOSE_ALG_NOT_ALLOWED/, `Bearer ${token}x`);
    await refusedWith(
      /ERR_JOSE_ALG_NOT_ALLOWED/,
      `Bearer ${part({ alg: 'None', kid: 'g1' })}.${part(claimsOf())}.AAAA`,
    );
  });

  test('signed by HMAC with the public key as its secret is refused', async () => {
    for (const secret of [google!.publicPem, JSON.stringify(google!.keys.keys[0])]) {
      const signed = `${part({ alg: 'HS256', kid: 'g1', typ: 'JWT' })}.${part(claimsOf())}`;
      const signature = createHmac('sha256', secret).update(signed).digest('base64url');
      await refusedWith(/ERR_JOSE_ALG_NOT_ALLOWED/, `Bearer ${signed}.${signature}`);
    }
  });

  test('that brings its own key, or where to find one, is refused', async () => {
    const jwk = foreign!.keys.keys[0];
    for (const header of [
      { kid: 'g1', jwk },
      { kid: '../../../p1', jku: 'https://evil.example/keys' },
      { kid: "g1' OR '1'='1" },
      { kid: '/dev/null' },
      { kid: '' },
      { kid: undefined },
      { kid: 'g1', x5u: 'https://evil.example/cert' },
    ]) {
      await refusedWith(
        /ERR_JWS_SIGNATURE_VERIFICATION_FAILED|ERR_JWKS_NO_MATCHING_KEY/,
        `Bearer ${await sign(claimsOf(), header, foreign)}`,
      );
    }
  });

  test('with a critical header that is not known is refused', async () => {
    const header = { alg: 'RS256', kid: 'g1', crit: ['exp'], exp: NOW_S + 10 };
    const token = `${part(header)}.${part(claimsOf())}.AAAA`;
    await refusedWith(/ERR_JO?SE?_|ERR_JWS_/, `Bearer ${token}`);
  });

  test('with changed claims or a cut signature is refused', async () => {
    const [header, , signature] = (await sign(claimsOf())).split('.');
    await refusedWith(/SIGNATURE/, `Bearer ${header}.${part(claimsOf({ sub: '1' }))}.${signature}`);
    await refusedWith(/SIGNATURE/, `Bearer ${header}.${part(claimsOf())}.${signature?.slice(0, 40)}`);
    await refusedWith(/SIGNATURE/, `Bearer ${header}.${part(claimsOf())}.SIGNATURE_REMOVED_BY_GOOGLE`);
  });

  test('of a foreign issuer is refused, also where its key is known', async () => {
    for (const iss of ['https://evil.example', 'https://accounts.google.com.evil.example', '', undefined, 7])
      await refusedWith(/issuer of the token/, `Bearer ${await sign(claimsOf({ iss } as JWTPayload))}`);
    // The keys of one issuer never count for another.
    await refusedWith(/SIGNATURE|NO_MATCHING/, `Bearer ${await sign(userOf(), { kid: 'g1' })}`);
    await refusedWith(/SIGNATURE|NO_MATCHING/, `Bearer ${await sign(claimsOf(), { kid: 'p1' }, platform!)}`);
  });

  test('for another audience, or of another project, is refused', async () => {
    for (const aud of ['https://other.example', '', [], undefined, `${AUDIENCE} `, PROJECT])
      await refusedWith(
        /CLAIM_VALIDATION|CLAIM_INVALID/,
        `Bearer ${await sign(claimsOf({ aud } as JWTPayload))}`,
      );
    const other = { iss: 'https://securetoken.google.com/another', aud: 'another' };
    await refusedWith(/issuer of the token/, `Bearer ${await sign(userOf(other), { kid: 'p1' }, platform!)}`);
    const mixed = await sign(userOf({ aud: 'another' }), { kid: 'p1' }, platform!);
    await refusedWith(/CLAIM_VALIDATION/, `Bearer ${mixed}`);
  });

  test('is for no one where the deployment has no audience', async () => {
    const issuer = googleIssuer([], keySet(google!.keys));
    const verified = await verifyToken([`Bearer ${await sign(claimsOf())}`], [issuer], now);
    assert.equal(verified.kind, 'refused');
  });

  test('that has expired, is not valid yet, or never ends is refused', async () => {
    for (const times of [
      { iat: NOW_S - 3700, exp: NOW_S - 100 },
      { exp: NOW_S - 11 },
      { nbf: NOW_S + 60 },
      { iat: NOW_S + 60 },
      { iat: NOW_S - 7200, exp: NOW_S + 86_400 },
      { exp: undefined },
      { iat: undefined },
      { exp: 'tomorrow' },
    ])
      await refusedWith(
        /ERR_JWT_(EXPIRED|CLAIM_VALIDATION_FAILED|INVALID)/,
        `Bearer ${await sign(claimsOf(times as JWTPayload))}`,
      );
  });

  test('without a subject is refused', async () => {
    for (const sub of ['', undefined, 7, 'x'.repeat(256)])
      await refusedWith(/subject|CLAIM/, `Bearer ${await sign(claimsOf({ sub } as JWTPayload))}`);
  });
});
