// Verifies identity tokens: of Google accounts and service accounts, and of Identity Platform users.
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import type { TokenCaller } from './caller.ts';
import type { KeySet } from './key-set.ts';

/** One issuer of tokens, with what its tokens must say. */
export interface Issuer {
  /** The first is the issuer's name in records; Google writes its own with and without `https://`. */
  readonly names: readonly [string, ...string[]];
  readonly audiences: readonly string[];
  readonly keys: KeySet;
  readonly callerIn: (claims: JWTPayload) => Omit<TokenCaller, 'issuer' | 'subject'>;
}

export type Verified =
  | { readonly kind: 'verified'; readonly caller: TokenCaller }
  /** `why` never quotes the token. */
  | { readonly kind: 'refused'; readonly why: string };

const ALGORITHMS = ['RS256'];
const LONGEST_TOKEN = 8_192;
/** Clocks differ a little. */
const TOLERANCE_S = 10;
/** Both issuers sign for an hour. */
const OLDEST_S = 3_600 + TOLERANCE_S;

const refused = (why: string): Verified => ({ kind: 'refused', why });

/**
 * The caller that the header's token names. The issuer that the token claims chooses the keys; the signature, the
 * algorithm, the issuer, the audience and the times are then checked together. Throws `TransientError` while the keys
 * of the issuer cannot be had.
 */
export async function verifyToken(
  authorization: readonly string[],
  issuers: readonly Issuer[],
  now: () => number,
): Promise<Verified> {
  if (authorization.length === 0) return refused('the call carries no token');
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization[0] ?? '')?.[1];
  if (authorization.length > 1 || token === undefined || token.length > LONGEST_TOKEN)
    return refused('the call carries no bearer token that can be read, or more than one');
  const issuer = issuerOf(token, issuers);
  if (issuer === undefined) return refused('the issuer of the token is not one of this deployment');
  try {
    const { payload } = await jwtVerify(
      token,
      async (header) => {
        const key = await issuer.keys.find(header);
        if (key === undefined) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: ALGORITHMS,
        issuer: [...issuer.names],
        audience: [...issuer.audiences],
        requiredClaims: ['exp', 'iat', 'sub'],
        maxTokenAge: OLDEST_S,
        clockTolerance: TOLERANCE_S,
        currentDate: new Date(now()),
      },
    );
    return callerOf(payload, issuer);
  } catch (error) {
    if (error instanceof errors.JOSEError) return refused(`the token is not valid: ${error.code}`);
    throw error;
  }
}

function issuerOf(token: string, issuers: readonly Issuer[]): Issuer | undefined {
  try {
    const { iss } = decodeJwt(token);
    return issuers.find(({ names }) => iss !== undefined && names.includes(iss));
  } catch {
    return undefined;
  }
}

const subject = z.string().min(1).max(255);

function callerOf(claims: JWTPayload, issuer: Issuer): Verified {
  const read = subject.safeParse(claims.sub);
  if (!read.success) return refused('the token names no subject');
  return {
    kind: 'verified',
    caller: { issuer: issuer.names[0], subject: read.data, ...issuer.callerIn(claims) },
  };
}

const address = z.object({ email: z.string().min(3).max(320), email_verified: z.literal(true) });
const emailIn = (claims: JWTPayload): string | null => address.safeParse(claims).data?.email ?? null;
const textIn = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

export const GOOGLE_ISSUER = 'https://accounts.google.com';

export const googleIssuer = (audiences: readonly string[], keys: KeySet): Issuer => ({
  names: [GOOGLE_ISSUER, 'accounts.google.com'],
  audiences,
  keys,
  callerIn: (claims) => ({ email: emailIn(claims), domain: textIn(claims['hd']), tenant: null }),
});

const firebase = z.object({ firebase: z.object({ tenant: z.string() }) });

/** The project that owns the users: the issuer and the audience of their tokens. */
export const identityPlatformIssuer = (project: string, keys: KeySet): Issuer => ({
  names: [`https://securetoken.google.com/${project}`],
  audiences: [project],
  keys,
  callerIn: (claims) => ({
    email: emailIn(claims),
    domain: null,
    tenant: firebase.safeParse(claims).data?.firebase.tenant ?? null,
  }),
});
