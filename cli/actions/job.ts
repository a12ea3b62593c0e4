// Shows one requested job, and passes on what its owner or an approver decides.
import { PermanentError } from '../../shared/errors.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Decided, RequestsClient } from '../requests/client.ts';
import { downloaded } from '../requests/download.ts';
import type { JobAction, JobOptions } from '../requests/job-actions.ts';
import { nextSteps } from '../requests/next-steps.ts';
import { clientOf } from '../requests/open.ts';
import { dataOf, factsOf } from '../requests/shown.ts';
import type { Target } from '../target.ts';
import { timeWithZone } from '../times.ts';
import type { Sluice } from '../verbs/verb.ts';

export async function actOnJob(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  id: string,
  action: JobAction,
  { reason = '', estimate = '', out = '', file }: JobOptions,
): Promise<void> {
  const client = clientOf(target);
  const decided = (answer: Decided): void => showDecided(sluice, pipeline, answer);
  switch (action) {
    case 'show':
      return show(sluice, client, pipeline, id);
    case 'cancel':
      return decided(await client.cancel(id, reason));
    case 'approve':
      return decided(await client.approve(id, reason, estimate));
    case 'reject':
      return decided(await client.reject(id, reason, estimate));
    case 'erase':
      await client.erase(id);
      return sluice.show(
        { job: id, erased: true },
        { Job: id, Content: 'erased; the record of the job stays' },
      );
    case 'result':
      await downloaded(await client.resultLink(id, file), out);
      return sluice.show({ job: id, file: out }, { Job: id, File: out });
  }
}

async function show(sluice: Sluice, client: RequestsClient, pipeline: Pipeline, id: string): Promise<void> {
  const polled = await client.poll(id);
  if (polled.kind !== 'job')
    throw new PermanentError(`the job ${id} was answered as unchanged to a first question`);
  sluice.show(dataOf(polled.job), factsOf(polled.job, pipeline));
  for (const hint of nextSteps(sluice, polled.job, null)) sluice.hint(hint);
}

function showDecided(sluice: Sluice, pipeline: Pipeline, answer: Decided): void {
  const { job_id: job, state, done, decided, gate, by, at } = answer;
  sluice.show(
    { job, state, done, decided, gate, by, at },
    { Job: job, State: state, Decided: `${decided} by ${by}, ${timeWithZone(pipeline, at)}`, Gate: gate },
  );
}
