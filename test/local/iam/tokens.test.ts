// Whose token it is, for whom, and for how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { VirtualClock } from '../../../local/clock.ts';
import { Tokens } from '../../../local/iam/tokens.ts';
import { memoryState } from '../../../local/state/state.ts';

const EMAIL = 'detect-changes@p.iam.gserviceaccount.com';
const AUDIENCE = 'https://detect-changes.example';

test('an ID token tells whose it is to the one audience it was made for', async () => {
  const tokens = await Tokens.open(memoryState());
  const token = await tokens.mintIdToken(EMAIL, AUDIENCE);
  assert.equal(await tokens.verifyIdToken(`Bearer ${token}`, AUDIENCE), EMAIL);
  assert.equal(await tokens.verifyIdToken(`bearer ${token}`, AUDIENCE), EMAIL);
  assert.equal(await tokens.verifyIdToken(`Bearer ${token}`, 'https://other.example'), undefined);
});

test('an ID token carries the claims that Google puts in it', async () => {
  const clock = new VirtualClock();
  const tokens = await Tokens.open(memoryState(), clock);
  const token = await tokens.mintIdToken(EMAIL, AUDIENCE);
  const claims = decodeJwt(token);
  assert.equal(decodeProtectedHeader(token).alg, 'RS256');
  assert.equal(claims.iss, 'https://accounts.google.com');
  assert.equal(claims.aud, AUDIENCE);
  assert.equal(claims['email'], EMAIL);
  assert.equal(claims['email_verified'], true);
  assert.match(String(claims.sub), /^\d{21}$/);
  assert.equal(Number(claims.exp) - Number(claims.iat), 3600);
  assert.equal(claims.iat, Math.floor(clock.now() / 1000));
});

test('an ID token is refused from the hour on that it expires', async () => {
  const clock = new VirtualClock();
  const tokens = await Tokens.open(memoryState(), clock);
  const header = `Bearer ${await tokens.mintIdToken(EMAIL, AUDIENCE)}`;
  clock.advance(3_599_000);
  assert.equal(await tokens.verifyIdToken(header, AUDIENCE), EMAIL);
  clock.advance(1_000);
  assert.equal(await tokens.verifyIdToken(header, AUDIENCE), undefined);
});

test('a missing, unsigned, altered or foreign token is refused', async () => {
  const tokens = await Tokens.open(memoryState());
  const foreign = await Tokens.open(memoryState());
  const token = await tokens.mintIdToken(EMAIL, AUDIENCE);
  const [, payload] = token.split('.');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  const other = Buffer.from(JSON.stringify({ ...decodeJwt(token), email: 'root@p' })).toString('base64url');
  const altered = token.replace(String(payload), other);
  const headers = [
    undefined,
    '',
    token,
    `Basic ${token}`,
    `Bearer ${unsigned}`,
    `Bearer ${altered}`,
    `Bearer ${await foreign.mintIdToken(EMAIL, AUDIENCE)}`,
    `Bearer ${tokens.mintAccessToken(EMAIL)}`,
  ];
  for (const header of headers) assert.equal(await tokens.verifyIdToken(header, AUDIENCE), undefined);
});

test('a token minted before a restart is still good after it', async () => {
  const state = memoryState();
  const token = await (await Tokens.open(state)).mintIdToken(EMAIL, AUDIENCE);
  assert.equal(await (await Tokens.open(state)).verifyIdToken(`Bearer ${token}`, AUDIENCE), EMAIL);
});

test("a person's token names the domain of a Workspace account, others have none", async () => {
  const tokens = await Tokens.open(memoryState());
  const domainOf = async (email: string) => decodeJwt(await tokens.mintIdToken(email, AUDIENCE))['hd'];
  assert.equal(await domainOf('ana@example.com'), 'example.com');
  for (const email of ['ana@gmail.com', 'operator@local', 'x@p.iam.gserviceaccount.com'])
    assert.equal(await domainOf(email), undefined, email);
});
