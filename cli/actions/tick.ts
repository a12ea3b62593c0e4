// Polls the source now, as the schedule would.
import { callFunction } from '../../shared/google/functions.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { showRun } from './run.ts';
import { untilIdle } from './until-idle.ts';

/** Of detect-changes: a requested run, or the outcome of the poll. */
interface Answer {
  readonly run?: string;
  readonly outcome?: string;
  readonly code?: string | null;
  readonly reason?: string;
  readonly notes?: readonly string[];
}

/** In a mesh that was opened for this command alone, also follows the run to its end. */
export async function tickNow(sluice: Sluice, target: Target, pipeline: Pipeline): Promise<void> {
  const answer = await callFunction(target.functionUrl('detect-changes'), { pipeline: pipeline.name });
  const data = answer as Answer;
  sluice.show(data, factsOf(sluice, data));
  if (target.opened === undefined) return;
  await untilIdle(target, pipeline);
  if (data.run !== undefined) await showRun(sluice, target, pipeline, data.run);
}

function factsOf(sluice: Sluice, { run, outcome, code, reason, notes }: Answer): Record<string, unknown> {
  const noted = notes === undefined ? {} : { Notes: notes.map((note) => `${note}.`) };
  if (run !== undefined) return { Poll: 'a new run was requested', Run: run, ...noted };
  return {
    Poll: code ? `${outcome} (${code})` : outcome,
    Reason: sluice.message(reason ?? ''),
    ...noted,
  };
}
