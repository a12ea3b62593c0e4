// A command: what an operator has the mesh do, once, in the operator's name.
import { z } from 'zod';
import { errorCode, type ErrorCode } from '../error-codes.ts';
import { SUBSCRIPTION_NAMES } from '../functions/subscriptions.ts';
import { modelRollback } from '../runs/model-rollback.ts';
import { isPipelineName, isPlanHash, isRunId } from '../runs/names.ts';

export const LONGEST_REASON = 500;
/** In one command. */
export const MOST_DEAD_LETTERS = 100;
const COMMAND_ID = /^\d{8}T\d{6}Z-[a-z0-9]{4,32}$/;

/** `20261121T090000Z-3fa9c1d2`: when it was given, so that records sort by time, and a name of its own. */
export const isCommandId = (text: string): boolean => COMMAND_ID.test(text);

export const commandIdOf = (nowMs: number, name: string): string =>
  `${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${name}`;

/** When the command was given, by the clock of its sender; the caller checks the id. */
export function commandTimeOf(id: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z/.exec(id) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const id = z.string().refine(isCommandId, 'expected a command id like 20261121T090000Z-3fa9c1d2');
const pipeline = z.string().refine(isPipelineName, 'expected a pipeline name');
const run = z.string().refine(isRunId, 'expected a run id like 000005-3fa9c1d2');
const reason = z.string().trim().min(1, 'expected a reason').max(LONGEST_REASON);
const deadLetters = z
  .array(z.string().regex(/^\d{1,30}$/, 'expected message ids'))
  .min(1)
  .max(MOST_DEAD_LETTERS);

const pipelineCommand = z.strictObject({ verb: z.enum(['pause', 'resume', 'run']), pipeline, reason, id });
const runCommand = z.strictObject({
  verb: z.enum(['cancel', 'hold', 'release', 'pin', 'unpin']),
  pipeline,
  run,
  reason,
  id,
});
const rollbackCommand = z.strictObject({
  verb: z.literal('rollback'),
  pipeline,
  /** The newest published run, in whose folder the result is recorded. */
  run,
  ...modelRollback.shape,
  reason,
  id,
});
const planCommand = z.strictObject({
  verb: z.literal('plan'),
  pipeline,
  /** The run whose stored output would be published again. */
  run,
  /** A rollback is the replay of an earlier publication, under that name in the ledger. */
  kind: z.enum(['replay', 'rollback']),
  reason,
  id,
});
const replayCommand = z.strictObject({
  verb: z.literal('replay'),
  pipeline,
  run,
  /** The hash of the plan: exactly that is published, or nothing. */
  apply: z.string().refine(isPlanHash, "expected a plan's hash, 16 hex digits"),
  reason,
  id,
});
const deadLetterCommand = z.strictObject({
  verb: z.enum(['redrive', 'drop']),
  subscription: z.enum(SUBSCRIPTION_NAMES),
  /** The ids of dead letters, as they are listed. */
  deadLetters,
  reason,
  id,
});
export type PipelineCommand = z.infer<typeof pipelineCommand>;
export type RunCommand = z.infer<typeof runCommand>;
export type RollbackCommand = z.infer<typeof rollbackCommand>;
export type PlanCommand = z.infer<typeof planCommand>;
export type ReplayCommand = z.infer<typeof replayCommand>;
export type DeadLetterCommand = z.infer<typeof deadLetterCommand>;

/** The same id twice is the same command, which acts once. */
export const command = z.discriminatedUnion('verb', [
  pipelineCommand,
  runCommand,
  rollbackCommand,
  planCommand,
  replayCommand,
  deadLetterCommand,
]);
export type OperatorCommand = z.infer<typeof command>;

/** A command as it was accepted; `by` comes from the caller's token, not from the command. */
export interface AcceptedCommand<O extends OperatorCommand = OperatorCommand> {
  readonly command: O;
  readonly by: string;
  readonly at: string;
  /** The function that passed it on for its person; absent of a command that the operator sent. */
  readonly through?: string | undefined;
}

/** The result of a command. `refused`: nothing was done, and why; the same command would be refused again. */
export const commandResult = z.object({
  result: z.enum(['done', 'refused']),
  /** Null when it was done, and in records of older versions. */
  code: errorCode.nullable().default(null),
  /** One or two sentences for the operator. */
  message: z.string(),
  /** The run that a forced run requested. */
  run: z.string().optional(),
  /** The hash of the plan that was made. */
  plan: z.string().optional(),
});
export type CommandResult = z.infer<typeof commandResult>;

export const done = (message: string): CommandResult => ({ result: 'done', code: null, message });
export const refused = (code: ErrorCode, message: string): CommandResult => ({
  result: 'refused',
  code,
  message,
});
