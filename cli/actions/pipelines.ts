// All pipelines of the mesh, a line each: shows which one needs attention.
import { concurrently } from '../../shared/concurrently.ts';
import { listRuns, readStatus } from '../../shared/history/history.ts';
import { shownOutput } from '../../shared/pipelines/outputs.ts';
import { isRequests, type Pipeline, type RequestsPipeline } from '../../shared/pipelines/pipeline.ts';
import { endOf } from '../../shared/api/job-view.ts';
import { newestRuns, readLine, statusOf } from './requested/reading.ts';
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
  if (isRequests(pipeline)) return requestedDataOf(target, pipeline);
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

/** Runs execute and wait in numbers; none is paused, and there is no source to poll. */
async function requestedDataOf(target: Target, pipeline: RequestsPipeline) {
  const line = await readLine(target, pipeline);
  const [newest] = (await newestRuns(target, pipeline, 1, line)).runs;
  return {
    pipeline: pipeline.name,
    outputs: pipeline.outputs.map(shownOutput),
    newestRun:
      newest === undefined
        ? null
        : { run: newest.run, status: statusOf(newest), at: endOf(newest)?.at ?? null },
    paused: false,
    executing: line.state?.slots.length ?? 0,
    queued: line.waiting.length,
    lastPoll: null,
  };
}

function nowText({ paused, executing, queued, lastPoll }: Awaited<ReturnType<typeof dataOf>>): string {
  if (typeof executing === 'number')
    return executing + Number(queued) === 0 ? 'idle' : `${executing} executing, ${queued} waiting`;
  const texts = [
    ...(paused ? ['paused'] : []),
    ...(executing === null ? [] : [`executing ${executing}`]),
    ...(lastPoll === null ? [] : [`${lastPoll.outcome}: ${lastPoll.reason}`]),
  ];
  return texts.join('; ') || 'idle';
}
