// What went wrong in a job, in the words and the shape of BigQuery.
import { ApiError } from '../http/errors.ts';

/** One entry of `status.errors`. */
export interface ErrorProto {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}

/** A job that failed: `errors[0]` is its `errorResult`. */
export class JobFailure extends Error {
  readonly errors: readonly [ErrorProto, ...ErrorProto[]];

  constructor(...errors: [ErrorProto, ...ErrorProto[]]) {
    super(errors[0].message);
    this.name = 'JobFailure';
    this.errors = errors;
  }
}

type Translation = readonly [pattern: RegExp, reason: string, message: (...groups: string[]) => string];

const TRANSLATIONS: readonly Translation[] = [
  [/^INTERRUPT Error/, 'stopped', () => 'Job execution was cancelled: User requested cancellation'],
  [
    /^Out of Memory Error/,
    'resourcesExceeded',
    () => 'Resources exceeded during query execution: the local BigQuery may use 1 GB.',
  ],
  // What Conflicts does not see: a table that was replaced or dropped under a transaction that inserts into it.
  [
    /^TransactionContext Error|Transaction conflict:/,
    'invalidQuery',
    () => 'Could not serialize access to table due to concurrent update',
  ],
  [/does not have a column named "([^"]*)"/, 'invalidQuery', (column) => `Unrecognized name: ${column!}`],
  [
    /Referenced column "([^"]*)" (?:not found|was not found)/,
    'invalidQuery',
    (column) => `Unrecognized name: ${column!}`,
  ],
  [/Referenced table "([^"]*)" not found/, 'invalidQuery', (table) => `Unrecognized name: ${table!}`],
  [
    /NOT NULL constraint failed: (?:[^.]*\.)*(\S+)/,
    'invalidQuery',
    (column) => `Required field ${column!} cannot be null`,
  ],
  [
    /Macro (\w+)\(\) does not support the supplied arguments/,
    'invalidQuery',
    (name) => `No matching signature for ${signature(name!)}`,
  ],
  [
    /column "?([^"\s]+)"? must appear in the GROUP BY clause/,
    'invalidQuery',
    (column) => `SELECT list expression references column ${column!} which is neither grouped nor aggregated`,
  ],
  [
    /Ambiguous reference to column name "([^"]*)"/,
    'invalidQuery',
    (column) => `Column name ${column!} is ambiguous`,
  ],
  [
    /More than one row returned by a subquery/,
    'invalidQuery',
    () => 'Scalar subquery produced more than one element',
  ],
];

const OPERATORS: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '!=',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  negate: '-',
};

function signature(macro: string): string {
  const name = macro.replace(/_(text|any)$/, '');
  const operator = OPERATORS[name];
  return operator ? `operator ${operator}` : `function ${name.replace(/^to_/, 'CAST to ').toUpperCase()}`;
}

/** Reads any error as the errors of a job. */
export function failureOf(error: unknown): JobFailure {
  if (error instanceof JobFailure) return error;
  if (error instanceof ApiError) return new JobFailure({ reason: error.reason, message: error.message });
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, reason, say] of TRANSLATIONS) {
    const found = pattern.exec(message);
    if (found) return new JobFailure({ reason, message: say(...found.slice(1)) });
  }
  const plain = message.split('\n\nLINE')[0]!.replace(/^[A-Z][\w ]* Error: /, '');
  return new JobFailure({ reason: 'invalidQuery', message: plain });
}

const STATUS_OF_REASON: Readonly<Record<string, number>> = {
  notFound: 404,
  accessDenied: 403,
  duplicate: 409,
  notImplemented: 501,
};

/** The answer of `jobs.query`, which has no job to put the errors in. */
export function answerOf(error: ErrorProto): ApiError {
  return new ApiError(STATUS_OF_REASON[error.reason] ?? 400, error.reason, error.message, error.location);
}
