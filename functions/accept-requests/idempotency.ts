// The idempotency key of a request, and the hash by which the same request is recognised.
import { createHash } from 'node:crypto';
import { ApiProblem } from '../../shared/api/problems.ts';
import { invalidRequest } from '../../shared/api/serve.ts';
import type { WholeCall } from '../../shared/http/call.ts';
import { canonicalJson } from '../../shared/requests/canonical.ts';

const HEADER = 'idempotency-key';
const LONGEST_KEY = 255;
const VISIBLE = /^[\x21-\x7e]+$/;

/** The header exactly once, of 1 to 255 visible ASCII characters. Its text is never shown. */
export function idempotencyKeyOf(distinct: WholeCall['distinct']): string {
  const [key, ...more] = distinct[HEADER] ?? [];
  const errors = [
    { in: 'header Idempotency-Key', detail: 'expected 1 to 255 visible ASCII characters, once' },
  ];
  if (key === undefined)
    throw new ApiProblem(
      'idempotency-key-missing',
      'The header Idempotency-Key is missing; expected a key that the caller chose for this one request.',
      { errors },
    );
  if (more.length > 0 || key.length > LONGEST_KEY || !VISIBLE.test(key))
    throw new ApiProblem(
      'idempotency-key-invalid',
      `The header Idempotency-Key is there ${more.length + 1} times with ${key.length} characters; expected it once, with 1 to ${LONGEST_KEY} visible ASCII characters.`,
      { errors },
    );
  return key;
}

/** Of what was sent, whatever the order of its fields. */
export function bodyHashOf(body: unknown): string {
  try {
    return createHash('sha256').update(canonicalJson(body)).digest('hex');
  } catch (error) {
    if (error instanceof RangeError)
      throw invalidRequest([{ pointer: '', detail: `too deep: ${error.message}` }]);
    throw error;
  }
}

export const keyReused = (): ApiProblem =>
  new ApiProblem(
    'idempotency-key-reused',
    'The Idempotency-Key belongs to an earlier request with another body; expected a new key for a new request.',
  );
