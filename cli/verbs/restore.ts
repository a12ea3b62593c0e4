// `sluice restore`: the published tables, brought back from the stored outputs.
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { restore as restoreFrom, type Restored } from '../restoring.ts';
import { verificationText } from './verify.ts';
import type { Verb } from './verb.ts';

const HELP = `
For tables that were dropped, emptied or changed by hand. Missing tables, the ledger and the view of freshness are
made as the infra program makes them; a ledger that was lost is entered again from the runs and results buckets;
the output of the newest publication is published again; and all of it is proved. Where nothing is amiss, nothing
is published. The exit code is 1 when something still disagrees. It is safe to give the command again.

  npm run sluice -- restore carmila --reason "the table was dropped by mistake"

docs/RESTORE.md says what cannot be brought back so, and how long it takes.`;

export const restore: Verb = ({ program, on, report }) =>
  void program
    .command('restore <pipeline>')
    .description('bring the published tables back from the stored outputs')
    .requiredOption('--reason <text>', 'why, for the ledger')
    .addHelpText('after', HELP)
    .action((name: string, { reason }: { reason: string }) =>
      on(true, async (target) => {
        const pipeline = pipelineNamed(loadPipelines(), name);
        const restored = await restoreFrom(target, pipeline, reason);
        report(restored, textOf(restored));
        if (!restored.verification.verified) process.exitCode = 1;
      }),
    );

function textOf({ made, entered, lost, republished, verification }: Restored): string {
  return [
    ...made.map((table) => `${table} was missing, and was made.`),
    ...(entered > 0 ? [`The ledger was given ${entered} publications again, from the buckets.`] : []),
    ...lost.map((id) => `${id} cannot be entered again: its output is gone.`),
    republished === null
      ? 'The rows are those of the newest publication: nothing was published.'
      : `The rows of run ${republished} were published again.`,
    verificationText(verification),
  ].join('\n');
}
