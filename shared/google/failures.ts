// Reads the errors of the Google clients: which status, and whether another try can help.
import { z } from 'zod';
import { messageOf, PermanentError, TransientError } from '../errors.ts';
import { verdictOn, type Stated } from './reasons.ts';

/** The HTTP status of a client's error, when there was an answer at all. */
export function statusOf(error: unknown): number | undefined {
  const { code, status, response } = (error ?? {}) as {
    code?: unknown;
    status?: unknown;
    response?: { status?: unknown };
  };
  for (const candidate of [code, status, response?.status].map(Number)) {
    if (candidate >= 100 && candidate < 600) return candidate;
  }
  return undefined;
}

// gRPC's canonical codes, which the clients of Pub/Sub and Cloud Run use over REST as well.
const CANONICAL_NOT_FOUND = 5;
const CANONICAL_DENIED = 7;
const CANONICAL_PERMANENT = new Set([3, 5, 9, 11, 12]);

export const isNotFound = (error: unknown): boolean =>
  statusOf(error) === 404 || Number((error as { code?: unknown } | null)?.code) === CANONICAL_NOT_FOUND;

export const isDenied = (error: unknown): boolean =>
  statusOf(error) === 403 || Number((error as { code?: unknown } | null)?.code) === CANONICAL_DENIED;

const CANONICAL_UNREADY = 9;

/** What Pub/Sub answers where its own agent may not use the topic's key: a right as well, though it says otherwise. */
const isWithoutKey = (error: unknown): boolean =>
  Number((error as { code?: unknown } | null)?.code) === CANONICAL_UNREADY &&
  /\bCloud KMS\b/.test(messageOf(error));

// A conflict, a full quota or a call that was cut off (499) passes; a missing role is granted by somebody, after
// which the same call works.
const PASSING = new Set([401, 403, 408, 409, 412, 429, 499]);

/**
 * Wraps a client's error: what was being done, on what. A reason that is known to pass decides, whatever the
 * status. Else a status of 4xx is permanent, but for those that pass; everything else, the lost answer included, is
 * transient. `needs` is the right that the call takes, for services whose refusal does not name it.
 */
export function failure(doing: string, error: unknown, needs?: string): Error {
  const permanent = isPermanent(error);
  const lacking = needs !== undefined && isDenied(error) ? ` (it takes ${needs})` : '';
  const message = `${doing}: ${textOf(error)}${lacking}`;
  return permanent
    ? new PermanentError(message, { cause: error })
    : new TransientError(message, { cause: error });
}

function isPermanent(error: unknown): boolean {
  const verdicts = statedIn(error).map(verdictOn);
  if (verdicts.includes('passes') || verdicts.includes('conflicts')) return false;
  if (verdicts.includes('final')) return true;
  const status = statusOf(error);
  if (status !== undefined) return status >= 400 && status < 500 && !PASSING.has(status);
  const code = Number((error as { code?: unknown } | null)?.code);
  return CANONICAL_PERMANENT.has(code) && !isWithoutKey(error);
}

const stated = z.object({ reason: z.string().optional(), message: z.string().optional() });
const listed = z.object({ errors: z.array(stated) });
const answered = z.object({ error: z.object({ message: z.string() }) });

/** What the service stated, wherever the clients put it: in the error, in the answer's body, or in a message of JSON. */
function statedIn(error: unknown): readonly Stated[] {
  const { reason, response } = (error ?? {}) as {
    reason?: unknown;
    response?: { data?: { error?: unknown } };
  };
  const message = messageOf(error);
  const places = [error, response?.data?.error, (parsed(message) as { error?: unknown } | null)?.error];
  const entries = places.flatMap((place) => listed.safeParse(place).data?.errors ?? []);
  // The clients of Pub/Sub and Cloud Run give the one reason of an ErrorInfo.
  return [...entries, { message, ...(typeof reason === 'string' ? { reason } : {}) }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the service said. Of a download that is refused the clients take the whole body, JSON, for the message. */
function textOf(error: unknown): string {
  const message = messageOf(error);
  return answered.safeParse(parsed(message)).data?.error.message ?? message;
}
