// `sluice rollback`: publishes the output of the publication before this one again; plans first.
import { ConfigurationError } from '../../shared/errors.ts';
import { helpText } from '../help-text.ts';
import type { Verb } from './verb.ts';

interface Options {
  readonly plan?: boolean;
  readonly apply?: string;
  readonly reason?: string;
}

const HELP = `
The output is that of the newest publication of another run than the current one, so a second rollback goes
forward again. Without --apply, this command only prints what would change, and the command that does it.
replay --help describes a plan, and when it is refused.

  npm run sluice -- rollback carmila
  npm run sluice -- rollback carmila --apply 0123456789abcdef --reason "the sensors of Lyon counted twice"`;

export const rollback: Verb = (sluice) =>
  void sluice.program
    .command('rollback <pipeline>')
    .description('publish the previous publication again; plans unless --apply is given')
    .option('--plan', 'only plan (the default)')
    .option('--apply <hash>', 'publish the plan with this hash, if the tables have not changed since')
    .option('--reason <text>', 'why, for the ledger; --apply needs it')
    .addHelpText('after', helpText(HELP))
    .action((name: string, { plan = false, apply, reason }: Options) => {
      if (plan && apply !== undefined) throw new ConfigurationError('expected --plan or --apply, not both');
      if (apply !== undefined && reason === undefined)
        throw new ConfigurationError('--apply needs --reason <text>');
      return sluice.on(
        true,
        async (target, pipeline) => {
          const { applyRollback, planRollback } = await import('../actions/replay.ts');
          if (apply === undefined || reason === undefined) return planRollback(sluice, target, pipeline);
          return applyRollback(sluice, target, pipeline, { apply, reason });
        },
        name,
      );
    });
