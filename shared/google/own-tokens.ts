// The tokens of this process, from the metadata server of its machine, with plain calls: Google's library takes a tenth of a cold start.
import { messageOf } from '../errors.ts';
import type { GoogleConfig } from './endpoints.ts';
import { CallRefused, callsTo, type Send } from './http-calls.ts';
import { lazily } from './lazily.ts';

// Only where there is no metadata server, such as on a laptop with an operator's credentials.
const library = lazily(() => import('google-auth-library'));

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const METADATA_SERVER = 'http://metadata.google.internal';
const ACCOUNT = '/computeMetadata/v1/instance/service-accounts/default';
/** The metadata server gives the same token until 5 minutes before its end. */
const LEFT_MS = 4 * 60_000;
/** It answers within milliseconds; without one, Google's library looks elsewhere. */
const MANNER = { longestMs: 3_000, retries: 2, keepsConnections: false };
const MOST_AUDIENCES = 100;

interface Token {
  readonly value: string;
  readonly endsAtMs: number;
}

export interface OwnTokens {
  /** For Google's APIs. */
  readonly access: () => Promise<string>;
  /** For the function or service at that address. */
  readonly identity: (audience: string) => Promise<string>;
}

export interface TokenPorts {
  readonly now: () => number;
  /** What is asked where the metadata server gives no token. */
  readonly otherwise: OwnTokens;
}

/** `origin`: of the metadata server. */
export function tokensFrom(origin: string, { now, otherwise }: TokenPorts): OwnTokens {
  const send = callsTo(origin, undefined, MANNER);
  const kept = (read: () => Promise<Token>, instead: () => Promise<string>) =>
    keptUntilItEnds(read, instead, now);
  const access = kept(async () => {
    const { access_token, expires_in } = JSON.parse(await textAt(send, `${ACCOUNT}/token`)) as {
      readonly access_token: string;
      readonly expires_in: number;
    };
    return { value: access_token, endsAtMs: now() + expires_in * 1000 };
  }, otherwise.access);
  const identities = new Map<string, () => Promise<string>>();
  return {
    access,
    identity(audience) {
      const path = `${ACCOUNT}/identity?audience=${encodeURIComponent(audience)}`;
      const read = async () => {
        const value = (await textAt(send, path)).trim();
        return { value, endsAtMs: endOf(value) };
      };
      const identity = identities.get(audience) ?? kept(read, () => otherwise.identity(audience));
      // The addresses of a function's own calls, which are a few.
      if (identities.size < MOST_AUDIENCES) identities.set(audience, identity);
      return identity();
    },
  };
}

const made = new Map<string, OwnTokens>();

/** Of this process. The local cloud answers for the metadata server at the same address. */
export const ownTokens = ({ GOOGLE_API_ENDPOINT }: Pick<GoogleConfig, 'GOOGLE_API_ENDPOINT'>): OwnTokens => {
  const origin = GOOGLE_API_ENDPOINT === undefined ? METADATA_SERVER : new URL(GOOGLE_API_ENDPOINT).origin;
  const known = made.get(origin) ?? tokensFrom(origin, { now: Date.now, otherwise: ofLibrary });
  made.set(origin, known);
  return known;
};

async function textAt(send: Send, path: string): Promise<string> {
  const answer = await send({ method: 'GET', path, headers: { 'metadata-flavor': 'Google' } });
  if (answer.status !== 200) throw new CallRefused(answer);
  return answer.body.toString('utf8');
}

/** One read for all who ask meanwhile. What cannot be read of the metadata server is asked of Google's library, and not kept. */
function keptUntilItEnds(
  read: () => Promise<Token>,
  instead: () => Promise<string>,
  now: () => number,
): () => Promise<string> {
  let token: Token | undefined;
  let reading: Promise<string> | undefined;
  const readAnew = async (): Promise<string> => {
    try {
      token = await read();
      return token.value;
    } catch (cause) {
      return await instead().catch((error: unknown) => {
        throw new Error(`${messageOf(error)}; the metadata server: ${messageOf(cause)}`, { cause });
      });
    } finally {
      reading = undefined;
    }
  };
  return async () =>
    token !== undefined && now() < token.endsAtMs - LEFT_MS ? token.value : (reading ??= readAnew());
}

/** The seconds of `exp` in the token's middle part. Throws on what is no token. */
function endOf(token: string): number {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
    readonly exp?: unknown;
  };
  if (typeof claims.exp !== 'number') throw new TypeError('the identity token has no time at which it ends');
  return claims.exp * 1000;
}

const ofLibrary: OwnTokens = {
  async access() {
    const { GoogleAuth } = await library();
    return (await new GoogleAuth({ scopes: SCOPE }).getAccessToken()) ?? '';
  },
  async identity(audience) {
    const { GoogleAuth } = await library();
    const client = await new GoogleAuth().getIdTokenClient(audience);
    return client.idTokenProvider.fetchIdToken(audience);
  },
};
