// Every assertion that is not one of Identity-Aware Proxy for this console now, and the one that is.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';
import { verifyAssertion } from '../../../shared/access/assertion.ts';
import { KeySet } from '../../../shared/access/key-set.ts';
import { TransientError } from '../../../shared/errors.ts';

const NOW_S = Date.UTC(2026, 10, 27) / 1000;
const AUDIENCE = '/projects/123/locations/europe-west1/services/console';

const claimsOf = (others: JWTPayload = {}): JWTPayload => ({
  iss: 'https://cloud.google.com/iap',
  aud: AUDIENCE,
  sub: 'accounts.google.com:1234',
  email: 'Ada@example.org',
  iat: NOW_S,
  exp: NOW_S + 600,
  ...others,
});

describe('an assertion', () => {
  let own: CryptoKey;
  let foreign: CryptoKey;
  let rsa: CryptoKey;
  let keys: KeySet;
  before(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    own = pair.privateKey;
    foreign = (await generateKeyPair('ES256')).privateKey;
    const other = await generateKeyPair('RS256', { extractable: true });
    rsa = other.privateKey;
    const jwks = [
      { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' },
      { ...(await exportJWK(other.publicKey)), kid: 'k2', alg: 'RS256' },
    ];
    keys = new KeySet({ fetchKeys: () => Promise.resolve({ keys: jwks }), now: () => NOW_S * 1000 });
  });

  const verify = (...headers: readonly string[]) =>
    verifyAssertion(headers, { keys, audience: AUDIENCE, now: () => NOW_S * 1000 });
  const sign = (claims: JWTPayload, { key = own, alg = 'ES256', kid = 'k1' } = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key);
  const refuses = async (isExpired: boolean, ...headers: readonly string[]) => {
    const verified = await verify(...headers);
    assert.equal(verified.kind, 'refused', JSON.stringify(verified));
    assert.equal(verified.kind === 'refused' && verified.isExpired, isExpired);
    for (const header of headers) assert.ok(!JSON.stringify(verified).includes(header));
  };

  test('names its person, the address in lower case', async () => {
    const assertion = await sign(claimsOf());
    assert.deepEqual(await verify(assertion), {
      kind: 'verified',
      person: { email: 'ada@example.org', subject: 'accounts.google.com:1234' },
      assertion,
    });
  });

  test('is refused where there is none, more than one, or one that cannot be read', async () => {
    await refuses(false);
    const assertion = await sign(claimsOf());
    assert.equal((await verify(assertion, assertion)).kind, 'refused');
    await refuses(false, 'no assertion');
    await refuses(false, `${assertion}${'x'.repeat(10_000)}`);
  });

  test('is refused of another issuer, or for another service', async () => {
    await refuses(false, await sign(claimsOf({ iss: 'https://accounts.google.com' })));
    await refuses(false, await sign(claimsOf({ aud: AUDIENCE.replace('console', 'other') })));
    await refuses(false, await sign(claimsOf({ aud: [] })));
  });

  test('is refused when its time is over or has not come, and says that it has expired', async () => {
    await refuses(true, await sign(claimsOf({ iat: NOW_S - 700, exp: NOW_S - 100 })));
    await refuses(false, await sign(claimsOf({ iat: NOW_S + 100, exp: NOW_S + 700 })));
    // Signed for longer than the proxy ever does.
    await refuses(true, await sign(claimsOf({ iat: NOW_S - 4_000, exp: NOW_S + 4_000 })));
    assert.equal((await verify(await sign(claimsOf({ iat: NOW_S + 20 })))).kind, 'verified', 'clocks differ');
  });

  test('is refused with another key, another algorithm, or no signature', async () => {
    await refuses(false, await sign(claimsOf(), { key: foreign }));
    await refuses(false, await sign(claimsOf(), { kid: 'k9' }));
    await refuses(false, await sign(claimsOf(), { key: rsa, alg: 'RS256', kid: 'k2' }));
    await refuses(false, new UnsecuredJWT(claimsOf()).encode());
    const [header, payload] = (await sign(claimsOf())).split('.');
    const hs256 = Buffer.from(JSON.stringify({ alg: 'HS256', kid: 'k1' })).toString('base64url');
    const forged = createHmac('sha256', 'k1').update(`${hs256}.${payload}`).digest('base64url');
    await refuses(false, `${hs256}.${payload}.${forged}`);
    await refuses(false, `${header}.${payload}.`);
  });

  test('is refused without a person, and without each claim that it needs', async () => {
    await refuses(false, await sign(claimsOf({ email: '' })));
    for (const claim of ['iss', 'aud', 'sub', 'email', 'iat', 'exp'])
      await refuses(false, await sign(claimsOf({ [claim]: undefined })));
  });

  test('cannot be judged while the keys cannot be had: that is no refusal', async () => {
    const without = new KeySet({ fetchKeys: () => Promise.reject(new Error('no')), now: () => NOW_S * 1000 });
    const ports = { keys: without, audience: AUDIENCE, now: () => NOW_S * 1000 };
    await assert.rejects(verifyAssertion([await sign(claimsOf())], ports), TransientError);
  });
});
