// Every error that an operator can meet: a stable code, what it means, and what to do; the table in docs/RUNBOOK.md is this list.
import { z } from 'zod';
import { SERVICE_CODES, type Entry } from './service-codes.ts';

/** Codes are never renamed: alerts and scripts match them. Sentences may change. */
export const ERROR_CODES = {
  // The source, as a poll finds it.
  SOURCE_INCOMPLETE: {
    means: 'At least one role has no file in the source.',
    next: 'Add the file, then `sluice tick`.',
  },
  SOURCE_SETTLING: {
    means: 'A file changed a moment ago, and the source has to stay unchanged for its settle time.',
    next: 'Nothing: the next poll checks again.',
  },
  SOURCE_CHANGED: {
    means: 'A file changed while the run froze it, so the run ended without a job.',
    next: 'Nothing: the next poll requests a new run.',
  },
  SOURCE_NOT_ALLOWED: {
    means:
      'The source bucket belongs to another project, or the request names a file that the bucket does not list.',
    next: "Set the pipeline's bucket to one of this project, then deploy.",
  },
  ROLE_AMBIGUOUS: {
    means: 'More files match a role than the role allows.',
    next: 'Move all but one out of the source, then `sluice tick`.',
  },
  FILE_TOO_LARGE: {
    means: 'A file of the source is larger than the limit.',
    next: 'Replace it by a smaller one, then `sluice tick`.',
  },
  FILE_DISAPPEARED: {
    means: 'The source no longer holds a file that the last publication used.',
    next: 'Put it back, or accept its absence with `sluice run --force --reason "<why>"`.',
  },
  FILE_UNREADABLE: {
    means: 'The source lists a file that matches a role and cannot be read.',
    next: 'Follow the hint in the reason, then `sluice tick`; or accept its absence with `sluice run --force --reason "<why>"`.',
  },
  // Pipelines.
  PIPELINE_PAUSED: {
    means: 'An operator paused the pipeline, so no run is requested.',
    next: '`sluice resume --reason "<why>"`.',
  },
  PIPELINE_UNKNOWN: {
    means: 'No pipeline has that name.',
    next: 'Repeat the command with a name that the message lists.',
  },
  PIPELINE_NOT_CONFIGURED: {
    means: 'The pipeline exists, and this deployment leaves it out because settings are missing.',
    next: 'Set the keys that the message names, then deploy.',
  },
  // Runs.
  INPUT_REFUSED: {
    means: 'The job refused its input; the run lists every problem with its file, row and column.',
    next: '`sluice run <run>`; correct the files, then `sluice tick`.',
  },
  INPUT_MISMATCH: {
    means: 'The frozen input is missing, or differs from its manifest.',
    next: '`sluice run --force --reason "<why>"` freezes the source again.',
  },
  ATTEMPTS_EXHAUSTED: {
    means: 'The last attempt of the job failed.',
    next: 'Read the job\'s log, remove the cause, then `sluice run --force --reason "<why>"`.',
  },
  EXECUTION_CANCELLED: {
    means: 'The execution was cancelled in Cloud Run, not by an operator command.',
    next: '`sluice run --force --reason "<why>"` starts a new run.',
  },
  EXECUTION_UNKNOWN: {
    means: 'Cloud Run does not say whether an attempt has an execution, so nothing is submitted.',
    next: 'Nothing: the next sweep checks again. After an hour, `sluice cancel <run> --reason "<why>"`.',
  },
  RUN_NOT_STARTED: {
    means: 'The run could not be started for 24 hours.',
    next: '`sluice dead-letters list` shows why; then `sluice run --force --reason "<why>"`.',
  },
  OUTPUT_NOT_PUBLISHED: {
    means: 'The output of the run could not be published for 24 hours.',
    next: 'Read the log of publish-output, remove the cause, then `sluice replay <run>`, which plans and prints the command to publish.',
  },
  SUPERSEDED_BY_NEWER: {
    means: 'A newer run exists or is published, so this one was not published.',
    next: 'Nothing. To publish the older output: `sluice replay <run>` plans it and prints the command.',
  },
  LEASE_LOST: {
    means: 'A message concerns an attempt that no longer holds the lease; it was ignored.',
    next: 'Nothing: the attempt that holds the lease publishes.',
  },
  EXECUTION_PENDING: {
    means: 'Another delivery submits the same attempt, or submitted it without effect.',
    next: 'Nothing: the next delivery or sweep tries again.',
  },
  CANCELLED_BY_OPERATOR: {
    means: 'An operator cancelled the run.',
    next: 'Nothing. `sluice audit` shows who, and why.',
  },
  HELD_BY_OPERATOR: {
    means: 'An operator held the output of the run.',
    next: '`sluice release <run> --reason "<why>"`.',
  },
  GATE_HELD: {
    means: 'The quality gate held the output: its forecast is much worse than the published one.',
    next: '`sluice report <run>`, then `sluice release <run> --reason "<why>"`; or nothing.',
  },
  // Requested runs.
  REQUEST_CANCELLED: {
    means: 'The requested run was cancelled before its result was published.',
    next: 'Nothing. A new request takes a new idempotency key.',
  },
  REQUEST_EXPIRED: {
    means: 'The requested run had not started when its time was over.',
    next: 'Request it again with a new idempotency key; `sluice status` shows how many wait.',
  },
  REQUEST_REJECTED: {
    means: 'An approver rejected the requested run.',
    next: 'Read the reason; a new request takes a new idempotency key.',
  },
  // Outputs and publications.
  OUTPUT_CHECK_FAILED: {
    means: 'The output failed a check, so nothing was published; the output is kept.',
    next: '`sluice run <run>`; correct the job, deploy, then `sluice run --force --reason "<why>"`.',
  },
  OUTPUT_CONFLICT: {
    means: 'Two tries of one attempt wrote different content under one object name.',
    next: 'Make the job deterministic, deploy, then `sluice run --force --reason "<why>"`.',
  },
  OUTPUT_MISSING: {
    means: 'The run has no stored output that could be published.',
    next: '`sluice runs` lists runs whose output is kept.',
  },
  MANIFEST_MISMATCH: {
    means: "The manifest names another attempt, or a file that differs from the manifest's size or checksum.",
    next: 'Correct the job, deploy, then `sluice run --force --reason "<why>"`.',
  },
  MANIFEST_MISSING: {
    means: 'A message announced an output whose manifest does not exist; it was ignored.',
    next: 'Nothing: the manifest is announced when the job writes it.',
  },
  PUBLICATION_REFUSED: {
    means: 'BigQuery refused the transaction of a publication.',
    next: 'Read the reason, remove the cause, then `sluice replay <run>`, which plans and prints the command to publish.',
  },
  PLAN_NOT_FOUND: {
    means: 'The run has no plan with that hash.',
    next: '`sluice replay <run>` makes one.',
  },
  PLAN_OUTDATED: {
    means: 'The tables or the output changed since the plan was made, so nothing was published.',
    next: '`sluice replay <run>`, or `sluice rollback <pipeline>`, makes a new plan.',
  },
  MODEL_MISSING: {
    means: 'The pipeline has published no such model, so there is nothing to pin or to roll back.',
    next: '`sluice models <pipeline>` lists the candidates.',
  },
  MODEL_CORRUPT: {
    means:
      'A published model cannot be loaded: a file differs from its checksum, or is no model. The service keeps the last good one.',
    next: '`sluice models <pipeline> rollback --model <model> --reason "<why>"`, or `sluice run --force --reason "<why>"` trains another.',
  },
  MODEL_NEVER_CURRENT: {
    means:
      'A rollback names a version that was never current: its candidate was registered, or does not exist.',
    next: '`sluice models <pipeline> show` lists the versions that were current.',
  },
  MODEL_IS_CURRENT: {
    means: 'A rollback names the version that is current already.',
    next: 'To keep it, `sluice models <pipeline> pin --reason "<why>"`.',
  },
  CHAMPION_CHANGED: {
    means: 'Another version became current after the rollback was requested, so nothing was changed.',
    next: '`sluice models <pipeline> show`, then send the command again if it is still wanted.',
  },
  MODEL_NOT_LOADED: {
    means: 'The service has no model to answer with: none is published, or none could be loaded.',
    next: 'Ask again after `Retry-After`; `GET /health` of the service shows why.',
  },
  VERIFICATION_FAILED: {
    means: 'The ledger, the buckets and the tables disagree.',
    next: 'Read the differences; docs/RESTORE.md says what `sluice restore` repairs.',
  },
  // Operator commands.
  COMMAND_INVALID: {
    means: 'The command does not have the expected fields, so nothing was done.',
    next: 'Correct what the message names and send it again.',
  },
  COMMAND_NOT_APPLICABLE: {
    means: 'The command is for pipelines that watch a source; the runs of this one are requested.',
    next: 'Type what the message suggests in its place.',
  },
  COMMAND_ID_REUSED: {
    means: 'The command id belongs to another command.',
    next: 'Send the command without `--command`.',
  },
  RUN_NOT_FOUND: { means: 'The pipeline has no run with that id.', next: '`sluice runs` lists the runs.' },
  RUN_NOT_REQUESTED: {
    means: 'A forced run was requested, and its poll requested no run.',
    next: '`sluice status` shows the state of the pipeline.',
  },
  TOO_LATE: {
    means: 'The run has ended, or is being published, so the command changed nothing.',
    next: '`sluice run <run>` shows how it ended.',
  },
  ALREADY_DECIDED: {
    means: 'An earlier command holds or cancels the run; the first decision stands.',
    next: '`sluice audit` shows who decided, and why.',
  },
  ALREADY_PAUSED: {
    means: 'The pipeline is paused already.',
    next: '`sluice status` shows by whom, since when and why.',
  },
  NOT_HELD: {
    means: 'Only a run that ended as held can be released, and only once.',
    next: '`sluice run <run>` shows how it ended; `sluice replay <run>` plans to publish its stored output.',
  },
  RESULT_PENDING: {
    means: 'The command was passed on, and its result was not recorded within the waiting time.',
    next: 'Send the same command again with `--command <id>`.',
  },
  DEAD_LETTER_NOT_FOUND: {
    means: 'None of the named dead letters is in the subscription, or another command is handling it.',
    next: '`sluice dead-letters list` shows what is there.',
  },
  ...SERVICE_CODES,
} as const satisfies Readonly<Record<string, Entry>>;

export type ErrorCode = keyof typeof ERROR_CODES;

export const isErrorCode = (text: unknown): text is ErrorCode =>
  typeof text === 'string' && Object.hasOwn(ERROR_CODES, text);

/** For records: a code that this version does not know makes the record malformed. */
export const errorCode = z.enum(
  Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]],
  'expected an error code',
);
