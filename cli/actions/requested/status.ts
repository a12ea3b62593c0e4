// The status of a pipeline that takes requests: what executes, what waits, what was spent, and how the newest runs ended.
import { counted } from '../../../shared/counted.ts';
import { shownOutput } from '../../../shared/pipelines/outputs.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { dollars } from '../../requests/shown.ts';
import type { Target } from '../../target.ts';
import { timeWithZone } from '../../times.ts';
import type { Sluice } from '../../verbs/verb.ts';
import { newestRuns, readLine, spentToday, statusOf } from './reading.ts';
import { endOf } from '../../../shared/api/job-view.ts';

export async function showRequestedStatus(
  sluice: Sluice,
  target: Target,
  pipeline: RequestsPipeline,
): Promise<void> {
  const data = await dataOf(target, pipeline);
  sluice.show(data, factsOf(sluice, data, pipeline));
  const { newestRun, waiting, executing } = data;
  if (newestRun === null) sluice.hint(`To request a run: ${sluice.line('request', pipeline.name)}`);
  else if (waiting + executing.length > 0 || newestRun.status !== 'published')
    sluice.hint(`To list the runs: ${sluice.line('runs')}`);
}

async function dataOf(target: Target, pipeline: RequestsPipeline) {
  const line = await readLine(target, pipeline);
  const { runs } = await newestRuns(target, pipeline, 1, line);
  const [newest] = runs;
  const { trigger } = pipeline;
  const oldest = line.waiting[0];
  return {
    pipeline: pipeline.name,
    executing: (line.state?.slots ?? []).map(({ run, attempt, since }) => ({ run, attempt, since })),
    concurrency: trigger.concurrency,
    waiting: line.waiting.length,
    owners: new Set(line.waiting.map(({ owner }) => owner)).size,
    waitingSince: oldest === undefined ? null : new Date(oldest.acceptedAtMs).toISOString(),
    unreadable: line.queue.malformed,
    spentToday: spentToday(line),
    spendingBound: trigger.spending.inAll,
    newestRun:
      newest === undefined
        ? null
        : { run: newest.run, status: statusOf(newest), at: endOf(newest)?.at ?? null },
    outputs: pipeline.outputs.map(shownOutput),
  };
}

function factsOf(
  sluice: Sluice,
  data: Awaited<ReturnType<typeof dataOf>>,
  pipeline: RequestsPipeline,
): Record<string, unknown> {
  const { executing, waiting, owners, newestRun } = data;
  const of = counted(owners, 'owner');
  return {
    Pipeline: data.pipeline,
    Executing: [
      `${executing.length} of ${data.concurrency} at once`,
      ...executing.map(
        ({ run, attempt, since }) => `${run}, attempt ${attempt}\n  since ${timeWithZone(pipeline, since)}`,
      ),
    ],
    Waiting:
      waiting === 0
        ? 'nothing'
        : [`${waiting}, of ${of}`, `the oldest since ${timeWithZone(pipeline, data.waitingSince)}`],
    ...(data.unreadable.length === 0 ? {} : { 'UNREADABLE ENTRIES': data.unreadable }),
    'Spent today (UTC)': `${dollars(data.spentToday)} of ${dollars(data.spendingBound)}`,
    'Newest run': newestRun === null ? 'none yet' : [newestRun.run, sluice.message(newestRun.status)],
    Outputs: data.outputs.join(', '),
  };
}
