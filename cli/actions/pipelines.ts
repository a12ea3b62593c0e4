// All pipelines of the mesh, a line each: shows which one needs attention.
import { concurrently } from '../../shared/concurrently.ts';
import { listRuns, readStatus } from '../../shared/history/history.ts';
import { shownOutput } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { loadPipelines } from '../../shared/pipelines/registry.ts';
import type { Target } from '../target.ts';
import { timeWithZone } from '../times.ts';
import type { Sluice } from '../verbs/verb.ts';
import { runsOf } from './stores.ts';

const READ_AT_ONCE = 16;

export async function showPipelines(sluice: Sluice, target: Target): Promise<void> {
  const found = await concurrently([...loadPipelines().values()], READ_AT_ONCE, async (pipeline) => ({
    pipeline,
    data: await dataOf(target, pipeline),
  }));
  const rows = found.map(({ pipeline, data }) => ({
    Pipeline: data.pipeline,
    Outputs: data.outputs,
    'Newest run': data.newestRun === null ? 'none yet' : `${data.newestRun.run}: ${data.newestRun.status}`,
    Ended: timeWithZone(pipeline, data.newestRun?.at),
    Now: sluice.message(nowText(data), pipeline),
  }));
  sluice.showRows(
    found.map(({ data }) => data),
    rows,
    'No pipeline is declared; pipelines/ is empty.',
  );
}

async function dataOf(target: Target, pipeline: Pipeline) {
  const runs = runsOf(target);
  const { paused, holder, queued, poll } = await readStatus(runs, pipeline.name);
  const [newest] = await listRuns(runs, pipeline.name, 1);
  return {
    pipeline: pipeline.name,
    outputs: pipeline.outputs.map(shownOutput),
    newestRun:
      newest === undefined
        ? null
        : { run: newest.run, status: newest.status, at: newest.outcome?.at ?? null },
    paused: paused !== undefined,
    executing: holder ?? null,
    queued: queued ?? null,
    lastPoll: poll ?? null,
  };
}

function nowText({ paused, executing, lastPoll }: Awaited<ReturnType<typeof dataOf>>): string {
  const texts = [
    ...(paused ? ['paused'] : []),
    ...(executing === null ? [] : [`executing ${executing}`]),
    ...(lastPoll === null ? [] : [`${lastPoll.outcome}: ${lastPoll.reason}`]),
  ];
  return texts.join('; ') || 'idle';
}
