// The answers of the console: pages, JSON and files, compressed where the browser takes that, and 304 for what it has.
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { BytesAnswer, WholeCall } from '../../shared/http/call.ts';
import { SECURITY } from './policy.ts';

export const HTML = 'text/html; charset=utf-8';
export const JSON_TYPE = 'application/json; charset=utf-8';

type Headers = Readonly<Record<string, string>>;

/** Below it, compressing costs more than it saves. */
const LEAST_BYTES = 1_000;
/** A page is made for one reader: a high level would take longer than the reader's line. */
const QUALITY = 4;

export const etagOf = (...parts: readonly string[]): string =>
  `"${createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 27)}"`;

/** A page is of one person, and is asked for again each time; what is unchanged is not sent again. */
const PAGE: Headers = {
  'cache-control': 'private, no-cache',
  vary: 'Accept, Accept-Language, Accept-Encoding',
};

export const isKnown = ({ headers }: Pick<WholeCall, 'headers'>, etag: string): boolean =>
  (headers['if-none-match'] ?? '').split(',').some((each) => each.trim().replace(/^W\//, '') === etag);

export const unchanged = (etag: string): BytesAnswer => ({
  status: 304,
  headers: { ...SECURITY, ...PAGE, etag },
  bytes: new Uint8Array(),
});

export const answerWith = (
  call: Pick<WholeCall, 'headers' | 'method'>,
  given: {
    readonly status: number;
    readonly type: string;
    readonly text: string | Uint8Array;
    readonly headers?: Headers;
  },
): BytesAnswer => {
  const { bytes, encoding } = compressed(given.text, String(call.headers['accept-encoding'] ?? ''));
  return {
    status: given.status,
    headers: {
      ...SECURITY,
      ...PAGE,
      'content-type': given.type,
      'content-length': String(bytes.length),
      ...(encoding !== undefined && { 'content-encoding': encoding }),
      ...given.headers,
    },
    bytes: call.method === 'HEAD' ? new Uint8Array() : bytes,
  };
};

function compressed(
  text: string | Uint8Array,
  accepted: string,
): { readonly bytes: Buffer; readonly encoding?: string } {
  const bytes = Buffer.from(text);
  if (bytes.length < LEAST_BYTES) return { bytes };
  if (/\bbr\b/.test(accepted)) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY };
    return { bytes: brotliCompressSync(bytes, { params }), encoding: 'br' };
  }
  return /\bgzip\b/.test(accepted) ? { bytes: gzipSync(bytes), encoding: 'gzip' } : { bytes };
}

/** After a form: the browser reads the result by a request of its own, so that a reload sends nothing again. */
export const seeOther = (path: string): BytesAnswer => ({
  status: 303,
  headers: { ...SECURITY, 'cache-control': 'no-store', location: path },
  bytes: new Uint8Array(),
});
