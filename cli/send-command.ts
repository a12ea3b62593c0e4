// How a command gives an order: to handle-commands, with an id of its own, and again when the answer was lost.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { ConfigurationError, messageOf, PermanentError, TransientError } from '../shared/errors.ts';
import { callFunction } from '../shared/google/functions.ts';
import {
  command,
  commandIdOf,
  commandResult,
  type OperatorCommand,
  type CommandResult,
} from '../shared/commands/command.ts';
import type { Target } from './target.ts';
import type { Sluice } from './verbs/verb.ts';

export interface CommandOptions {
  readonly reason: string;
  /** An earlier order that was cut off. */
  readonly command?: string;
}

const MOST_TRIES = 3;
const PAUSE_MS = 1000;

/** The options of every command that orders something. */
export const withReason = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why; it is recorded with your name, see sluice audit')
    .option('--command <id>', 'the id of an earlier order that was cut off: finishes it');

type Draft<O> = O extends OperatorCommand ? Omit<O, 'id' | 'reason'> : never;

/** Gives the order, prints what came of it, and ends with 1 when it was refused. */
export async function sendCommand(
  { show }: Sluice,
  target: Target,
  draft: Draft<OperatorCommand>,
  { reason, command: earlier }: CommandOptions,
): Promise<CommandResult> {
  const id = earlier ?? commandIdOf(Date.now(), randomUUID().slice(0, 8));
  const checked = command.safeParse({ ...draft, reason, id });
  if (!checked.success) {
    const problems = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ConfigurationError(`this is no order: ${problems.join('; ')}`);
  }
  const result = await answerTo(target, checked.data);
  show({ command: id, ...result });
  if (result.result === 'refused') process.exitCode = 1;
  return result;
}

/** Up to three times under the same id: the order acts once. */
async function answerTo(target: Target, given: OperatorCommand): Promise<CommandResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return commandResult.parse(await callFunction(target.functionUrl('handle-commands'), given));
    } catch (error) {
      if (error instanceof PermanentError) throw error;
      if (attempt === MOST_TRIES) throw unanswered(given, error);
      await wait(PAUSE_MS);
    }
  }
}

const unanswered = (given: OperatorCommand, cause: unknown): TransientError =>
  new TransientError(
    `the order ${given.id} got no answer: ${messageOf(cause)}; it may have been carried out all the same: ` +
      `give it again with --command ${given.id}, to see or to finish it`,
    { cause },
  );
