// `sluice audit`: who ordered what, when and why, and what came of it.
import type { OperatorCommand } from '../../shared/commands/command.ts';
import * as commands from '../commands.ts';
import { howMany } from '../options.ts';
import type { Verb } from './verb.ts';

const WIDTHS = [26, 24, 10, 17, 30, 50];

export const audit: Verb = ({ program, on, showRows }) =>
  void program
    .command('audit')
    .description('the orders for the pipeline and for dead letters, newest first: who, when, what, why')
    .option('--count <n>', 'how many', howMany, 20)
    .action(({ count }: { count: number }) =>
      on(false, async (target, pipeline) => {
        const entries = await commands.audit(target, pipeline, count);
        const rows = entries.map(({ command, by, at, ended }) => ({
          at,
          by,
          verb: command.verb,
          of: subjectOf(command),
          reason: command.reason,
          'what came of it':
            ended === undefined
              ? `not finished: give it again with --command ${command.id}`
              : `${ended.result}: ${ended.message}`,
        }));
        showRows(rows, 'Nobody has ordered anything yet.', WIDTHS);
      }),
    );

function subjectOf(command: OperatorCommand): readonly string[] {
  if ('deadLetters' in command) return [command.subscription, ...command.deadLetters];
  return 'run' in command ? [command.run] : [];
}
