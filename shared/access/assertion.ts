// Verifies the assertion of Identity-Aware Proxy: the person who uses the console, as Google has signed them in.
import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { KeySet } from './key-set.ts';

/** The header in which Identity-Aware Proxy passes its assertion; a client cannot set it through the proxy. */
export const ASSERTION = 'x-goog-iap-jwt-assertion';
/** The header in which the console passes it on to handle-commands. */
export const PASSED_ON = 'x-sluice-person-assertion';

export interface Person {
  /** Verified by Google, in lower case. */
  readonly email: string;
  /** Never changes, unlike an address. */
  readonly subject: string;
}

export type VerifiedPerson =
  | { readonly kind: 'verified'; readonly person: Person; readonly assertion: string }
  /** `why` never quotes the assertion. */
  | { readonly kind: 'refused'; readonly isExpired: boolean; readonly why: string };

export interface AssertionPorts {
  readonly keys: KeySet;
  /** `/projects/<number>/locations/<region>/services/<name>` of the console. */
  readonly audience: string;
  readonly now: () => number;
}

const ISSUER = 'https://cloud.google.com/iap';
const ALGORITHMS = ['ES256'];
const LONGEST_ASSERTION = 8_192;
/** Google allows for clocks that differ by 30 seconds. */
const TOLERANCE_S = 30;
/** Identity-Aware Proxy signs for ten minutes, at each request anew. */
const OLDEST_S = 600 + TOLERANCE_S;

const refused = (why: string, isExpired = false): VerifiedPerson => ({ kind: 'refused', isExpired, why });

const claims = z.object({ email: z.string().min(3).max(320), sub: z.string().min(1).max(255) });

/**
 * The person whom the only assertion in `headers` names. The plain header with an address is never read: a caller
 * that reaches the service past the proxy could write it. Throws `TransientError` while Google's keys cannot be had.
 */
export async function verifyAssertion(
  headers: readonly string[],
  { keys, audience, now }: AssertionPorts,
): Promise<VerifiedPerson> {
  const [assertion] = headers;
  if (assertion === undefined) return refused('the call carries no assertion of Identity-Aware Proxy');
  if (headers.length > 1 || assertion.length > LONGEST_ASSERTION)
    return refused('the call carries more than one assertion, or one that is too long');
  try {
    const { payload } = await jwtVerify(
      assertion,
      async (header) => {
        const key = await keys.find(header);
        if (key === undefined) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: ALGORITHMS,
        issuer: ISSUER,
        audience,
        requiredClaims: ['exp', 'iat', 'sub', 'email'],
        maxTokenAge: OLDEST_S,
        clockTolerance: TOLERANCE_S,
        currentDate: new Date(now()),
      },
    );
    const read = claims.safeParse(payload);
    if (!read.success) return refused('the assertion names no person');
    const { email, sub: subject } = read.data;
    return { kind: 'verified', person: { email: email.toLowerCase(), subject }, assertion };
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    return refused(`the assertion is not valid: ${error.code}`, error instanceof errors.JWTExpired);
  }
}
