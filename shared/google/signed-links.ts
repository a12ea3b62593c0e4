// Signed links to objects (V4): Google signs with the key of this process's own account, which never leaves Google.
import { GoogleAuth } from 'google-auth-library';
import { createHash } from 'node:crypto';
import type { LinkSigner, SignedLink } from '../objects/links.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure } from './failures.ts';
import { CallRefused, callsTo } from './http-calls.ts';
import { once } from './lazily.ts';
import { ownTokens } from './own-tokens.ts';

const ALGORITHM = 'GOOG4-RSA-SHA256';
const STORAGE = 'https://storage.googleapis.com';

interface Signing {
  readonly bucket: string;
  readonly account: string;
  readonly origin: string;
  readonly nowMs: number;
}

/** Signs as the account of the process. It needs the right to sign as itself, and to read the bucket. */
export function linkSigner(bucket: string, config: GoogleConfig, now: () => number = Date.now): LinkSigner {
  const { storage, iamCredentials } = endpointsOf(config);
  const isGoogle = config.GOOGLE_API_ENDPOINT === undefined;
  const send = callsTo(iamCredentials, isGoogle ? ownTokens(config).access : undefined);
  const account = once(accountOfProcess);
  return {
    async sign(link) {
      const signing = {
        ...{ bucket, nowMs: now(), origin: storage.apiEndpoint ?? STORAGE },
        account: await account(),
      };
      const unsigned = unsignedLink(link, signing);
      const path = `/v1/projects/-/serviceAccounts/${encodeURIComponent(signing.account)}:signBlob`;
      const payload = Buffer.from(unsigned.toSign).toString('base64');
      const doing = `signing a link to gs://${bucket}/${link.object} as ${signing.account}`;
      try {
        const answer = await send({
          ...{ method: 'POST', path, headers: { 'content-type': 'application/json' } },
          body: Buffer.from(JSON.stringify({ payload })),
        });
        if (answer.status !== 200) throw new CallRefused(answer);
        const { signedBlob } = JSON.parse(answer.body.toString('utf8')) as { readonly signedBlob: string };
        return `${unsigned.url}&X-Goog-Signature=${Buffer.from(signedBlob, 'base64').toString('hex')}`;
      } catch (error) {
        throw failure(doing, error, 'iam.serviceAccounts.signBlob');
      }
    },
  };
}

async function accountOfProcess(): Promise<string> {
  const { client_email } = await new GoogleAuth().getCredentials();
  if (client_email !== undefined && client_email !== '') return client_email;
  throw failure('reading the account of the process', new Error('its credentials name none'));
}

/**
 * The link without its signature, and what has to be signed:
 * https://docs.cloud.google.com/storage/docs/authentication/signatures
 */
export function unsignedLink(
  { object, expiresSeconds, fileName }: SignedLink,
  { bucket, account, origin, nowMs }: Signing,
): { readonly url: string; readonly toSign: string } {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/auto/storage/goog4_request`;
  const query = [
    ['X-Goog-Algorithm', ALGORITHM],
    ['X-Goog-Credential', `${account}/${scope}`],
    ['X-Goog-Date', time],
    ['X-Goog-Expires', String(expiresSeconds)],
    ['X-Goog-SignedHeaders', 'host'],
    ['response-content-disposition', `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"`],
  ]
    .map(([name, value]) => `${encoded(name ?? '')}=${encoded(value ?? '')}`)
    .sort()
    .join('&');
  const path = `/${bucket}/${object.split('/').map(encoded).join('/')}`;
  const { host } = new URL(origin);
  const canonical = ['GET', path, query, `host:${host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  return { url: `${origin}${path}?${query}`, toSign: [ALGORITHM, time, scope, digest].join('\n') };
}

/** As RFC 3986 has it, which leaves fewer characters alone than `encodeURIComponent`. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
