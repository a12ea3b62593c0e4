// An order: what a person wishes that the mesh carries out, once, in that person's name.
import { z } from 'zod';
import { SUBSCRIPTION_NAMES } from '../functions/subscriptions.ts';
import { isPipelineName, isRunId } from '../runs/names.ts';

const LONGEST_REASON = 500;
/** In one order. */
export const MOST_DEAD_LETTERS = 100;
const COMMAND_ID = /^\d{8}T\d{6}Z-[a-z0-9]{4,32}$/;

/** `20261121T090000Z-3fa9c1d2`: when it was given, so that records list in order, and a name of its own. */
export const isCommandId = (text: string): boolean => COMMAND_ID.test(text);

export const commandIdOf = (nowMs: number, name: string): string =>
  `${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${name}`;

const id = z.string().refine(isCommandId, 'expected an order id like 20261121T090000Z-3fa9c1d2');
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
export type DeadLetterCommand = z.infer<typeof deadLetterCommand>;

/** The same id twice is the same order, which acts once. */
export const command = z.discriminatedUnion('verb', [pipelineCommand, runCommand, deadLetterCommand]);
export type OperatorCommand = z.infer<typeof command>;

/** An order as it was accepted: who gave it is not said by the order, but by the caller's token. */
export interface AcceptedCommand<O extends OperatorCommand = OperatorCommand> {
  readonly command: O;
  readonly by: string;
  readonly at: string;
}

/** What came of an order. `refused`: nothing was done, and why; the same order would be refused again. */
export const commandResult = z.object({
  result: z.enum(['done', 'refused']),
  /** One sentence for a person. */
  message: z.string(),
  /** What an order for a run led to. */
  run: z.string().optional(),
});
export type CommandResult = z.infer<typeof commandResult>;

export const done = (message: string): CommandResult => ({ result: 'done', message });
export const refused = (message: string): CommandResult => ({ result: 'refused', message });
