// What to type next, for the state that a job has.
import type { Job } from '../../shared/api/schemas.ts';
import type { Sluice } from '../verbs/verb.ts';

/** Whole commands, for the state that the job has. */
export function nextSteps(sluice: Pick<Sluice, 'line'>, job: Job, file: string | null): readonly string[] {
  const { job_id: id, state, estimate } = job;
  const line = (...words: readonly string[]): string => sluice.line('job', id, ...words);
  if (state === 'succeeded')
    return file === null ? [`To fetch the result: ${line('result', '--out', 'result.json')}`] : [];
  if (job.done) return [];
  const follow = `To follow it: ${sluice.line('request', '--job', id, '--wait')}`;
  const cancel = `To cancel it: ${line('cancel', '--reason', '<why>')}`;
  if (state === 'cancelling') return [follow];
  if (state !== 'waiting-approval') return [follow, cancel];
  return [
    `To approve it: ${line('approve', '--estimate', estimate.hash, '--reason', '<why>')}`,
    follow,
    cancel,
  ];
}
