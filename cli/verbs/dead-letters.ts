// `sluice dead-letters`: what the subscriptions gave up on; listed, published again, or dropped.
import type { Command } from 'commander';
import { ConfigurationError } from '../../shared/errors.ts';
import type { DeadLetterFilter } from '../actions/dead-letters.ts';
import type { CommandOptions } from '../actions/send-command.ts';
import { howMany, withReason } from '../options.ts';
import type { Sluice, Verb } from './verb.ts';

export type Filters = Omit<DeadLetterFilter, 'ids' | 'pipeline'>;

export const deadLetters: Verb = (sluice) => {
  const command = sluice.program
    .command('dead-letters')
    .description('messages that were refused ten times: list, show, redrive (publish again), drop');
  filtered(command.command('list'))
    .description('list them, oldest first; those of all pipelines unless --pipeline is given')
    .action((filters: Filters) =>
      sluice.on(false, async (target, pipeline) => {
        const { listDeadLetters } = await import('../actions/show-dead-letters.ts');
        await listDeadLetters(sluice, target, pipeline, filterOf(sluice, [], filters));
      }),
    );
  filtered(command.command('show <ids...>'))
    .description('show dead letters in full')
    .action((ids: string[], filters: Filters) =>
      sluice.on(false, async (target, pipeline) => {
        const { showDeadLetters } = await import('../actions/show-dead-letters.ts');
        await showDeadLetters(sluice, target, pipeline, filterOf(sluice, ids, filters));
      }),
    );
  addVerb(sluice, command, 'redrive', 'publish dead letters again to the topic they came from');
  addVerb(sluice, command, 'drop', 'delete dead letters for good');
};

function addVerb(sluice: Sluice, command: Command, verb: 'redrive' | 'drop', text: string): void {
  withReason(filtered(command.command(`${verb} [ids...]`)))
    .option('--all', 'all that match the other options, without naming them', false)
    .description(text)
    .action(
      (ids: string[], { all, reason, command, ...filters }: Filters & CommandOptions & { all: boolean }) => {
        if (ids.length === 0 && !all)
          throw new ConfigurationError(
            `expected the ids of dead letters, or --all\nTo list them: ${sluice.line('dead-letters', 'list')}`,
          );
        return sluice.on(true, async (target, pipeline) => {
          const { commandDeadLetters } = await import('../actions/command-dead-letters.ts');
          const options = { reason, ...(command === undefined ? {} : { command }) };
          await commandDeadLetters(sluice, target, pipeline, {
            ...{ verb, options, isAll: all },
            filter: filterOf(sluice, ids, filters),
          });
        });
      },
    );
}

const filtered = (command: Command): Command =>
  command
    .option('--subscription <name>', 'only those that this subscription gave up on')
    .option('--run <id>', 'only those about this run')
    .option('--older-than <time>', 'only those dead-lettered longer ago than this, such as 90s, 30m, 12h, 7d')
    .option('--limit <n>', 'at most this many', howMany, 50);

/** The program's `--pipeline` has a default; only one that was typed leaves out the dead letters of others. */
function filterOf({ program }: Sluice, ids: readonly string[], filters: Filters): DeadLetterFilter {
  const isTyped = program.getOptionValueSource('pipeline') === 'cli';
  const { pipeline } = program.opts<{ pipeline: string }>();
  return { ...filters, ids, ...(isTyped ? { pipeline } : {}) };
}
