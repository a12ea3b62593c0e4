// The problems that the requests API answers with: a closed list, each with a stable type (RFC 9457).
import { problemAnswer, type Answer } from '../http/call.ts';

interface Kind {
  readonly status: number;
  /** The same for every problem of the type. */
  readonly title: string;
}

/** Types are never renamed: programs match them. Titles and details may change. */
export const PROBLEMS = {
  'body-not-json': { status: 400, title: 'The body is not JSON' },
  'idempotency-key-missing': { status: 400, title: 'The header Idempotency-Key is missing' },
  'idempotency-key-invalid': { status: 400, title: 'The header Idempotency-Key cannot be used' },
  'cursor-invalid': { status: 400, title: 'The cursor is not one of this list' },
  unauthenticated: { status: 401, title: 'The call carries no valid token' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  'path-not-found': { status: 404, title: 'There is no such path' },
  'path-elsewhere': { status: 404, title: 'Another function serves this path' },
  'job-not-found': { status: 404, title: 'There is no such job' },
  'preset-not-found': { status: 404, title: 'There is no such preset' },
  'method-not-allowed': { status: 405, title: 'The path does not take this method' },
  'job-ended': { status: 409, title: 'The job has ended' },
  'too-late': { status: 409, title: 'Another decision was first' },
  'job-not-ended': { status: 409, title: 'The job has not ended' },
  'no-approval-asked': { status: 409, title: 'The job waits for no approval' },
  'no-result': { status: 409, title: 'The job has no result' },
  'content-erased': { status: 410, title: 'The content of the job is erased' },
  'estimate-changed': { status: 412, title: 'The estimate is not the one that was quoted' },
  'body-too-long': { status: 413, title: 'The body is too long' },
  'body-type': { status: 415, title: 'The body is of another type' },
  'invalid-request': { status: 422, title: 'The request is not valid' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key belongs to another request' },
  'max-cost-too-low': { status: 422, title: 'The run costs more than max_cost' },
  'cost-over-bound': { status: 422, title: 'The run costs more than may be spent' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'too-many-waiting': { status: 429, title: 'Too many unfinished jobs' },
  'internal-error': { status: 500, title: 'The request failed' },
  unavailable: { status: 503, title: 'A service is not available' },
} as const satisfies Readonly<Record<string, Kind>>;
export type ProblemName = keyof typeof PROBLEMS;

export const problemType = (name: ProblemName): string => `urn:sluice:problem:${name}`;

/** One place in the request that cannot be used. */
export interface Place {
  /** A JSON pointer into the body; of a header or a parameter of the query, its name in `in`. */
  readonly pointer?: string;
  readonly in?: string;
  readonly detail: string;
}

interface Details {
  readonly errors?: readonly Place[];
  /** Members of the problem that programs read, such as both numbers of a bound. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** More places are counted and not listed (law 10). */
const MOST_PLACES = 50;

/** What a handler throws to answer with a problem; the function adds the trace id. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: ProblemName;
  readonly details: Details;

  /** `detail` is for people: what happened, to what, why, and what to do. */
  constructor(problem: ProblemName, detail: string, details: Details = {}) {
    super(detail);
    this.problem = problem;
    this.details = details;
  }

  answer(traceId: string): Answer {
    const { status, title } = PROBLEMS[this.problem];
    const { errors = [], members = {}, headers = {} } = this.details;
    const listed =
      errors.length === 0 ? {} : { errors: errors.slice(0, MOST_PLACES), error_count: errors.length };
    const type = problemType(this.problem);
    return problemAnswer(
      { type, title, status, detail: this.message, trace_id: traceId, ...listed, ...members },
      headers,
    );
  }
}
