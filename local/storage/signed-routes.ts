// Signed URLs (V4) of the XML API: one object is read by everyone who has the URL, in the right of the account that signed it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { ApiError, notImplemented } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import { sendMedia } from './download.ts';
import { objectOf } from './object-routes.ts';
import type { Storage } from './storage.ts';

/** Whether the account signed the bytes. */
export type Verifies = (account: string, bytes: Buffer, signature: Buffer) => boolean;

const ALGORITHM = 'GOOG4-RSA-SHA256';
const LONGEST_SECONDS = 604_800;
const LARGEST_SKEW_MS = 15 * 60_000;
const KNOWN = [
  'X-Goog-Algorithm',
  'X-Goog-Credential',
  'X-Goog-Date',
  'X-Goog-Expires',
  'X-Goog-SignedHeaders',
  'X-Goog-Signature',
  'response-content-disposition',
];

/** How the XML API refuses. */
class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function signedRoutes(
  app: FastifyInstance,
  storage: Storage,
  { authorize, verifies, now }: { authorize: Authorize; verifies: Verifies; now: () => number },
): void {
  app.get('/:bucket/*', (request, reply) => {
    const signed = signedIn(request);
    // Any other path is one that no service knows.
    if (signed === undefined) throw notImplemented(`GET ${request.url.split('?')[0]}`);
    try {
      const account = accountOf(signed, request, verifies, now());
      const asked = objectIn(signed.path);
      try {
        authorize(account, 'storage.objects.get', objectOf(asked));
      } catch {
        throw new Refused(403, 'AccessDenied', `${account} does not have storage.objects.get access.`);
      }
      const row = storage.objects.require(asked);
      const disposition = signed.query.get('response-content-disposition');
      const sent = sendMedia(request, reply, storage, row);
      return disposition === null ? sent : sent.header('content-disposition', disposition);
    } catch (error) {
      return refuse(reply, error);
    }
  });
}

interface Signed {
  readonly path: string;
  readonly query: URLSearchParams;
  /** The parameters as they were sent, without the signature. */
  readonly sent: readonly string[];
}

function signedIn({ url }: FastifyRequest): Signed | undefined {
  const [path = '', text = ''] = url.split('?', 2);
  const query = new URLSearchParams(text);
  if (!query.has('X-Goog-Signature')) return undefined;
  for (const name of query.keys())
    if (!KNOWN.includes(name)) throw notImplemented(`the query parameter ${name} of a signed URL`);
  return { path, query, sent: text.split('&').filter((each) => !each.startsWith('X-Goog-Signature=')) };
}

/** Checks the form, the times and the signature; returns the account. */
function accountOf(
  { path, query, sent }: Signed,
  request: FastifyRequest,
  verifies: Verifies,
  nowMs: number,
) {
  const of = (name: string): string => query.get(name) ?? '';
  const time = of('X-Goog-Date');
  const [account = '', ...scope] = of('X-Goog-Credential').split('/');
  const wrong =
    of('X-Goog-Algorithm') !== ALGORITHM ||
    !/^\d{8}T\d{6}Z$/.test(time) ||
    scope.join('/') !== `${time.slice(0, 8)}/auto/storage/goog4_request` ||
    of('X-Goog-SignedHeaders') !== 'host';
  if (wrong) throw new Refused(400, 'InvalidArgument', 'Invalid argument.');
  checkTimes(time, Number(of('X-Goog-Expires')), nowMs);
  const { host } = request.headers;
  const parameters = sent.toSorted().join('&');
  const canonical = ['GET', path, parameters, `host:${host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  const toSign = Buffer.from([ALGORITHM, time, scope.join('/'), digest].join('\n'));
  if (!verifies(account, toSign, Buffer.from(of('X-Goog-Signature'), 'hex')))
    throw new Refused(403, 'SignatureDoesNotMatch', 'Access denied.');
  return account;
}

function checkTimes(time: string, seconds: number, nowMs: number): void {
  const signedMs = Date.parse(
    time.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  const isWrong =
    Number.isNaN(signedMs) || !(Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_SECONDS);
  if (isWrong) throw new Refused(400, 'InvalidArgument', 'Invalid argument.');
  if (signedMs > nowMs + LARGEST_SKEW_MS) throw new Refused(403, 'AccessDenied', 'Request is not valid yet.');
  if (nowMs >= signedMs + seconds * 1000) throw new Refused(400, 'ExpiredToken', 'Invalid argument.');
}

function objectIn(path: string): { readonly bucket: string; readonly name: string } {
  const [bucket = '', ...name] = path.slice(1).split('/').map(decodeURIComponent);
  return { bucket, name: name.join('/') };
}

function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  const refused =
    error instanceof ApiError && error.code === 404
      ? new Refused(404, 'NoSuchKey', 'The specified key does not exist.')
      : error;
  if (!(refused instanceof Refused)) throw error;
  const { status, code, message } = refused;
  return reply
    .code(status)
    .type('application/xml; charset=UTF-8')
    .send(
      `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    );
}
