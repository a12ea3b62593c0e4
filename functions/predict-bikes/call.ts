// A request to the service and its answer, without the framework.
import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '../../shared/error-codes.ts';
import { MOST_PROBLEMS } from './limits.ts';

export interface Body {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
  /** How it is compressed; undefined: it is not. */
  readonly encoding: string | undefined;
  readonly tooLong: boolean;
}

export interface Call extends Body {
  readonly method: string;
  readonly path: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** One place in a request that cannot be used. */
export interface Problem {
  /** The index of the record; absent where the problem is not one of a record. */
  readonly record?: number;
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

const answerOf = (status: number, type: string, body: object, headers = {}): Answer => {
  const text = JSON.stringify(body);
  // A prediction is of one moment and one model.
  const length = String(Buffer.byteLength(text));
  return {
    status,
    headers: { 'content-type': type, 'content-length': length, 'cache-control': 'no-store', ...headers },
    text,
  };
};

export const answered = (body: object, status = 200, headers = {}): Answer =>
  answerOf(status, 'application/json; charset=utf-8', body, headers);

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
  const body = { type: 'about:blank', title: STATUS_CODES[status], status, detail, code, ...listed };
  return answerOf(status, 'application/problem+json', body, headers);
}
