// What is overdue in a pipeline, and what pushes it on: a pure decision over what the sweep has seen.
import type { Execution, Found } from '../../shared/executions/runner.ts';
import type { RunRequest } from '../../shared/runs/head.ts';
import type { LeaseHolder } from '../../shared/runs/lease.ts';
import { sequenceOf, type RunId } from '../../shared/runs/names.ts';
import type { Outcome } from '../../shared/runs/outcome.ts';

/** What the sweep knows of the run that holds the lease. */
export interface HolderSight {
  readonly holder: LeaseHolder;
  readonly ended: boolean;
  readonly manifest: boolean;
  /** When the intent to execute was recorded. */
  readonly intentAtMs: number | undefined;
  readonly found: Found;
}

export interface Sight {
  readonly nowMs: number;
  readonly overdueMs: number;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly newest: RunRequest | undefined;
  readonly queued: RunId | null;
  /** Recent runs without an outcome. */
  readonly open: readonly RunId[];
  readonly holder: HolderSight | undefined;
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

export function diagnose(sight: Sight): readonly Action[] {
  const waiting = sight.open.filter((run) => run !== sight.holder?.holder.run && run !== sight.queued);
  return [
    ...(sight.holder === undefined ? [] : pushHolder(sight.holder, sight)),
    ...waiting.flatMap((run) => pushWaiting(run, sight)),
  ];
}

/** Why the holder is not pushed on although it may have to be; undefined while that is known. */
export function unknownOf({ holder }: Sight): string | undefined {
  if (holder === undefined || holder.ended || holder.manifest || holder.found.kind !== 'unknown')
    return undefined;
  const { run, attempt } = holder.holder;
  return `it is not known whether attempt ${attempt} of ${run} has an execution: ${holder.found.reason}`;
}

/** Runs that hold nothing: the newest is asked for again, the others will never be. */
function pushWaiting(run: RunId, { newest, nowMs, overdueMs }: Sight): Action[] {
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

function pushHolder(seen: HolderSight, sight: Sight): Action[] {
  const { run, attempt, since } = seen.holder;
  if (seen.ended) return [{ kind: 'release', run, why: 'it has ended and still holds the lease' }];
  const heldMs = sight.nowMs - Date.parse(since);
  if (heldMs > GIVE_UP_MS + sight.timeoutMs) {
    const what = seen.manifest ? 'its output could not be loaded' : 'its job could not be started';
    const reason = `${what} for a day; the logs of the functions say why.`;
    return [{ kind: 'end', run, attempt, outcome: 'dead-lettered', reason }];
  }
  if (seen.manifest) {
    // Its finalize event is on the way; the news of the execution's end may be quicker.
    const completedAtMs = seen.found.kind === 'found' ? seen.found.execution.completedAtMs : undefined;
    if (isWithin(sight.overdueMs, completedAtMs, sight.nowMs)) return [];
    return [{ kind: 'load', run, attempt, why: 'its output stands and has not been loaded' }];
  }
  if (seen.found.kind === 'found') return pushExecution(seen, seen.found.execution, sight);
  if (seen.found.kind === 'unknown') return [];
  const waitedMs = sight.nowMs - (seen.intentAtMs ?? Date.parse(since));
  if (waitedMs < sight.overdueMs) return [];
  return [{ kind: 'request', run, why: 'it holds the lease and has no execution' }];
}

function pushExecution(seen: HolderSight, execution: Execution, sight: Sight): Action[] {
  const { run, attempt } = seen.holder;
  switch (execution.state) {
    case 'running': {
      const startedMs = execution.startedAtMs ?? seen.intentAtMs ?? sight.nowMs;
      if (sight.nowMs - startedMs < sight.timeoutMs + sight.overdueMs) return [];
      const why = `attempt ${attempt} has run for longer than ${sight.timeoutMs / 60_000} minutes`;
      // The lease moves on first: if this sweep dies in between, the old attempt is fenced off, and no later
      // sweep takes the cancellation for a person's.
      return [afterFailure(seen, why, sight), { kind: 'cancel', run, execution: execution.name, why }];
    }
    case 'cancelled': {
      const reason = `the execution of attempt ${attempt} was cancelled by hand.`;
      return [{ kind: 'end', run, attempt, outcome: 'cancelled', reason }];
    }
    case 'failed':
      return [
        afterFailure(seen, `attempt ${attempt} failed: ${execution.message ?? 'no reason was given'}`, sight),
      ];
    case 'succeeded':
      // It was over before its output was looked for, and Cloud Storage shows what was written: none will come.
      return [afterFailure(seen, `attempt ${attempt} exited well and left no output.json`, sight)];
  }
}

const isWithin = (ms: number, sinceMs: number | undefined, nowMs: number): boolean =>
  sinceMs !== undefined && nowMs - sinceMs < ms;

function afterFailure({ holder }: HolderSight, why: string, { attempts }: Sight): Action {
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
