// `sluice dead-letters`: what the subscriptions gave up on; looked at, published again, or dropped.
import type { Command } from 'commander';
import { isSubscription } from '../../shared/functions/subscriptions.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import {
  findDeadLetters,
  type FoundDeadLetter,
  type FoundDeadLetters,
  type DeadLetterFilter,
} from '../dead-letters.ts';
import { MOST_DEAD_LETTERS } from '../../shared/commands/command.ts';
import { howMany } from '../options.ts';
import { writeLine } from '../terminal.ts';
import { sendCommand, withReason, type CommandOptions } from '../send-command.ts';
import { untilIdle } from '../until-idle.ts';
import type { Sluice, Verb } from './verb.ts';

type Filters = Omit<DeadLetterFilter, 'ids' | 'pipeline'>;

const WIDTHS = [20, 26, 33, 10, 18, 18, 40, 40];
const FIRST_OF_DATA = 120;

export const deadLetters: Verb = (sluice) => {
  const command = sluice.program
    .command('dead-letters')
    .description('messages that were refused too often: list, show, redrive (publish again), drop');
  filtered(command.command('list'))
    .description('the dead letters, oldest first; of all pipelines unless --pipeline is said')
    .action((filters: Filters) =>
      sluice.on(false, async (target) => {
        const { deadLetters, rest } = await findDeadLetters(target, filterOf(sluice, [], filters));
        sluice.showRows(deadLetters.map(rowOf), 'There are no dead letters.', WIDTHS);
        warn(rest);
      }),
    );
  filtered(command.command('show <ids...>'))
    .description('dead letters whole')
    .action((ids: string[], filters: Filters) =>
      sluice.on(false, async (target) => {
        const { deadLetters } = some(await findDeadLetters(target, filterOf(sluice, ids, filters)));
        for (const deadLetter of deadLetters) sluice.show(factsOf(deadLetter));
      }),
    );
  addVerb(sluice, command, 'redrive', 'publish dead letters again to the topic they came from');
  addVerb(sluice, command, 'drop', 'forget dead letters for good');
};

function addVerb(sluice: Sluice, command: Command, verb: 'redrive' | 'drop', text: string): void {
  withReason(filtered(command.command(`${verb} [ids...]`)))
    .option('--all', 'all that the filters let through, without naming them', false)
    .description(text)
    .action(
      (ids: string[], { all, reason, command, ...filters }: Filters & CommandOptions & { all: boolean }) =>
        sluice.on(true, async (target, pipeline) => {
          if (ids.length === 0 && !all) {
            throw new ConfigurationError(
              `expected the ids of dead letters (sluice dead-letters list), or --all`,
            );
          }
          if (command !== undefined) {
            await sendCommand(sluice, target, { verb, ...sameAgain(ids, filters) }, { reason, command });
            return untilIdle(target, pipeline);
          }
          const { deadLetters, rest } = some(await findDeadLetters(target, filterOf(sluice, ids, filters)));
          const bySubscription = Map.groupBy(deadLetters, ({ deadLetter }) => deadLetter.subscription);
          for (const [subscription, found] of bySubscription) {
            for (let from = 0; from < found.length; from += MOST_DEAD_LETTERS) {
              const ids = found.slice(from, from + MOST_DEAD_LETTERS).map(({ deadLetter }) => deadLetter.id);
              await sendCommand(sluice, target, { verb, subscription, deadLetters: ids }, { reason });
            }
          }
          if (all) warn(rest);
          await untilIdle(target, pipeline);
        }),
    );
}

/** An order that was cut off named its letters; those that are gone meanwhile cannot be found any more. */
function sameAgain(deadLetters: string[], { subscription = '' }: Filters) {
  if (deadLetters.length > 0 && isSubscription(subscription)) return { subscription, deadLetters };
  throw new ConfigurationError(
    '--command finishes an earlier order: expected its --subscription and all its ids, as sluice audit shows them',
  );
}

const filtered = (command: Command): Command =>
  command
    .option('--subscription <name>', 'only those that this subscription gave up on')
    .option('--run <id>', 'only those about this run')
    .option('--older-than <time>', 'only those that died before: 90s, 30m, 12h, 7d')
    .option('--limit <n>', 'at most so many', howMany, 50);

/** The program's `--pipeline` has a default; only a pipeline that was said leaves out the letters of others. */
function filterOf({ program }: Sluice, ids: readonly string[], filters: Filters): DeadLetterFilter {
  const message = program.getOptionValueSource('pipeline') === 'cli';
  const { pipeline } = program.opts<{ pipeline: string }>();
  return { ...filters, ids, ...(message ? { pipeline } : {}) };
}

function some(found: FoundDeadLetters): FoundDeadLetters {
  if (found.deadLetters.length > 0) return found;
  throw new ConfigurationError(
    `there is no such dead letter; sluice dead-letters list shows which there are${found.rest === undefined ? '' : `. ${found.rest}`}`,
  );
}

/** Beside the rows and not among them: another program reads those. */
function warn(rest: string | undefined): void {
  if (rest !== undefined) writeLine(process.stderr, rest);
}

const rowOf = ({ deadLetter, pipeline, run, deliveries, code, reason }: FoundDeadLetter) => ({
  id: deadLetter.id,
  'died at': deadLetter.deadLetteredAt,
  subscription: deadLetter.subscription,
  deliveries,
  about: [pipeline, run].filter((name) => name !== undefined),
  code: code ?? '',
  reason,
  data: deadLetter.data.toString('utf8').slice(0, FIRST_OF_DATA),
});

const factsOf = ({ deadLetter, pipeline, run, publishedAt, deliveries, code, reason }: FoundDeadLetter) => ({
  id: deadLetter.id,
  subscription: deadLetter.subscription,
  'first published': publishedAt,
  'died at': deadLetter.deadLetteredAt,
  deliveries,
  pipeline: pipeline ?? 'cannot be read',
  run: run ?? 'cannot be read',
  code: code ?? '',
  reason,
  attributes: Object.entries(deadLetter.attributes).map(([name, value]) => `${name}: ${value}`),
  data: deadLetter.data.toString('utf8'),
});
