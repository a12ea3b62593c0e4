// The story of a sweep: look at a pipeline, and push on whatever is overdue, with no event needed (law 7).
import { messageOf } from '../../shared/errors.ts';
import type { LoadRequested, Publisher } from '../../shared/events/messages.ts';
import type { Log } from '../../shared/logging.ts';
import type { Stored } from '../../shared/objects/json.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { finishRun, releaseLease, type FinishPorts } from '../../shared/runs/finish.ts';
import { afterFailedAttempt, swapLease, type Lease } from '../../shared/runs/lease.ts';
import { diagnose, type Action } from './diagnose.ts';
import { lookAt, type SightPorts } from './sight.ts';

export interface Mesh extends SightPorts, FinishPorts {
  readonly loadRequested: Publisher<LoadRequested>;
  readonly log: Log;
}

export interface Sweep {
  readonly pipeline: string;
  readonly actions: readonly Action[];
  /** What could not be done; the next sweep tries again. */
  readonly problems: readonly string[];
}

/** One action that fails does not keep the others from being done. */
export async function sweepRuns(pipeline: Pipeline, mesh: Mesh): Promise<Sweep> {
  const { sight, lease } = await lookAt(pipeline, mesh);
  const actions = diagnose(sight);
  const problems: string[] = [];
  for (const action of actions) {
    mesh.log.warn({ pipeline: pipeline.name, ...action }, `overdue: ${wordsFor(action)}`);
    try {
      await push(pipeline.name, action, lease, mesh);
    } catch (error) {
      mesh.log.error({ pipeline: pipeline.name, ...action, err: error }, messageOf(error));
      problems.push(`${action.kind}: ${messageOf(error)}`);
    }
  }
  return { pipeline: pipeline.name, actions, problems };
}

async function push(
  pipeline: string,
  action: Action,
  lease: Stored<Lease> | undefined,
  mesh: Mesh,
): Promise<void> {
  switch (action.kind) {
    case 'request':
      return mesh.runRequested.publish({ pipeline, run: action.run });
    case 'load':
      return mesh.loadRequested.publish({ pipeline, run: action.run, attempt: action.attempt });
    case 'release':
      return releaseLease(mesh, pipeline, action.run);
    case 'cancel':
      return mesh.jobs.cancel(action.execution);
    case 'next-attempt': {
      if (lease === undefined) return;
      const next = { token: mesh.newId(), ...afterFailedAttempt(lease.value, mesh.now()) };
      // A conflict means that the lease moved since it was read: the next sweep sees why.
      if (!(await swapLease(mesh.runs, pipeline, lease, next))) return;
      return mesh.runRequested.publish({ pipeline, run: action.run });
    }
    case 'end': {
      const { run, attempt, outcome, reason } = action;
      const at = new Date(mesh.now()).toISOString();
      await finishRun(mesh, { pipeline, run, outcome, reason, attempt, rows: null, at });
    }
  }
}

const wordsFor = (action: Action): string =>
  action.kind === 'end' ? `${action.outcome}: ${action.reason}` : `${action.kind}: ${action.why}`;
