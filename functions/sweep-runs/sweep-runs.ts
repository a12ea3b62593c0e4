// The story of a sweep: observe a pipeline, and recover what is overdue, without any event (law 7).
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
  /** What failed; the next sweep tries again. */
  readonly problems: readonly string[];
}

/**
 * An action that fails does not stop the others. Only a cancellation requires the action before it: while the lease
 * has not moved on, a later sweep would mistake it for an operator's.
 */
export async function sweepRuns(pipeline: Pipeline, ports: Ports): Promise<Sweep> {
  const { observation, lease } = await observe(pipeline, ports);
  const actions = diagnose(observation);
  const problems: string[] = [];
  const unknown = unknownOf(observation);
  if (unknown !== undefined) {
    ports.log.error({ pipeline: pipeline.name, code: 'EXECUTION_UNKNOWN' }, unknown);
    problems.push(unknown);
  }
  const todo = [...actions];
  let isDone = true;
  for (const action of todo) {
    if (action.kind === 'cancel' && !isDone) continue;
    ports.log.warn({ pipeline: pipeline.name, ...action }, messageFor(action));
    try {
      const { name } = pipeline;
      isDone = await inRun({ pipeline: name, run: action.run }, action.kind, () =>
        recover(name, action, { observation, lease }, ports),
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

/** Whether it was done; it is not when the lease has moved since it was read, and the next sweep decides anew. */
async function recover(
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
      const { run, attempt, outcome } = action;
      const at = new Date(ports.now()).toISOString();
      // A command may have been interrupted after it cancelled the execution; its reason says more.
      const cancelled =
        outcome === 'cancelled' ? await readCancellation(ports.runs, pipeline, run) : undefined;
      const { code, reason } =
        cancelled === undefined
          ? action
          : ({ code: 'CANCELLED_BY_OPERATOR', reason: cancellationMessage(cancelled) } as const);
      const found = attempt === 0 ? undefined : observation.holder?.found;
      const jobEndedAtMs = found?.kind === 'found' ? found.execution.completedAtMs : undefined;
      const jobEndedAt = jobEndedAtMs === undefined ? undefined : new Date(jobEndedAtMs).toISOString();
      await finishRun(
        ports,
        { pipeline, run, outcome, code, reason, attempt, rows: null, at },
        { jobEndedAt },
      );
      return true;
    }
  }
}

const messageFor = (action: Action): string =>
  action.kind === 'end'
    ? `Overdue run ${action.run} ends as ${action.outcome}: ${action.reason}`
    : `Overdue run ${action.run}: ${action.kind}, because ${action.why}.`;
