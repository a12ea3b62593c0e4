// One route of BigQuery's API, and how a page of a list is asked for.
import { ApiError } from '../http/errors.ts';

export interface Call {
  readonly caller: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Handler = (call: Call) => Promise<object | undefined>;

/** One route of the API: the names here make the discovery document too. */
export interface Route {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: readonly string[];
  readonly handle: Handler;
}

const DEFAULT_PAGE = 10_000;

/** A page's size and start; a page token is the index of its first row. Throws 400 for what is not a number. */
export function pageOf(query: Call['query'], largest = DEFAULT_PAGE): { start: number; size: number } {
  const number = (name: string, usual: number) => {
    const value = Number(query[name] ?? usual);
    if (!Number.isSafeInteger(value) || value < 0)
      throw new ApiError(400, 'invalid', `Invalid value for ${name}: ${query[name]}`);
    return value;
  };
  return {
    start: query['pageToken'] ? number('pageToken', 0) : number('startIndex', 0),
    size: Math.min(number('maxResults', largest), largest),
  };
}
