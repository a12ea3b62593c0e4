// What an error of Cloud Storage's client means for its write: refused, or unknown (law 3).
import { TransientError } from '../errors.ts';
import type { Unknown } from '../objects/store.ts';
import { statusOf } from './failures.ts';

/** The content of an upload ended with an error. */
export class ContentBroken extends Error {}

export const isTooOften = (error: unknown): boolean =>
  error instanceof TransientError && statusOf(error.cause) === 429;

/**
 * No status: the connection broke. 408 and 5xx: the service failed, and may have done the work before. Any other status
 * is an answer, and a request that the client or the content ended was never complete.
 */
export function unknownIfLost(error: unknown, wrapped: Error): Unknown {
  if (error instanceof ContentBroken) throw wrapped;
  const status = statusOf(error);
  if (status !== undefined && status < 500 && status !== 408) throw wrapped;
  return { kind: 'unknown', cause: wrapped };
}
