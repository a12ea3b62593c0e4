// Reads what the functions of the mesh answer: a result, or a refusal with its reason.
import { messageOf } from '../errors.ts';

/** A function that takes longer continues on its own; the caller reads its result later. */
export const LONGEST_CALL_MS = 240_000;

/** The functions of the mesh answer a refusal with its reason, and services with problem details (RFC 9457). */
export function reportedBy(error: unknown): string {
  const body = (answerIn(error) ?? {}) as { error?: unknown; detail?: unknown };
  const message = body.error ?? body.detail;
  // The client may use it as the message of the error as well.
  return typeof message === 'string' && message !== messageOf(error) ? `: ${message}` : '';
}

/** The body of the answer that an error is of; undefined where there is none. */
export const answerIn = (error: unknown): unknown =>
  parsed((error as { response?: { data?: unknown } } | null)?.response?.data);

/** A function that is called by an event answers with text. */
export function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
