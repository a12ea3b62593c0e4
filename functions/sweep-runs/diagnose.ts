// What is overdue in a pipeline, and what pushes it on: a pure decision over what the sweep has seen.
import type { Execution, Found } from '../../shared/executions/runner.ts';
import type { RunRequest } from '../../shared/runs/state.ts';
import type { LeaseHolder } from '../../shared/runs/lease.ts';
import { sequenceOf, type RunId } from '../../shared/runs/names.ts';
import type { Outcome } from '../../shared/runs/outcome.ts';

/** What the sweep knows of the run that holds the lease. */
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
      readonly reason: string;
    };

// A run that could not even be started for a whole day needs a person; its messages are in the dead letters.
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

/** Why the holder is not pushed on although it may have to be; undefined while that is known. */
export function unknownOf({ holder }: Observation): string | undefined {
  if (holder === undefined || holder.ended || holder.manifest || holder.found.kind !== 'unknown')
    return undefined;
  const { run, attempt } = holder.holder;
  return `it is not known whether attempt ${attempt} of ${run} has an execution: ${holder.found.reason}`;
}

/** Runs that hold nothing: the newest is asked for again, the others will never be. */
function pushWaiting(run: RunId, { newest, nowMs, overdueMs }: Observation): Action[] {
  if (newest === undefined) return [];
  if (sequenceOf(run) < newest.sequence) {
    const reason = `run ${newest.run} is newer, and this one had not started.`;
    return [{ kind: 'end', run, attempt: 0, outcome: 'superseded', reason }];
  }
  const waitedMs = nowMs - Date.parse(newest.requestedAt);
  if (waitedMs > GIVE_UP_MS) {
    const reason =
      'it could not be started for a day; its messages are in the dead letters of run-requested.';
    return [{ kind: 'end', run, attempt: 0, outcome: 'dead-lettered', reason }];
  }
  return waitedMs < overdueMs ? [] : [{ kind: 'request', run, why: 'it was asked for and has not started' }];
}

function pushHolder(observed: HolderObservation, observation: Observation): Action[] {
  const { run, attempt, since } = observed.holder;
  if (observed.ended) return [{ kind: 'release', run, why: 'it has ended and still holds the lease' }];
  const heldMs = observation.nowMs - Date.parse(since);
  if (heldMs > GIVE_UP_MS + observation.timeoutMs) {
    const what = observed.manifest ? 'its output could not be loaded' : 'its job could not be started';
    const reason = `${what} for a day; the logs of the functions say why.`;
    return [{ kind: 'end', run, attempt, outcome: 'dead-lettered', reason }];
  }
  if (observed.manifest) {
    // Its finalize event is on the way; the news of the execution's end may be quicker.
    const completedAtMs =
      observed.found.kind === 'found' ? observed.found.execution.completedAtMs : undefined;
    if (isWithin(observation.overdueMs, completedAtMs, observation.nowMs)) return [];
    return [{ kind: 'load', run, attempt, why: 'its output stands and has not been loaded' }];
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
      // The lease moves on first: if this sweep dies in between, the old attempt is fenced off, and no later
      // sweep takes the cancellation for a person's.
      return [
        afterFailure(observed, why, observation),
        { kind: 'cancel', run, execution: execution.name, why },
      ];
    }
    case 'cancelled': {
      const reason = `the execution of attempt ${attempt} was cancelled by hand.`;
      return [{ kind: 'end', run, attempt, outcome: 'cancelled', reason }];
    }
    case 'failed':
      return [
        afterFailure(
          observed,
          `attempt ${attempt} failed: ${execution.message ?? 'no reason was given'}`,
          observation,
        ),
      ];
    case 'succeeded':
      // It was over before its output was looked for, and Cloud Storage shows what was written: none will come.
      return [afterFailure(observed, `attempt ${attempt} exited well and left no output.json`, observation)];
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
    reason: `${why}; that was the last of ${attempts} attempts.`,
  };
}
