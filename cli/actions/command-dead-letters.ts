// Redrives or drops dead letters, in commands of bounded size, one for each subscription.
import { MOST_DEAD_LETTERS } from '../../shared/commands/command.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { isSubscription } from '../../shared/functions/subscriptions.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { findDeadLetters, type DeadLetterFilter } from './dead-letters.ts';
import { sendCommand, type CommandOptions } from './send-command.ts';
import { some, warn } from './show-dead-letters.ts';
import { untilIdle } from './until-idle.ts';

export interface DeadLetterWork {
  readonly verb: 'redrive' | 'drop';
  readonly options: CommandOptions;
  /** All that the filter lets through, without naming them. */
  readonly isAll: boolean;
  readonly filter: DeadLetterFilter;
}

export async function commandDeadLetters(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  { verb, options, isAll, filter }: DeadLetterWork,
): Promise<void> {
  if (options.command !== undefined) {
    await sendCommand(sluice, target, { verb, ...namedAgain(filter) }, options);
    return untilIdle(target, pipeline);
  }
  const { deadLetters, rest } = some(sluice, await findDeadLetters(target, filter));
  const bySubscription = Map.groupBy(deadLetters, ({ deadLetter }) => deadLetter.subscription);
  for (const [subscription, found] of bySubscription) {
    for (let from = 0; from < found.length; from += MOST_DEAD_LETTERS) {
      const ids = found.slice(from, from + MOST_DEAD_LETTERS).map(({ deadLetter }) => deadLetter.id);
      await sendCommand(sluice, target, { verb, subscription, deadLetters: ids }, options);
    }
  }
  if (isAll) warn(rest);
  if (verb === 'redrive') sluice.hint(`To list the dead letters: ${sluice.line('dead-letters', 'list')}`);
  await untilIdle(target, pipeline);
}

/** A command that was cut off named its dead letters; those that it has removed cannot be found any more. */
function namedAgain({ ids, subscription = '' }: DeadLetterFilter) {
  if (ids.length > 0 && isSubscription(subscription)) return { subscription, deadLetters: [...ids] };
  throw new ConfigurationError(
    '--command finishes an earlier command: expected its --subscription and all its ids, as the audit record shows them',
  );
}
