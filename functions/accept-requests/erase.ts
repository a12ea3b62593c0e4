// DELETE /pipeline/job/{id}/content: erases what the requester sent and the result; the record of the job stays, without them.
import { shownCaller } from '../../shared/access/caller.ts';
import { jobNotFound } from '../../shared/api/access.ts';
import type { AskedBy } from '../../shared/api/asked.ts';
import { recordCall } from '../../shared/api/audit.ts';
import { ApiProblem } from '../../shared/api/problems.ts';
import type { Answer } from '../../shared/http/call.ts';
import { eraseContent } from '../../shared/requests/erase.ts';
import { ownerHash, ownerOf } from '../../shared/requests/names.ts';
import type { Ports } from './ports.ts';

export async function eraseJobContent(asked: AskedBy, ports: Ports): Promise<Answer> {
  const { caller, traceId } = asked;
  const { pipeline, run } = ports.access.toJob(caller, asked.params['id'] ?? '');
  // An approver sees the job, and it is the requester's content.
  if (ownerOf(run) !== ownerHash(caller))
    throw new ApiProblem('forbidden', 'Only the requester of a job may erase its content.');
  if ((await ports.reader.read(pipeline.name, run)) === undefined) throw jobNotFound();
  const at = new Date(ports.now()).toISOString();
  const call = { verb: 'erase', pipeline: pipeline.name, run, caller, at, traceId, reason: null } as const;
  await recordCall(ports.audit, call, ports.newId());
  const by = shownCaller(caller);
  const erased = await eraseContent(ports, pipeline, run, { by, at, token: ports.newId() });
  if (erased !== 'not-ended') return { status: 204, headers: { 'cache-control': 'no-store' }, text: '' };
  throw new ApiProblem(
    'job-not-ended',
    'The job has not ended, or ended a moment ago: its content is still needed. Try again in a moment, or cancel the job first.',
    { headers: { 'retry-after': '5' } },
  );
}
