// What an operator decides about one run: cancel, hold or release.
import { readRun } from '../../shared/history/history.ts';
import { isRequests, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { sendCommand, type CommandOptions } from './send-command.ts';
import { requestedStatus } from './requested/reading.ts';
import { runsOf } from './stores.ts';
import { untilIdle } from './until-idle.ts';

export async function commandRun(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  {
    verb,
    run,
    ...options
  }: CommandOptions & { readonly verb: 'cancel' | 'hold' | 'release'; readonly run: string },
): Promise<void> {
  const { result } = await sendCommand(sluice, target, { verb, pipeline: pipeline.name, run }, options);
  await untilIdle(target, pipeline);
  if (result !== 'done' || target.opened === undefined) return;
  const status = isRequests(pipeline)
    ? await requestedStatus(target, pipeline, run)
    : (await readRun(runsOf(target), pipeline.name, run))?.status;
  sluice.hint(`Run ${run} is ${status}. To see all of it: ${sluice.line('run', run)}`);
}
