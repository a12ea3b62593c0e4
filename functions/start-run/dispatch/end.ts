// Ends a requested run: records its outcome, announces it, and deletes its entry from the queue, in this order.
import { isDeepStrictEqual } from 'node:util';
import { logRequestEnd, traceRequest } from '../../../shared/completion/ended-request.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { announcementOf } from '../../../shared/requests/announcement.ts';
import type { Slot } from '../../../shared/requests/dispatch.ts';
import { endAtGates, type RequestEnd } from '../../../shared/requests/ends.ts';
import { queueObject } from '../../../shared/requests/names.ts';
import { decideOnce } from '../../../shared/runs/decision.ts';
import { recordOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import type { DispatchPorts } from './ports.ts';

/** The pipeline, and the size of its job, by which the cost is computed. */
export type Ending = Pick<RequestsPipeline, 'name' | 'job'>;

/** Returns the outcome that stands: this one, or an earlier one (law 2). */
export async function endRequested(
  { name: pipeline, job: size }: Ending,
  { run, attempt }: { readonly run: string; readonly attempt: number },
  end: RequestEnd,
  ports: DispatchPorts,
): Promise<RunOutcome> {
  const at = new Date(ports.now()).toISOString();
  const made: RunOutcome = { pipeline, run, ...end, attempt, rows: null, at };
  const stands = await recordOutcome(ports.runs, made);
  await traceRequest(ports.runs, stands);
  if (isDeepStrictEqual(stands, made)) await logRequestEnd(ports, made, { size, jobEndedAt: undefined });
  await leaveQueue(stands, ports);
  return stands;
}

/**
 * Ends a run that no gate has ended: it passes the gate `decision` first, so that a cancel is either in time, and ends the
 * run, or too late.
 */
export async function endByItself(
  pipeline: Ending,
  slot: Pick<Slot, 'run' | 'attempt'>,
  end: RequestEnd,
  ports: DispatchPorts,
): Promise<RunOutcome> {
  const { run, attempt } = slot;
  const at = new Date(ports.now()).toISOString();
  const decision = await decideOnce(ports.runs, pipeline.name, run, { kind: 'end', attempt, at });
  const cancelled = endAtGates({ approval: undefined, start: undefined, decision });
  return endRequested(pipeline, slot, cancelled ?? end, ports);
}

/**
 * The entry exists until the end is announced: the next call finds what a crash left. So an end is announced at least
 * once, and an entry is never deleted before its run's outcome stands.
 */
export async function leaveQueue(ended: RunOutcome, { requests, runEnded }: DispatchPorts): Promise<void> {
  const name = queueObject(ended.pipeline, ended.run);
  const entry = await requests.info(name);
  if (entry === undefined) return;
  await runEnded.publish(announcementOf(ended));
  // A lost answer needs no settling: an entry that is still there is deleted by a later call.
  await requests.remove(name, entry.generation);
}
