// Polls the source now, as the schedule would.
import { callFunction } from '../../shared/google/functions.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { showRun } from './run.ts';
import { untilIdle } from './until-idle.ts';

/** In a mesh that was opened for this command alone, also follows the run to its end. */
export async function tickNow(sluice: Sluice, target: Target, pipeline: Pipeline): Promise<void> {
  const answer = await callFunction(target.functionUrl('detect-changes'), { pipeline: pipeline.name });
  const data = answer as Record<string, unknown>;
  sluice.show(data, data);
  if (target.opened === undefined) return;
  await untilIdle(target, pipeline);
  if (typeof data['run'] === 'string') await showRun(sluice, target, pipeline, data['run']);
}
