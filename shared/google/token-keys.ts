// Fetches the public keys of Google's issuers of identity tokens.
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { IssuerKeys } from '../access/key-set.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure } from './failures.ts';
import { CallRefused, callsTo } from './http-calls.ts';

/** A person waits for the answer; what failed is tried again within half a minute. */
const MANNER = { longestMs: 5_000, retries: 0, keepsConnections: false };
const LARGEST_BYTES = 100_000;
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(20) });

export function tokenKeys(config: GoogleConfig): IssuerKeys {
  const { google, identityPlatform, iap } = endpointsOf(config).tokenKeys;
  return {
    google: keysAt(google),
    identityPlatform: keysAt(identityPlatform),
    iap: keysAt(iap),
  };
}

/** With plain calls: the first `fetch` of a process takes a tenth of a cold start. */
function keysAt(url: string): () => Promise<JSONWebKeySet> {
  const { origin, pathname } = new URL(url);
  const send = callsTo(origin, undefined, MANNER);
  return async () => {
    try {
      const answer = await send({ method: 'GET', path: pathname, headers: { accept: 'application/json' } });
      if (answer.status !== 200) throw new CallRefused(answer);
      if (answer.body.length > LARGEST_BYTES) throw new Error(`more than ${LARGEST_BYTES} bytes`);
      return keySet.parse(JSON.parse(answer.body.toString('utf8'))) as JSONWebKeySet;
    } catch (error) {
      throw failure(`fetching the keys of ${url}`, error);
    }
  };
}
