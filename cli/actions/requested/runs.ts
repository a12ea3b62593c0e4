// The newest runs of a pipeline that takes requests, newest first: those that wait and run among them.
import type { JobObjects } from '../../../shared/api/job-objects.ts';
import { endOf } from '../../../shared/api/job-view.ts';
import { sentence } from '../../../shared/sentence.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { Target } from '../../target.ts';
import { localTime, zoneOf } from '../../times.ts';
import type { Sluice } from '../../verbs/verb.ts';
import { MOST_INDEXED, newestRuns, readLine, statusOf } from './reading.ts';

export async function showRequestedRuns(
  sluice: Sluice,
  target: Target,
  pipeline: RequestsPipeline,
  count: number,
): Promise<void> {
  const { runs, isPart } = await newestRuns(target, pipeline, count, await readLine(target, pipeline));
  const data = runs.map((objects) => dataOf(objects));
  const rows = data.map(({ run, status, code, acceptedAt, at, reason, requester }) => ({
    [`Run, times in ${zoneOf(pipeline)}`]: [
      run,
      `by ${requester}`,
      `accepted ${localTime(pipeline, acceptedAt)}`,
      ...(at === null ? [] : [`ended    ${localTime(pipeline, at)}`]),
      ...(reason === null || status === 'published' ? [] : [sluice.message(reason)]),
    ],
    Status: code === null ? status : [status, code],
  }));
  sluice.showRows(
    data,
    rows,
    `There are no runs yet. To request one: ${sluice.line('request', pipeline.name)}`,
  );
  if (isPart)
    sluice.hint(
      `Only the first ${MOST_INDEXED} jobs of the index were read; newer runs of other owners may be missing.`,
    );
}

function dataOf(objects: JobObjects) {
  const { run, record } = objects;
  const end = endOf(objects);
  return {
    run,
    status: statusOf(objects),
    rows: null,
    at: end?.at ?? null,
    code: end?.code ?? null,
    reason: end === undefined ? null : sentence(end.reason),
    requester: record.requester.email ?? record.requester.subject,
    acceptedAt: record.acceptedAt,
  };
}
