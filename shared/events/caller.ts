// The caller of an HTTP function, from the identity token that Cloud Run has verified.
import { z } from 'zod';
import { PermanentError } from '../errors.ts';

const claims = z.object({ email: z.string().min(3).max(320) });

interface CallHeaders {
  readonly authorization?: string | undefined;
  readonly 'x-serverless-authorization'?: unknown;
}

/**
 * The email in the bearer token of `Authorization`. Cloud Run refuses a call without a valid token, and passes the
 * token on without its signature, so this function has nothing to verify. But if a call carries
 * `X-Serverless-Authorization`, Cloud Run verifies that token and does not check `Authorization`.
 */
export function callerOf({ authorization, ...headers }: CallHeaders): string {
  if (headers['x-serverless-authorization'] !== undefined)
    throw new PermanentError(
      'the call carries X-Serverless-Authorization; expected its token in Authorization',
      { code: 'CALLER_UNKNOWN' },
    );
  const payload = /^Bearer +[^.\s]+\.([^.\s]+)\./i.exec(authorization ?? '')?.[1] ?? '';
  try {
    return claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).email;
  } catch (cause) {
    const message = 'the call carries no identity token with an email; expected one in Authorization';
    throw new PermanentError(message, { cause, code: 'CALLER_UNKNOWN' });
  }
}
