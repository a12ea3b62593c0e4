// `sluice replay`: a stored output, published again; with a look first.
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { planText } from '../plan-text.ts';
import { askForPlan, askForReplay, type WantedReplay } from '../replaying.ts';
import type { Target } from '../target.ts';
import type { Sluice, Verb } from './verb.ts';

interface Options {
  readonly plan?: boolean;
  readonly apply?: string;
  readonly allowOlder: boolean;
  readonly reason?: string;
}

const HELP = `
With --plan, BigQuery is asked what would change: how many rows would be added, removed and changed, in which
columns, the largest changes, and how much it would scan. Nothing is written, and the plan has a hash.
With --apply, exactly that happens, and nothing at all (exit 1) if another publication, another output or
other rows have come in between. Without either, the output is published whatever it changes; an older run
than the published one then needs --allow-older. Each asking is a publication of its own in the ledger.

  npm run sluice -- replay 000005-3fa9c1d2 --plan
  npm run sluice -- replay 000005-3fa9c1d2 --apply 0123456789abcdef --reason "the report of May was wrong"`;

export const replay: Verb = (sluice) =>
  void sluice.program
    .command('replay <run>')
    .description("publish a run's stored output again, after a look at what it would change")
    .option('--plan', 'only look: say what would change, and the hash to apply it by')
    .option('--apply <hash>', 'do what the plan of this hash says, if the tables have not moved since')
    .option('--allow-older', 'even though a newer run has been published since', false)
    .option('--reason <text>', 'why, for the ledger')
    .addHelpText('after', HELP)
    .action((run: string, { plan, apply, allowOlder, reason }: Options) =>
      sluice.on(true, async (target, pipeline) => {
        if (plan === true && apply === undefined) {
          const made = await askForPlan(target, pipeline, { run });
          return sluice.report(made, planText(made, `npm run sluice -- replay ${run}`));
        }
        if (plan === true) throw new TypeError('--plan looks and --apply does: name one of them');
        await replayNow(sluice, target, pipeline, { run, apply, allowOlder, reason });
      }),
    );

/** Replays, and shows the outcome; whatever is not published is an exit code of 1. */
export async function replayNow(
  { show }: Sluice,
  target: Target,
  pipeline: Pipeline,
  wanted: WantedReplay,
): Promise<void> {
  const outcome = await askForReplay(target, pipeline, wanted);
  show({ ...outcome });
  if (outcome.outcome !== 'published') process.exitCode = 1;
}
