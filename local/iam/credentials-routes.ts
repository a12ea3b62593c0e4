// The IAM Credentials API, as far as it signs bytes, and the public keys of Google's identity tokens.
import type { FastifyInstance } from 'fastify';
import { invalid, notImplemented } from '../http/errors.ts';
import type { AccountKeys } from './account-keys.ts';
import type { Authorize } from './authorize.ts';
import type { IssuerName, Tokens } from './tokens.ts';

export interface CredentialsOptions {
  readonly projectId: string;
  readonly authorize: Authorize;
  readonly keys: AccountKeys;
  readonly tokens: Tokens;
}

const SIGN = ':signBlob';
const KEY_PATHS: Readonly<Record<string, IssuerName>> = {
  '/oauth2/v3/certs': 'google',
  '/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com': 'identity-platform',
};

export function credentialsRoutes(
  app: FastifyInstance,
  { projectId, authorize, keys, tokens }: CredentialsOptions,
): void {
  for (const [path, issuer] of Object.entries(KEY_PATHS))
    app.get(path, async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=600').send(await tokens.publicKeys(issuer)),
    );

  app.post('/v1/projects/-/serviceAccounts/:call', (request) => {
    const { call } = request.params as { call: string };
    if (!call.endsWith(SIGN)) throw notImplemented(`POST ${request.url.split('?')[0]}`);
    const email = call.slice(0, -SIGN.length);
    const payload = payloadIn(request.body);
    authorize(
      request.caller,
      'iam.serviceAccounts.signBlob',
      `projects/${projectId}/serviceAccounts/${email}`,
    );
    return { keyId: 'system-managed', signedBlob: keys.sign(email, payload).toString('base64') };
  });
}

function payloadIn(body: unknown): Buffer {
  const { payload, ...others } = (body ?? {}) as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw notImplemented(`the field ${other} of signBlob`);
  if (typeof payload !== 'string' || payload === '') throw invalid('payload is required');
  return Buffer.from(payload, 'base64');
}
