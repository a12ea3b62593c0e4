// Asks for a run of the source as it is, although nothing changed.
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { showRun } from './run.ts';
import { sendCommand, type CommandOptions } from './send-command.ts';
import { untilIdle } from './until-idle.ts';

export async function forceRun(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  options: CommandOptions,
): Promise<void> {
  const result = await sendCommand(sluice, target, { verb: 'run', pipeline: pipeline.name }, options);
  await untilIdle(target, pipeline);
  if (target.opened !== undefined && result.run !== undefined)
    await showRun(sluice, target, pipeline, result.run);
}
