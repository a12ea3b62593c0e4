// The story of a sweep: look at a pipeline, and push on whatever is overdue, with no event needed (law 7).
import { messageOf } from '../../shared/errors.ts';
import type { LoadRequested, Publisher } from '../../shared/events/messages.ts';
import type { Log } from '../../shared/logging.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { finishRun, releaseLease, type FinishPorts } from '../../shared/completion/finish.ts';
import { afterFailedAttempt, swapLease } from '../../shared/runs/lease.ts';
import { readCancellation, wordsOfCancellation } from '../../shared/runs/ruling.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import { diagnose, unknownOf, type Action } from './diagnose.ts';
import { lookAt, type Seen, type SightPorts } from './sight.ts';

export interface Mesh extends SightPorts, FinishPorts {
  readonly loadRequested: Publisher<LoadRequested>;
  readonly newId: () => string;
  readonly log: Log;
}

export interface Sweep {
  readonly pipeline: string;
  readonly actions: readonly Action[];
  /** What could not be done; the next sweep tries again. */
  readonly problems: readonly string[];
}

/**
 * One action that fails does not keep the others from being done. Only a cancellation waits for what comes
 * before it: while the lease has not moved on, a later sweep would take it for a person's.
 */
export async function sweepRuns(pipeline: Pipeline, mesh: Mesh): Promise<Sweep> {
  const { sight, lease } = await lookAt(pipeline, mesh);
  const actions = diagnose(sight);
  const problems: string[] = [];
  const unknown = unknownOf(sight);
  if (unknown !== undefined) {
    mesh.log.error({ pipeline: pipeline.name }, unknown);
    problems.push(unknown);
  }
  const todo = [...actions];
  let isDone = true;
  for (const action of todo) {
    if (action.kind === 'cancel' && !isDone) continue;
    mesh.log.warn({ pipeline: pipeline.name, ...action }, `overdue: ${wordsFor(action)}`);
    try {
      const { name } = pipeline;
      isDone = await inRun({ pipeline: name, run: action.run }, action.kind, () =>
        push(name, action, { sight, lease }, mesh),
      );
      if (action.kind === 'next-attempt' && isDone) todo.push({ ...action, kind: 'request' });
    } catch (error) {
      isDone = false;
      mesh.log.error({ pipeline: pipeline.name, ...action, err: error }, messageOf(error));
      problems.push(`${action.kind}: ${messageOf(error)}`);
    }
  }
  return { pipeline: pipeline.name, actions, problems };
}

/** Whether it was done; it is not when the lease has moved since it was read, and the next sweep sees why. */
async function push(pipeline: string, action: Action, { sight, lease }: Seen, mesh: Mesh): Promise<boolean> {
  switch (action.kind) {
    case 'request':
      await mesh.runRequested.publish({ pipeline, run: action.run });
      return true;
    case 'load':
      await mesh.loadRequested.publish({ pipeline, run: action.run, attempt: action.attempt });
      return true;
    case 'release':
      await releaseLease(mesh, pipeline, action.run);
      return true;
    case 'cancel':
      await mesh.jobs.cancel(action.execution);
      return true;
    case 'next-attempt': {
      if (lease === undefined) return false;
      const next = { token: mesh.newId(), ...afterFailedAttempt(lease.value, mesh.now()) };
      return swapLease(mesh.runs, pipeline, lease, next);
    }
    case 'end': {
      const { run, attempt, outcome, reason } = action;
      const at = new Date(mesh.now()).toISOString();
      // An order may have been cut off after it cancelled the execution; its words say more.
      const ordered = outcome === 'cancelled' ? await readCancellation(mesh.runs, pipeline, run) : undefined;
      const why = ordered === undefined ? reason : wordsOfCancellation(ordered);
      const found = attempt === 0 ? undefined : sight.holder?.found;
      const jobEndedAtMs = found?.kind === 'found' ? found.execution.completedAtMs : undefined;
      const jobEndedAt = jobEndedAtMs === undefined ? undefined : new Date(jobEndedAtMs).toISOString();
      await finishRun(mesh, { pipeline, run, outcome, reason: why, attempt, rows: null, at }, { jobEndedAt });
      return true;
    }
  }
}

const wordsFor = (action: Action): string =>
  action.kind === 'end' ? `${action.outcome}: ${action.reason}` : `${action.kind}: ${action.why}`;
