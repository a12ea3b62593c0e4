// `sluice rollback`: the output of the publication before this one, published again.
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { planText } from '../plan-text.ts';
import { askForPlan, previousRun, runOfRollback } from '../replaying.ts';
import { replayNow } from './replay.ts';
import type { Verb } from './verb.ts';

interface Options {
  readonly plan?: boolean;
  readonly apply?: string;
  readonly reason?: string;
}

const HELP = `
The output is that of the newest publication whose run is another than the one that stands in the tables, so
a second rollback goes forward again. Without --apply it only says what would change, and the command that
does it. See replay --help for what a plan says, and when it is refused.

  npm run sluice -- rollback carmila
  npm run sluice -- rollback carmila --apply 0123456789abcdef --reason "the sensors of Lyon were counted twice"`;

export const rollback: Verb = (sluice) =>
  void sluice.program
    .command('rollback <pipeline>')
    .description('publish the output of the publication before this one again, after a look')
    .option('--plan', 'only look, as without any option')
    .option('--apply <hash>', 'do what the plan of this hash says, if the tables have not moved since')
    .option('--reason <text>', 'why, for the ledger')
    .addHelpText('after', HELP)
    .action((name: string, { plan, apply, reason }: Options) =>
      sluice.on(true, async (target) => {
        const pipeline = pipelineNamed(loadPipelines(), name);
        if (plan === true && apply !== undefined) {
          throw new TypeError('--plan looks and --apply does: name one of them');
        }
        if (apply !== undefined) {
          const run = await runOfRollback(target, pipeline, apply);
          return replayNow(sluice, target, pipeline, { run, apply, reason });
        }
        const run = await previousRun(target, pipeline);
        const made = await askForPlan(target, pipeline, { run, rollback: true });
        sluice.report(made, planText(made, `npm run sluice -- rollback ${name}`));
      }),
    );
