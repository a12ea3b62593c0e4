// Sends an operator's command to handle-commands, under an id of its own, and again when the answer was lost.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { ConfigurationError, messageOf, PermanentError, TransientError } from '../../shared/errors.ts';
import { callFunction } from '../../shared/google/functions.ts';
import {
  command,
  commandIdOf,
  commandResult,
  type OperatorCommand,
  type CommandResult,
} from '../../shared/commands/command.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';

export interface CommandOptions {
  readonly reason: string;
  /** The id of an earlier command that was cut off. */
  readonly command?: string;
}

const MOST_TRIES = 3;
const PAUSE_MS = 1000;

type Draft<O> = O extends OperatorCommand ? Omit<O, 'id' | 'reason'> : never;

/** Sends the command and prints the result; the exit code is 1 when it was refused. */
export async function sendCommand(
  sluice: Sluice,
  target: Target,
  draft: Draft<OperatorCommand>,
  { reason, command: earlier }: CommandOptions,
): Promise<CommandResult> {
  const id = earlier ?? commandIdOf(Date.now(), randomUUID().slice(0, 8));
  const checked = command.safeParse({ ...draft, reason, id });
  if (!checked.success) {
    const problems = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ConfigurationError(`this command cannot be sent: ${problems.join('; ')}`);
  }
  const result = await answerTo(target, checked.data);
  const data = { command: id, run: null, ...result };
  sluice.show(data, {
    Result: result.code === null ? result.result : `${result.result} (${result.code})`,
    Message: sluice.message(result.message),
    ...(result.run === undefined ? {} : { Run: result.run }),
    'Command id': id,
  });
  if (result.result === 'refused') process.exitCode = 1;
  return result;
}

/** Up to three times under the same id: the command acts once. */
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
    `the command ${given.id} got no answer: ${messageOf(cause)}. It may have been carried out: ` +
      `repeat it with --command ${given.id} to see its result, or to finish it`,
    { cause },
  );
