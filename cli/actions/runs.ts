// The newest runs of a pipeline, newest first.
import { listRuns } from '../../shared/history/history.ts';
import { sentence } from '../../shared/sentence.ts';
import { tablesOf } from '../../shared/pipelines/outputs.ts';
import { isRequests, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Target } from '../target.ts';
import { localTime, zoneOf } from '../times.ts';
import type { Sluice } from '../verbs/verb.ts';
import { runsOf } from './stores.ts';

export async function showRuns(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  count: number,
): Promise<void> {
  if (isRequests(pipeline))
    return (await import('./requested/runs.ts')).showRequestedRuns(sluice, target, pipeline, count);
  const found = await listRuns(runsOf(target), pipeline.name, count);
  const data = found.map(({ run, status, code, outcome, republished }) => {
    const { rows = null, at = null } = republished ?? outcome ?? {};
    const reasons = [outcome?.reason, republished?.reason].filter((reason) => reason !== undefined);
    return { run, status, rows, at, code, reason: reasons.map(sentence).join(' ') || null };
  });
  const hasTables = tablesOf(pipeline).length > 0;
  const rows = data.map(({ run, status, code, rows: count, at, reason }) => ({
    Run: run,
    Status: code === null ? status : [status, code],
    ...(hasTables ? { Rows: count ?? '' } : {}),
    [`Ended (${zoneOf(pipeline)})`]: localTime(pipeline, at),
    Reason: sluice.message(reason ?? ''),
  }));
  sluice.showRows(data, rows, `There are no runs yet. To poll the source now: ${sluice.line('tick')}`);
}
