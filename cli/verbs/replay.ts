// `sluice replay`: publishes a stored output again; plans first.
import { ConfigurationError } from '../../shared/errors.ts';
import { helpText } from '../help-text.ts';
import type { Verb } from './verb.ts';

interface Options {
  readonly plan?: boolean;
  readonly apply?: string;
  readonly yes?: boolean;
  readonly allowOlder: boolean;
  readonly reason?: string;
}

const HELP = `
Without --apply and --yes, this command only plans: BigQuery counts the rows that would be added, removed and
changed, in which columns, and lists the largest changes and the bytes to scan. Nothing is published; the plan is
recorded under a hash. With --apply, exactly that plan is published; the command is refused (exit code 1) if
another publication, another output or other rows came in between. With --yes, the output is published without a
plan; if a newer run is published, --yes also needs --allow-older. Each replay is a new entry in the ledger.

  npm run sluice -- replay 000005-3fa9c1d2
  npm run sluice -- replay 000005-3fa9c1d2 --apply 0123456789abcdef --reason "the report of May was wrong"`;

export const replay: Verb = (sluice) =>
  void sluice.program
    .command('replay <run>')
    .description("publish a run's stored output again; plans unless --apply or --yes is given")
    .option('--plan', 'only plan (the default)')
    .option('--apply <hash>', 'publish the plan with this hash, if the tables have not changed since')
    .option('--yes', 'publish without a plan')
    .option('--allow-older', 'with --yes: publish even if a newer run is published', false)
    .option('--reason <text>', 'why, for the ledger; --apply and --yes need it')
    .addHelpText('after', helpText(HELP))
    .action((run: string, { plan = false, apply, yes = false, allowOlder, reason }: Options) => {
      if ([plan, apply !== undefined, yes].filter(Boolean).length > 1)
        throw new ConfigurationError('expected one of --plan, --apply and --yes');
      if (apply === undefined && !yes)
        return sluice.on(true, async (target, pipeline) =>
          (await import('../actions/replay.ts')).planReplay(sluice, target, pipeline, run),
        );
      if (reason === undefined)
        throw new ConfigurationError(`--${yes ? 'yes' : 'apply'} needs --reason <text>`);
      return sluice.on(true, async (target, pipeline) =>
        (await import('../actions/replay.ts')).replayNow(sluice, target, pipeline, {
          run,
          apply,
          allowOlder,
          reason,
        }),
      );
    });
