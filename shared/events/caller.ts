// Who calls an HTTP function: read off the identity token that Cloud Run has already verified.
import { z } from 'zod';
import { PermanentError } from '../errors.ts';

const claims = z.object({ email: z.string().min(3).max(320) });

interface CallHeaders {
  readonly authorization?: string | undefined;
  readonly 'x-serverless-authorization'?: unknown;
}

/**
 * The email in the bearer token of `Authorization`. Cloud Run lets no call through without a valid token and
 * hands the token on without its signature, so there is nothing left to verify here. But where a call carries
 * `X-Serverless-Authorization`, Cloud Run checks that one and lets anything stand in `Authorization`.
 */
export function callerOf({ authorization, ...headers }: CallHeaders): string {
  if (headers['x-serverless-authorization'] !== undefined)
    throw new PermanentError(
      'the call carries X-Serverless-Authorization; expected its token in Authorization',
    );
  const payload = /^Bearer +[^.\s]+\.([^.\s]+)\./i.exec(authorization ?? '')?.[1] ?? '';
  try {
    return claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).email;
  } catch (cause) {
    const message = 'the call carries no identity token with an email; expected one in Authorization';
    throw new PermanentError(message, { cause });
  }
}
