// `sluice dead-letters`: what the subscriptions gave up on; looked at, published again, or dropped.
import type { Command } from 'commander';
import { isSubscription } from '../../shared/functions/subscriptions.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { findLetters, type FoundLetter, type FoundLetters, type LetterFilter } from '../dead-letters.ts';
import { MOST_LETTERS } from '../../shared/orders/order.ts';
import { howMany } from '../options.ts';
import { writeLine } from '../terminal.ts';
import { giveOrder, withReason, type OrderOptions } from '../orders.ts';
import { toRest } from '../to-rest.ts';
import type { Sluice, Verb } from './verb.ts';

type Filters = Omit<LetterFilter, 'ids' | 'pipeline'>;

const WIDTHS = [20, 26, 33, 10, 18, 44, 44];
const FIRST_OF_DATA = 120;

export const deadLetters: Verb = (sluice) => {
  const command = sluice.program
    .command('dead-letters')
    .description('messages that were refused too often: list, show, redrive (publish again), drop');
  filtered(command.command('list'))
    .description('the dead letters, oldest first; of all pipelines unless --pipeline is said')
    .action((filters: Filters) =>
      sluice.on(false, async (target) => {
        const { letters, rest } = await findLetters(target, filterOf(sluice, [], filters));
        sluice.showRows(letters.map(rowOf), 'There are no dead letters.', WIDTHS);
        warn(rest);
      }),
    );
  filtered(command.command('show <ids...>'))
    .description('dead letters whole')
    .action((ids: string[], filters: Filters) =>
      sluice.on(false, async (target) => {
        const { letters } = some(await findLetters(target, filterOf(sluice, ids, filters)));
        for (const letter of letters) sluice.show(factsOf(letter));
      }),
    );
  order(sluice, command, 'redrive', 'publish dead letters again to the topic they came from');
  order(sluice, command, 'drop', 'forget dead letters for good');
};

function order(sluice: Sluice, command: Command, verb: 'redrive' | 'drop', text: string): void {
  withReason(filtered(command.command(`${verb} [ids...]`)))
    .option('--all', 'all that the filters let through, without naming them', false)
    .description(text)
    .action((ids: string[], { all, reason, order, ...filters }: Filters & OrderOptions & { all: boolean }) =>
      sluice.on(true, async (target, pipeline) => {
        if (ids.length === 0 && !all) {
          throw new ConfigurationError(
            `expected the ids of dead letters (sluice dead-letters list), or --all`,
          );
        }
        if (order !== undefined) {
          await giveOrder(sluice, target, { verb, ...sameAgain(ids, filters) }, { reason, order });
          return toRest(target, pipeline);
        }
        const { letters, rest } = some(await findLetters(target, filterOf(sluice, ids, filters)));
        const bySubscription = Map.groupBy(letters, ({ letter }) => letter.subscription);
        for (const [subscription, found] of bySubscription) {
          for (let from = 0; from < found.length; from += MOST_LETTERS) {
            const ids = found.slice(from, from + MOST_LETTERS).map(({ letter }) => letter.id);
            await giveOrder(sluice, target, { verb, subscription, letters: ids }, { reason });
          }
        }
        if (all) warn(rest);
        await toRest(target, pipeline);
      }),
    );
}

/** An order that was cut off named its letters; those that are gone meanwhile cannot be found any more. */
function sameAgain(letters: string[], { subscription = '' }: Filters) {
  if (letters.length > 0 && isSubscription(subscription)) return { subscription, letters };
  throw new ConfigurationError(
    '--order finishes an earlier order: expected its --subscription and all its ids, as sluice audit shows them',
  );
}

const filtered = (command: Command): Command =>
  command
    .option('--subscription <name>', 'only those that this subscription gave up on')
    .option('--run <id>', 'only those about this run')
    .option('--older-than <time>', 'only those that died before: 90s, 30m, 12h, 7d')
    .option('--limit <n>', 'at most so many', howMany, 50);

/** The program's `--pipeline` has a default; only a pipeline that was said leaves out the letters of others. */
function filterOf({ program }: Sluice, ids: readonly string[], filters: Filters): LetterFilter {
  const said = program.getOptionValueSource('pipeline') === 'cli';
  const { pipeline } = program.opts<{ pipeline: string }>();
  return { ...filters, ids, ...(said ? { pipeline } : {}) };
}

function some(found: FoundLetters): FoundLetters {
  if (found.letters.length > 0) return found;
  throw new ConfigurationError(
    `there is no such dead letter; sluice dead-letters list shows which there are${found.rest === undefined ? '' : `. ${found.rest}`}`,
  );
}

/** Beside the rows and not among them: another program reads those. */
function warn(rest: string | undefined): void {
  if (rest !== undefined) writeLine(process.stderr, rest);
}

const rowOf = ({ letter, pipeline, run, deliveries, reason }: FoundLetter) => ({
  id: letter.id,
  'died at': letter.diedAt,
  subscription: letter.subscription,
  deliveries,
  about: [pipeline, run].filter((name) => name !== undefined),
  reason,
  data: letter.data.toString('utf8').slice(0, FIRST_OF_DATA),
});

const factsOf = ({ letter, pipeline, run, publishedAt, deliveries, reason }: FoundLetter) => ({
  id: letter.id,
  subscription: letter.subscription,
  'first published': publishedAt,
  'died at': letter.diedAt,
  deliveries,
  pipeline: pipeline ?? 'cannot be read',
  run: run ?? 'cannot be read',
  reason,
  attributes: Object.entries(letter.attributes).map(([name, value]) => `${name}: ${value}`),
  data: letter.data.toString('utf8'),
});
