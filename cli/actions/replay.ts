// Replays and rollbacks: planned first, then done by the plan's hash.
import { ConfigurationError } from '../../shared/errors.ts';
import { tablesOf } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { planText } from './plan-text.ts';
import { askForPlan, askForReplay, previousRun, runOfRollback, type WantedReplay } from './replaying.ts';
import { requireWatch } from './watch-only.ts';

/** Prints what the replay would change, and the command that does it. */
export async function planReplay(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  run: string,
): Promise<void> {
  requireWatch(pipeline, 'replay');
  const made = await askForPlan(target, pipeline, { run });
  sluice.report(made, planText(made, sluice.line('replay', run, '--apply', made.hash, '--reason', '<why>')));
}

export async function planRollback(sluice: Sluice, target: Target, pipeline: Pipeline): Promise<void> {
  requireWatch(pipeline, 'rollback');
  refuseModelsAlone(sluice, pipeline);
  const run = await previousRun(target, pipeline);
  const made = await askForPlan(target, pipeline, { run, rollback: true });
  const line = sluice.line('rollback', pipeline.name, '--apply', made.hash, '--reason', '<why>');
  sluice.report(made, planText(made, line));
}

export async function applyRollback(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  { apply, reason }: { readonly apply: string; readonly reason: string },
): Promise<void> {
  requireWatch(pipeline, 'rollback');
  refuseModelsAlone(sluice, pipeline);
  const run = await runOfRollback(target, pipeline, apply);
  await replayNow(sluice, target, pipeline, { run, apply, reason });
}

/** A run's other candidates may never have been current, so models are rolled back one by one. */
function refuseModelsAlone(sluice: Sluice, { name, outputs }: Pipeline): void {
  if (outputs.some(({ kind }) => kind !== 'model')) return;
  const line = sluice.line('models', name, 'rollback', '--model', '<name>', '--reason', '<why>');
  throw new ConfigurationError(`${name} publishes models alone, which are rolled back one by one: ${line}`);
}

/** Replays, and prints the outcome; the exit code is 1 when nothing was published. */
export async function replayNow(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  wanted: WantedReplay,
): Promise<void> {
  requireWatch(pipeline, 'replay');
  const outcome = await askForReplay(target, pipeline, wanted);
  sluice.show(outcome, {
    Run: outcome.run,
    Outcome: outcome.code === null ? outcome.outcome : `${outcome.outcome} (${outcome.code})`,
    Reason: sluice.message(outcome.reason),
    ...(outcome.rows === null || tablesOf(pipeline).length === 0 ? {} : { Rows: outcome.rows }),
  });
  if (outcome.outcome !== 'published') process.exitCode = 1;
}
