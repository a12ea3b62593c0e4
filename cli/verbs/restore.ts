// `sluice restore`: the published outputs, brought back from the stored ones.
import { helpText } from '../help-text.ts';
import type { Verb } from './verb.ts';

const HELP = `
For tables that were dropped, emptied or changed by hand. Missing tables, the ledger and the freshness view are made
as the infra program makes them; a lost ledger is rebuilt from the runs and results buckets; the output of the newest
publication is published again; and everything is verified. Where nothing is missing, nothing is published. The exit
code is 1 when something still disagrees. It is safe to repeat the command.

  npm run sluice -- restore carmila --reason "the table was dropped by mistake"

docs/RESTORE.md lists what cannot be restored this way, and how long it takes.`;

export const restore: Verb = (sluice) =>
  void sluice.program
    .command('restore <pipeline>')
    .description('restore lost or changed tables from the stored outputs')
    .requiredOption('--reason <text>', 'why, for the ledger')
    .addHelpText('after', helpText(HELP))
    .action((name: string, { reason }: { reason: string }) =>
      sluice.on(
        true,
        async (target, pipeline) =>
          (await import('../actions/restore.ts')).restoreNow(sluice, target, pipeline, reason),
        name,
      ),
    );
