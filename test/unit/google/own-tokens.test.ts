// The tokens of a process: read of the metadata server, kept until they end, and asked of Google's library where there is none.
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { tokensFrom, type OwnTokens } from '../../../shared/google/own-tokens.ts';

const HOUR_MS = 3_600_000;
let nowMs = Date.UTC(2026, 0, 5);
let asked: string[] = [];
let status = 200;

const identityUntil = (endsAtMs: number): string =>
  `e30.${Buffer.from(JSON.stringify({ exp: endsAtMs / 1000 })).toString('base64url')}.signature`;

const server: Server = createServer(({ url = '', headers }, response) => {
  asked.push(url);
  if (status !== 200 || headers['metadata-flavor'] !== 'Google') return response.writeHead(status).end('no');
  const token = { access_token: `access-${asked.length}`, expires_in: 3600, token_type: 'Bearer' };
  return response.end(url.endsWith('/token') ? JSON.stringify(token) : identityUntil(nowMs + HOUR_MS));
});

const LIBRARY: OwnTokens = {
  access: () => Promise.resolve('of the library'),
  identity: (audience) => Promise.reject(new Error(`no credentials for ${audience}`)),
};
const open = (): OwnTokens =>
  tokensFrom(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    now: () => nowMs,
    otherwise: LIBRARY,
  });

describe('the tokens of a process', () => {
  before(() => new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening)));
  after(() => void server.close());
  beforeEach(() => {
    asked = [];
    status = 200;
  });

  test('an access token is read once for all who ask, and again four minutes before it ends', async () => {
    const tokens = open();
    deepEqual(await Promise.all([tokens.access(), tokens.access()]), ['access-1', 'access-1']);
    nowMs += HOUR_MS - 5 * 60_000;
    equal(await tokens.access(), 'access-1');
    nowMs += 2 * 60_000;
    equal(await tokens.access(), 'access-2');
  });

  test('an identity token is kept for each address by itself, for as long as the token says', async () => {
    const tokens = open();
    const first = await tokens.identity('https://one.example.org');
    equal(await tokens.identity('https://one.example.org'), first);
    await tokens.identity('https://other.example.org/a?b');
    nowMs += HOUR_MS;
    await tokens.identity('https://one.example.org');
    deepEqual(
      asked.map((url) => url.split('audience=')[1]),
      [
        'https%3A%2F%2Fone.example.org',
        'https%3A%2F%2Fother.example.org%2Fa%3Fb',
        'https%3A%2F%2Fone.example.org',
      ],
    );
  });

  test('without a metadata server the library is asked; where it has none either, the error names both', async () => {
    const tokens = open();
    status = 404;
    equal(await tokens.access(), 'of the library');
    await rejects(
      tokens.identity('https://one.example.org'),
      /no credentials for https:\/\/one\.example\.org; the metadata server: the service answered 404/,
    );
    status = 200;
    equal(await tokens.access(), `access-${asked.length}`);
  });
});
