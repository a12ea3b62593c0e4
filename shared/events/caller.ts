// Who calls an HTTP function: read off the identity token that Cloud Run has already verified.
import { z } from 'zod';
import { PermanentError } from '../errors.ts';

const claims = z.object({ email: z.string().min(3).max(320) });

/**
 * The email in the bearer token of `Authorization`. Cloud Run lets no call through without a valid token and
 * hands the token on without its signature, so there is nothing left to verify here.
 */
export function callerOf(authorization: string | undefined): string {
  const payload = /^Bearer +[^.\s]+\.([^.\s]+)\./i.exec(authorization ?? '')?.[1] ?? '';
  try {
    return claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).email;
  } catch (cause) {
    throw new PermanentError(
      'the call carries no identity token with an email; expected one in Authorization',
      {
        cause,
      },
    );
  }
}
