// Cancel, approve and reject: the first writer wins at the gates of a run, and the answer tells which decision stands.
import { shownCaller } from '../../shared/access/caller.ts';
import { jobNotFound, type JobKey } from '../../shared/api/access.ts';
import type { AskedBy } from '../../shared/api/asked.ts';
import { recordCall } from '../../shared/api/audit.ts';
import type { JobObjects } from '../../shared/api/job-objects.ts';
import { endOf, isDone, stateOf } from '../../shared/api/job-view.ts';
import { ApiProblem } from '../../shared/api/problems.ts';
import { answered, type Answer } from '../../shared/http/call.ts';
import { passApproval, passStart, readStart } from '../../shared/requests/gates.ts';
import { jobIdOf } from '../../shared/requests/names.ts';
import { decideOnce, type Decision } from '../../shared/runs/decision.ts';
import type { Ports } from './ports.ts';

interface Decided {
  readonly decided: 'approved' | 'rejected' | 'cancelled';
  readonly gate: 'approval' | 'start' | 'decision';
  readonly by: string;
  readonly at: string;
}

interface Call {
  readonly job: JobKey;
  readonly objects: JobObjects;
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** Before it starts, at the gate `start`; after that, before its result is published, at the gate `decision`. */
export async function cancelJob(asked: AskedBy, ports: Ports): Promise<Answer> {
  const call = await begin(asked, ports);
  await audited('cancel', call, asked, ports);
  const decided = await cancelAtGates(call, ports);
  return answerDecided(call, decided, 202, ports);
}

async function cancelAtGates({ job, by, at, reason }: Call, ports: Ports): Promise<Decided> {
  const { run } = job;
  const { name } = job.pipeline;
  const start = await passStart(ports.runs, name, run, { kind: 'cancel', by, reason, at });
  if (start.kind === 'cancel') return { decided: 'cancelled', gate: 'start', by: start.by, at: start.at };
  if (start.kind === 'expire') throw tooLate('start', 'The job expired before it was cancelled.', start.at);
  const command = `request-${ports.newId()}`;
  const stands = await decideOnce(ports.runs, name, run, { kind: 'cancel', command, by, reason, at });
  if (stands.kind === 'cancel')
    return { decided: 'cancelled', gate: 'decision', by: stands.by, at: stands.at };
  throw tooLate('decision', `The job can no longer be cancelled. ${whyNot(stands)}`, stands.at);
}

const whyNot = (stands: Exclude<Decision, { kind: 'cancel' }>): string => {
  if ('command' in stands) return `${stands.by} holds its result.`;
  return stands.kind === 'publish' ? 'Its result is being published.' : 'It ends without a result.';
};

export async function approveJob(asked: AskedBy, ports: Ports): Promise<Answer> {
  return decideApproval('approve', asked, ports);
}

export async function rejectJob(asked: AskedBy, ports: Ports): Promise<Answer> {
  return decideApproval('reject', asked, ports);
}

async function decideApproval(kind: 'approve' | 'reject', asked: AskedBy, ports: Ports): Promise<Answer> {
  const job = ports.access.toJob(asked.caller, asked.params['id'] ?? '');
  if (!ports.access.isApprover(asked.caller, job.pipeline))
    throw new ApiProblem('forbidden', 'The caller is not among the approvers of the pipeline.');
  const call = await begin(asked, ports);
  const { record } = call.objects;
  if (record.approval === 'none')
    throw new ApiProblem('no-approval-asked', 'The pipeline asks for no approval: the job starts by itself.');
  const { estimate_hash: estimateHash } = asked.body as { readonly estimate_hash: string };
  if (estimateHash !== record.estimate.hash)
    throw new ApiProblem(
      'estimate-changed',
      `The call quotes the estimate ${estimateHash}, and the job has ${record.estimate.hash}: read the job again, and decide on what it shows.`,
      { members: { estimate: record.estimate } },
    );
  await audited(kind, call, asked, ports);
  const { by, at, reason } = call;
  const made = { kind, by, reason, at, estimateHash };
  const stands = await passApproval(ports.runs, job.pipeline.name, job.run, made);
  if (stands.kind !== kind) {
    const what = stands.kind === 'approve' ? 'approved' : 'rejected';
    throw tooLate('approval', `${stands.by} ${what} the job before.`, stands.at);
  }
  // A cancel or the end of its time may have ended the job meanwhile: then the approval changes nothing.
  const start = await readStart(ports.runs, job.pipeline.name, job.run);
  if (start?.kind === 'cancel' || start?.kind === 'expire')
    throw tooLate(
      'start',
      `The job was ${start.kind === 'cancel' ? 'cancelled' : 'expired'} before.`,
      start.at,
    );
  const decided = kind === 'approve' ? 'approved' : 'rejected';
  return answerDecided(call, { decided, gate: 'approval', by: stands.by, at: stands.at }, 200, ports);
}

/** The job, if the caller may see it and it has not ended. */
async function begin(asked: AskedBy, ports: Ports): Promise<Call> {
  const job = ports.access.toJob(asked.caller, asked.params['id'] ?? '');
  const objects = await ports.reader.read(job.pipeline.name, job.run);
  if (objects === undefined) throw jobNotFound();
  if (isDone(objects)) throw ended(objects);
  const { reason } = asked.body as { readonly reason: string };
  return { job, objects, reason, by: shownCaller(asked.caller), at: new Date(ports.now()).toISOString() };
}

const audited = (verb: 'cancel' | 'approve' | 'reject', call: Call, asked: AskedBy, ports: Ports) =>
  recordCall(
    ports.audit,
    {
      ...{ verb, pipeline: call.job.pipeline.name, run: call.job.run, caller: asked.caller },
      ...{ at: call.at, traceId: asked.traceId, reason: call.reason },
    },
    ports.newId(),
  );

function ended(objects: JobObjects): ApiProblem {
  const outcome = endOf(objects);
  const state = stateOf(objects);
  return new ApiProblem('job-ended', `The job ended as ${state} at ${outcome?.at}: ${outcome?.reason}`, {
    members: { state, done: true, code: outcome?.code ?? null, ended_at: outcome?.at },
  });
}

const tooLate = (gate: Decided['gate'], detail: string, at: string): ApiProblem =>
  new ApiProblem('too-late', detail, { members: { gate, decided_at: at } });

/** The hint makes the dispatch carry the decision out; without it the sweep does. */
async function answerDecided({ job, objects }: Call, decided: Decided, status: number, ports: Ports) {
  const { run } = job;
  const { name } = job.pipeline;
  await ports.hints.send({ pipeline: name, run });
  const now = (await ports.reader.read(name, run)) ?? objects;
  const shown = { job_id: jobIdOf(name, run), state: stateOf(now), done: isDone(now) };
  return answered({ ...shown, ...decided }, status);
}
