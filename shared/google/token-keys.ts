// Fetches the public keys of Google's issuers of identity tokens.
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { IssuerKeys } from '../access/key-set.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure } from './failures.ts';

const LONGEST_FETCH_MS = 5_000;
const LARGEST_BYTES = 100_000;
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(20) });

export function tokenKeys(config: GoogleConfig): IssuerKeys {
  const { google, identityPlatform, iap } = endpointsOf(config).tokenKeys;
  return {
    google: () => fetchKeys(google),
    identityPlatform: () => fetchKeys(identityPlatform),
    iap: () => fetchKeys(iap),
  };
}

async function fetchKeys(url: string): Promise<JSONWebKeySet> {
  try {
    const signal = AbortSignal.timeout(LONGEST_FETCH_MS);
    const answer = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
    if (!answer.ok) throw Object.assign(new Error(`status ${answer.status}`), { status: answer.status });
    const text = await answer.text();
    if (text.length > LARGEST_BYTES) throw new Error(`more than ${LARGEST_BYTES} bytes`);
    return keySet.parse(JSON.parse(text)) as JSONWebKeySet;
  } catch (error) {
    throw failure(`fetching the keys of ${url}`, error);
  }
}
