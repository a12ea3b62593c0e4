// How the service refuses: problem details with the places in a request that cannot be used.
import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '../../shared/error-codes.ts';
import { problemAnswer, type Answer } from '../../shared/http/call.ts';
import { MOST_PROBLEMS } from './limits.ts';

/** One place in a request that cannot be used. */
export interface Problem {
  /** The index of the record; absent where the problem is not one of a record. */
  readonly record?: number;
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

interface Details {
  readonly problems?: readonly Problem[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Problem details (RFC 9457): a detail in one sentence, a stable code, and all problems, up to a bound. */
export function refused(
  status: number,
  code: ErrorCode,
  detail: string,
  { problems = [], headers = {} }: Details = {},
): Answer {
  const listed =
    problems.length === 0
      ? {}
      : { problems: problems.slice(0, MOST_PROBLEMS), problemCount: problems.length };
  const title = STATUS_CODES[status];
  const body = { type: 'about:blank', title, status, detail, code, ...listed };
  return problemAnswer(body, headers);
}
