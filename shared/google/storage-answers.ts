// What an error of Cloud Storage's client says of the write that it belongs to: refused, or unknown (law 3).
import { TransientError } from '../errors.ts';
import type { Unknown } from '../objects/store.ts';
import { statusOf } from './failures.ts';

/** The content of an upload broke off before the upload did. */
export class ContentBroken extends Error {}

export const isTooOften = (error: unknown): boolean =>
  error instanceof TransientError && statusOf(error.cause) === 429;

/**
 * No status: the connection broke. 408 and 5xx: the service gave up, and may have done the work before. Any other
 * status is an answer, and what the client or the content refused never was a whole request.
 */
export function unknownIfLost(error: unknown, wrapped: Error): Unknown {
  if (error instanceof ContentBroken) throw wrapped;
  const status = statusOf(error);
  if (status !== undefined && status < 500 && status !== 408) throw wrapped;
  return { kind: 'unknown', cause: wrapped };
}
