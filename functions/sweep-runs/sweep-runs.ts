// The story of a sweep: look at a pipeline, and push on whatever is overdue, with no event needed (law 7).
import { messageOf } from '../../shared/errors.ts';
import type { LoadRequested, Publisher } from '../../shared/events/messages.ts';
import type { Log } from '../../shared/logging.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { finishRun, releaseLease, type FinishPorts } from '../../shared/completion/finish.ts';
import { afterFailedAttempt, swapLease } from '../../shared/runs/lease.ts';
import { readCancellation, cancellationMessage } from '../../shared/runs/decision.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import { diagnose, unknownOf, type Action } from './diagnose.ts';
import { observe, type Observed, type ObservationPorts } from './observe.ts';

export interface Ports extends ObservationPorts, FinishPorts {
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
export async function sweepRuns(pipeline: Pipeline, ports: Ports): Promise<Sweep> {
  const { observation, lease } = await observe(pipeline, ports);
  const actions = diagnose(observation);
  const problems: string[] = [];
  const unknown = unknownOf(observation);
  if (unknown !== undefined) {
    ports.log.error({ pipeline: pipeline.name }, unknown);
    problems.push(unknown);
  }
  const todo = [...actions];
  let isDone = true;
  for (const action of todo) {
    if (action.kind === 'cancel' && !isDone) continue;
    ports.log.warn({ pipeline: pipeline.name, ...action }, `overdue: ${messageFor(action)}`);
    try {
      const { name } = pipeline;
      isDone = await inRun({ pipeline: name, run: action.run }, action.kind, () =>
        push(name, action, { observation, lease }, ports),
      );
      if (action.kind === 'next-attempt' && isDone) todo.push({ ...action, kind: 'request' });
    } catch (error) {
      isDone = false;
      ports.log.error({ pipeline: pipeline.name, ...action, err: error }, messageOf(error));
      problems.push(`${action.kind}: ${messageOf(error)}`);
    }
  }
  return { pipeline: pipeline.name, actions, problems };
}

/** Whether it was done; it is not when the lease has moved since it was read, and the next sweep sees why. */
async function push(
  pipeline: string,
  action: Action,
  { observation, lease }: Observed,
  ports: Ports,
): Promise<boolean> {
  switch (action.kind) {
    case 'request':
      await ports.runRequested.publish({ pipeline, run: action.run });
      return true;
    case 'load':
      await ports.loadRequested.publish({ pipeline, run: action.run, attempt: action.attempt });
      return true;
    case 'release':
      await releaseLease(ports, pipeline, action.run);
      return true;
    case 'cancel':
      await ports.jobs.cancel(action.execution);
      return true;
    case 'next-attempt': {
      if (lease === undefined) return false;
      const next = { token: ports.newId(), ...afterFailedAttempt(lease.value, action.why, ports.now()) };
      return swapLease(ports.runs, pipeline, lease, next);
    }
    case 'end': {
      const { run, attempt, outcome, reason } = action;
      const at = new Date(ports.now()).toISOString();
      // An order may have been cut off after it cancelled the execution; its words say more.
      const ordered = outcome === 'cancelled' ? await readCancellation(ports.runs, pipeline, run) : undefined;
      const why = ordered === undefined ? reason : cancellationMessage(ordered);
      const found = attempt === 0 ? undefined : observation.holder?.found;
      const jobEndedAtMs = found?.kind === 'found' ? found.execution.completedAtMs : undefined;
      const jobEndedAt = jobEndedAtMs === undefined ? undefined : new Date(jobEndedAtMs).toISOString();
      await finishRun(
        ports,
        { pipeline, run, outcome, reason: why, attempt, rows: null, at },
        { jobEndedAt },
      );
      return true;
    }
  }
}

const messageFor = (action: Action): string =>
  action.kind === 'end' ? `${action.outcome}: ${action.reason}` : `${action.kind}: ${action.why}`;
