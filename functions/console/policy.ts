// What a browser may do with the console's pages, and which forms it accepts: those of its own pages.
import type { WholeCall } from '../../shared/http/call.ts';

/** The one policy of Trusted Types, by which the client's script reads a page that it has fetched. */
export const TRUSTED_TYPES_POLICY = 'sluice';

const CONTENT = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  `trusted-types ${TRUSTED_TYPES_POLICY}`,
].join('; ');

/** On every answer. */
export const SECURITY: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT,
  'x-content-type-options': 'nosniff',
  // A form's `Origin` would be null without any referrer.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'strict-transport-security': 'max-age=31536000',
};

/**
 * A browser names the page of a form in `Origin` and its relation in `Sec-Fetch-Site`, and no page can forge either. Both
 * have to be there: a program has its own way, `sluice`.
 */
export function isOwnForm({ headers, distinct }: Pick<WholeCall, 'headers' | 'distinct'>): boolean {
  const [origin, ...more] = distinct['origin'] ?? [];
  if (origin === undefined || more.length > 0 || !URL.canParse(origin)) return false;
  return new URL(origin).host === headers.host && distinct['sec-fetch-site']?.join() === 'same-origin';
}
