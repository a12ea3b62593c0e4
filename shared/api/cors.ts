// Browsers: which pages of other origins may call the API, and read which headers.
import type { Answer, WholeCall } from '../http/call.ts';

const TAKEN =
  'authorization, content-type, idempotency-key, if-none-match, last-event-id, prefer, traceparent';
const SHOWN = 'etag, location, ratelimit, ratelimit-policy, retry-after, preference-applied';
const METHODS = 'GET, HEAD, POST, DELETE';
const PREFLIGHT_KEPT_S = '600';

/** Tokens come in a header and never as cookies, so no answer allows credentials. */
export function corsHeaders(origin: string | undefined, allowed: ReadonlySet<string>): Answer['headers'] {
  if (allowed.size === 0) return {};
  if (origin === undefined || !allowed.has(origin)) return { vary: 'origin' };
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': SHOWN,
    vary: 'origin',
  };
}

/** A preflight carries no token, and changes nothing. From an origin that is not listed, it is answered without leave. */
export function preflight({ method, headers }: WholeCall, allowed: ReadonlySet<string>): Answer | undefined {
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined;
  const cors = corsHeaders(headers.origin, allowed);
  const leave: Answer['headers'] = {
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': TAKEN,
    'access-control-max-age': PREFLIGHT_KEPT_S,
  };
  const isListed = 'access-control-allow-origin' in cors;
  return { status: 204, headers: isListed ? { ...cors, ...leave } : cors, text: '' };
}
