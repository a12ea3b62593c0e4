// The reasons that Google's services give for a failure, and what each means for the caller: one table for every client.

/**
 * - `passes`: by itself, within seconds or a day. The same work is tried again.
 * - `conflicts`: with another transaction on the same table. The whole script is tried again, after a pause.
 * - `repairable`: an operator has to act first (grant, pay, restore); then the same work succeeds.
 * - `final`: the same work fails again.
 */
export type Verdict = 'passes' | 'conflicts' | 'repairable' | 'final';

/** A failure as a service states it: an entry of an answer's `errors`, or of a job's `status.errors`. */
export interface Stated {
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

/** The reason is more precise than the status: BigQuery answers 400 to limits of ten seconds. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  // A component was unavailable, or shed load.
  backendError: 'passes',
  internalError: 'passes',
  // The same, for a job that was made and then failed; BigQuery answers 400.
  jobBackendError: 'passes',
  jobInternalError: 'passes',
  // Limits of seconds: too many requests, or updates of one table.
  rateLimitExceeded: 'passes',
  jobRateLimitExceeded: 'passes',
  userRateLimitExceeded: 'passes',
  RATE_LIMIT_EXCEEDED: 'passes',
  // Limits of a day, or of the work at once: they fill up again.
  quotaExceeded: 'passes',
  dailyLimitExceeded: 'passes',
  // Slots and shuffle are shared, and so is the queue of statements that change a table ("Too many DML statements
  // outstanding"); the statements of the mesh are small.
  resourcesExceeded: 'passes',
  // A table of another product, behind this one, is temporarily unavailable.
  tableUnavailable: 'passes',
  // Cancelled by an administrator, or by a reservation that ended; it says nothing of the work.
  stopped: 'passes',
  // Six hours have passed, most of them in a queue.
  timeout: 'passes',
  // Cloud Storage: the upload was cut off.
  uploadBrokenConnection: 'passes',
  requestTimeout: 'passes',
  // A role is granted, billing is turned on, support lifts the block, a table or dataset is restored.
  accessDenied: 'repairable',
  billingNotEnabled: 'repairable',
  blocked: 'repairable',
  notFound: 'repairable',
  // Both sound like limits that pass, but depend on the statement alone.
  responseTooLarge: 'final',
  billingTierLimitExceeded: 'final',
};

/** Two transactions, or two statements, changed the same table; BigQuery reports it as an invalid query. */
const CONFLICT_MESSAGES: readonly RegExp[] = [
  /due to (a )?concurrent (update|transaction|dml|mutation)/i,
  /could not serialize access/i,
  /\btransaction\b.{0,100}\b(is|was|has been|been) (aborted|rolled back)/i,
];

/** Failures that BigQuery reports as an invalid query, and which pass. */
const TRANSIENT_MESSAGES: readonly RegExp[] = [
  // Rows that were streamed in cannot be changed for up to 90 minutes.
  /streaming buffer/i,
  /retrying (the job |the query )?may (solve|fix)/i,
];

/** The message about a bad cell quotes the cell, so its text decides nothing. */
const QUOTES_DATA = 'invalid';

/** Undefined where neither the reason nor the message is listed here: then the status decides, or the job's failure is final. */
export function verdictOn({ reason, message = '' }: Stated): Verdict | undefined {
  const known = reason !== undefined && Object.hasOwn(VERDICTS, reason) ? VERDICTS[reason] : undefined;
  if (known !== undefined) return known;
  const matches = (pattern: RegExp) => reason !== QUOTES_DATA && pattern.test(message);
  if (CONFLICT_MESSAGES.some(matches)) return 'conflicts';
  return TRANSIENT_MESSAGES.some(matches) ? 'passes' : undefined;
}

/**
 * The overall error of a job may only count the errors ("giving up"); then the others decide, and only if they agree:
 * a bad cell beside a transient failure stays a bad cell.
 */
export function verdictOnJob(overall: Stated, all: readonly Stated[]): Verdict {
  const verdict = verdictOn(overall);
  if (verdict !== undefined) return verdict;
  const details = all.filter(({ message }) => message !== overall.message).map(verdictOn);
  const passing = details.every((detail) => detail === 'passes' || detail === 'conflicts');
  return details.length > 0 && passing ? 'passes' : 'final';
}
