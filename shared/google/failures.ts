// Reads the errors of the Google clients: their status, their code, and whether another try can help.
import { z } from 'zod';
import { isErrorCode, type ErrorCode } from '../error-codes.ts';
import { messageOf, PermanentError, TransientError } from '../errors.ts';
import { verdictOn, type Stated } from './reasons.ts';

/** The HTTP status of a client's error; undefined when there was no answer. */
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

/** Pub/Sub's answer when its own agent may not use the topic's key: a missing right, although the status differs. */
const isWithoutKey = (error: unknown): boolean =>
  Number((error as { code?: unknown } | null)?.code) === CANONICAL_UNREADY &&
  /\bCloud KMS\b/.test(messageOf(error));

// A conflict, a full quota or an interrupted call (499) passes; once a missing role is granted, the same call succeeds.
const PASSING = new Set([401, 403, 408, 409, 412, 429, 499]);

/**
 * Wraps a client's error with what was done, on what. A reason that is known to pass decides, whatever the status.
 * Otherwise a status of 4xx is permanent, except those that pass; everything else, a lost answer included, is
 * transient. `needs` is the right that the call requires, for services whose refusal does not name it.
 */
export function failure(doing: string, error: unknown, needs?: string): Error {
  const permanent = isPermanent(error);
  const lacking = needs !== undefined && isDenied(error) ? ` (the call requires ${needs})` : '';
  const message = `${doing}: ${textOf(error)}${lacking}`;
  const code = codeIn(error) ?? (permanent ? 'SERVICE_REFUSED' : passingCode(error));
  const options = { cause: error, code };
  return permanent ? new PermanentError(message, options) : new TransientError(message, options);
}

const passingCode = (error: unknown): ErrorCode =>
  isDenied(error) || isWithoutKey(error) || statusOf(error) === 401
    ? 'PERMISSION_DENIED'
    : 'SERVICE_UNAVAILABLE';

/** The code with which a function of the mesh answers a call that it refuses. */
function codeIn(error: unknown): ErrorCode | undefined {
  const { data } = (error as { response?: { data?: unknown } } | null)?.response ?? {};
  const code = (data as { code?: unknown } | null | undefined)?.code;
  return isErrorCode(code) ? code : undefined;
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

/** The service's own statement, wherever the client puts it: in the error, in the answer's body, or as JSON in the message. */
function statedIn(error: unknown): readonly Stated[] {
  const { reason, response } = (error ?? {}) as {
    reason?: unknown;
    response?: { data?: { error?: unknown } };
  };
  const message = messageOf(error);
  const places = [error, response?.data?.error, (parsed(message) as { error?: unknown } | null)?.error];
  const entries = places.flatMap((place) => listed.safeParse(place).data?.errors ?? []);
  // The clients of Pub/Sub and Cloud Run give the single reason of an ErrorInfo.
  return [...entries, { message, ...(typeof reason === 'string' ? { reason } : {}) }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The service's message. For a refused download the client's message is the whole JSON body. */
function textOf(error: unknown): string {
  const message = messageOf(error);
  return answered.safeParse(parsed(message)).data?.error.message ?? message;
}
