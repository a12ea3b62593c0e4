// Decides what is overdue in a pipeline and what recovers it: a pure function of what the sweep observed.
import type { ErrorCode } from '../../shared/error-codes.ts';
import type { Execution, Found } from '../../shared/executions/runner.ts';
import type { RunRequest } from '../../shared/runs/state.ts';
import type { LeaseHolder } from '../../shared/runs/lease.ts';
import { sequenceOf, type RunId } from '../../shared/runs/names.ts';
import type { Outcome } from '../../shared/runs/outcome.ts';

/** What the sweep observed of the run that holds the lease. */
export interface HolderObservation {
  readonly holder: LeaseHolder;
  readonly ended: boolean;
  readonly manifest: boolean;
  /** When the intent to execute was recorded. */
  readonly intentAtMs: number | undefined;
  readonly found: Found;
}

export interface Observation {
  readonly nowMs: number;
  readonly overdueMs: number;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly newest: RunRequest | undefined;
  readonly queued: RunId | null;
  /** Recent runs without an outcome. */
  readonly open: readonly RunId[];
  readonly holder: HolderObservation | undefined;
}

export type Action =
  | { readonly kind: 'request'; readonly run: RunId; readonly why: string }
  | { readonly kind: 'load'; readonly run: RunId; readonly attempt: number; readonly why: string }
  | { readonly kind: 'release'; readonly run: RunId; readonly why: string }
  | { readonly kind: 'cancel'; readonly run: RunId; readonly execution: string; readonly why: string }
  | { readonly kind: 'next-attempt'; readonly run: RunId; readonly failed: number; readonly why: string }
  | {
      readonly kind: 'end';
      readonly run: RunId;
      readonly attempt: number;
      readonly outcome: Outcome;
      readonly code: ErrorCode;
      readonly reason: string;
    };

// A run that could not be started for a day needs an operator; its messages are dead letters.
const GIVE_UP_MS = 24 * 60 * 60 * 1000;

export function diagnose(observation: Observation): readonly Action[] {
  const waiting = observation.open.filter(
    (run) => run !== observation.holder?.holder.run && run !== observation.queued,
  );
  return [
    ...(observation.holder === undefined ? [] : pushHolder(observation.holder, observation)),
    ...waiting.flatMap((run) => pushWaiting(run, observation)),
  ];
}

/** Why it is unknown whether the holder is overdue; undefined when it is known. */
export function unknownOf({ holder }: Observation): string | undefined {
  if (holder === undefined || holder.ended || holder.manifest || holder.found.kind !== 'unknown')
    return undefined;
  const { run, attempt } = holder.holder;
  return `Nothing done for attempt ${attempt} of run ${run}: it is unknown whether it has an execution: ${holder.found.reason}`;
}

/** Runs that hold no lease: the newest is requested again, the others are superseded. */
function pushWaiting(run: RunId, { newest, nowMs, overdueMs }: Observation): Action[] {
  if (newest === undefined) return [];
  if (sequenceOf(run) < newest.sequence) {
    const reason = `Run ${newest.run} is newer, and this one had not started.`;
    return [{ kind: 'end', run, attempt: 0, outcome: 'superseded', code: 'SUPERSEDED_BY_NEWER', reason }];
  }
  const waitedMs = nowMs - Date.parse(newest.requestedAt);
  if (waitedMs > GIVE_UP_MS) {
    const reason = 'The run could not be started for 24 hours. Its messages are in the dead letters.';
    return [{ kind: 'end', run, attempt: 0, outcome: 'dead-lettered', code: 'RUN_NOT_STARTED', reason }];
  }
  return waitedMs < overdueMs ? [] : [{ kind: 'request', run, why: 'it was requested and has not started' }];
}

function pushHolder(observed: HolderObservation, observation: Observation): Action[] {
  const { run, attempt, since } = observed.holder;
  if (observed.ended) return [{ kind: 'release', run, why: 'it has ended and still holds the lease' }];
  const heldMs = observation.nowMs - Date.parse(since);
  if (heldMs > GIVE_UP_MS + observation.timeoutMs) {
    const [code, what, where] = observed.manifest
      ? (['OUTPUT_NOT_PUBLISHED', 'The output could not be published', 'publish-output'] as const)
      : (['RUN_NOT_STARTED', 'The job could not be started', 'start-run'] as const);
    const reason = `${what} for 24 hours. The log of ${where} says why.`;
    return [{ kind: 'end', run, attempt, outcome: 'dead-lettered', code, reason }];
  }
  if (observed.manifest) {
    // Its finalize event is on the way; the message that the execution has ended may arrive first.
    const completedAtMs =
      observed.found.kind === 'found' ? observed.found.execution.completedAtMs : undefined;
    if (isWithin(observation.overdueMs, completedAtMs, observation.nowMs)) return [];
    return [{ kind: 'load', run, attempt, why: 'its output is complete and has not been published' }];
  }
  if (observed.found.kind === 'found') return pushExecution(observed, observed.found.execution, observation);
  if (observed.found.kind === 'unknown') return [];
  const waitedMs = observation.nowMs - (observed.intentAtMs ?? Date.parse(since));
  if (waitedMs < observation.overdueMs) return [];
  return [{ kind: 'request', run, why: 'it holds the lease and has no execution' }];
}

function pushExecution(
  observed: HolderObservation,
  execution: Execution,
  observation: Observation,
): Action[] {
  const { run, attempt } = observed.holder;
  switch (execution.state) {
    case 'running': {
      const startedMs = execution.startedAtMs ?? observed.intentAtMs ?? observation.nowMs;
      if (observation.nowMs - startedMs < observation.timeoutMs + observation.overdueMs) return [];
      const why = `attempt ${attempt} has run for longer than ${observation.timeoutMs / 60_000} minutes`;
      // The lease moves on first: if this sweep dies in between, the old attempt is fenced off, and no later sweep
      // mistakes the cancellation for an operator's.
      return [
        afterFailure(observed, why, observation),
        { kind: 'cancel', run, execution: execution.name, why },
      ];
    }
    case 'cancelled': {
      const reason = `The execution of attempt ${attempt} was cancelled in Cloud Run.`;
      return [{ kind: 'end', run, attempt, outcome: 'cancelled', code: 'EXECUTION_CANCELLED', reason }];
    }
    case 'failed':
      return [
        afterFailure(
          observed,
          `attempt ${attempt} failed: ${execution.message ?? 'Cloud Run gave no reason'}`,
          observation,
        ),
      ];
    case 'succeeded':
      // It ended before its output was read, and Cloud Storage is consistent: no output will come.
      return [
        afterFailure(observed, `attempt ${attempt} exited with 0 and wrote no output.json`, observation),
      ];
  }
}

const isWithin = (ms: number, sinceMs: number | undefined, nowMs: number): boolean =>
  sinceMs !== undefined && nowMs - sinceMs < ms;

function afterFailure({ holder }: HolderObservation, why: string, { attempts }: Observation): Action {
  const { run, attempt } = holder;
  if (attempt < attempts) return { kind: 'next-attempt', run, failed: attempt, why };
  return {
    kind: 'end',
    run,
    attempt,
    outcome: 'failed',
    code: 'ATTEMPTS_EXHAUSTED',
    // The message of Cloud Run may end with a full stop of its own.
    reason: `${why.replace(/\.$/, '')}; that was ${attempts === 1 ? 'the only attempt' : `the last of ${attempts} attempts`}.`,
  };
}
