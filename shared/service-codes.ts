// The error codes of messages, calls, services and the deployment: a part of the list in error-codes.ts.

export interface Entry {
  /** One sentence. */
  readonly means: string;
  /** What to type, or what happens next. `sluice` stands for `npm run sluice --`. */
  readonly next: string;
}

export const SERVICE_CODES = {
  // Messages and calls.
  POISON_MESSAGE: {
    means: 'A message cannot be read, or came through the wrong topic, so another delivery cannot succeed.',
    next: '`sluice dead-letters show <id>`, then `sluice dead-letters drop <id> --reason "<why>"`.',
  },
  CALL_INVALID: {
    means: 'An HTTP call does not have the expected form, so nothing was done.',
    next: 'Correct the call as the message says.',
  },
  CALLER_UNKNOWN: {
    means: 'The call carries no identity token with an email.',
    next: 'Send the token in `Authorization`; `sluice` does.',
  },
  CALLER_NOT_ALLOWED: {
    means: 'The caller may not request a run on behalf of an operator.',
    next: '`sluice run --force --reason "<why>"`.',
  },
  // Services and the deployment.
  CONFLICT: {
    means: 'Other work changed the same state object several times in a row.',
    next: 'Nothing: the call is repeated.',
  },
  WRITE_UNCONFIRMED: {
    means: 'Cloud Storage did not confirm a write, and the object is not there.',
    next: 'Nothing: the next delivery or sweep tries again.',
  },
  OBJECT_MALFORMED: {
    means: 'An object in a bucket is not JSON, or does not have the expected fields.',
    next: 'Restore the version before it from the bucket; docs/RESTORE.md says how.',
  },
  TABLE_MISSING: {
    means: 'A table or dataset was dropped.',
    next: '`sluice restore <pipeline>`; then the same work succeeds.',
  },
  PERMISSION_DENIED: {
    means: 'Google refused a call for a missing right.',
    next: 'Grant the right that the message names, or deploy again; the work is repeated.',
  },
  SERVICE_UNAVAILABLE: {
    means: 'A Google service failed, did not answer, or was over its quota.',
    next: 'Nothing: the work is repeated.',
  },
  SERVICE_REFUSED: {
    means: 'A Google service refused a call, and would refuse it again.',
    next: 'Correct what the message names.',
  },
  LIMIT_EXCEEDED: {
    means: 'A limit was reached: of files, bytes, rows, pages or tries.',
    next: 'Reduce what the message counts.',
  },
  CONFIGURATION_INVALID: {
    means: 'A setting or an option is missing or wrong; nothing was done.',
    next: 'Correct every setting that the message names.',
  },
  PERMANENT_FAILURE: {
    means: 'The work failed, and would fail again.',
    next: 'Read the reason.',
  },
  TRANSIENT_FAILURE: {
    means: 'The work failed for a passing reason.',
    next: 'Nothing: the work is repeated.',
  },
  UNEXPECTED_ERROR: {
    means: 'The work failed with an error that Sluice does not know; it counts as passing.',
    next: 'Read the log; the work is repeated.',
  },
} as const satisfies Readonly<Record<string, Entry>>;
