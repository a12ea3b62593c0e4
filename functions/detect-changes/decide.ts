// Decides what a poll of the source leads to: a pure function.
import { commandWithReason } from '../../shared/command-line.ts';
import type { ErrorCode } from '../../shared/error-codes.ts';
import type { FileRoles } from '../../shared/pipelines/source.ts';
import type { PipelineState, Pause, RunRequest } from '../../shared/runs/state.ts';
import type { Cause } from '../../shared/runs/cause.ts';
import { runIdOf } from '../../shared/runs/names.ts';
import type { Outcome } from '../../shared/runs/outcome.ts';
import { sentence } from '../../shared/sentence.ts';
import { shownName } from '../../shared/sources/file-names.ts';
import { nearRoleNotes } from '../../shared/sources/near-roles.ts';
import { castRoles, type Cast } from '../../shared/sources/roles.ts';
import { revisionOf, type ListedFile } from '../../shared/sources/snapshot.ts';

export interface Observation {
  readonly pipeline: string;
  readonly roles: FileRoles;
  readonly files: readonly ListedFile[];
  readonly state: PipelineState | undefined;
  readonly settleMs: number;
  /** A run is requested this long after the newest one, even if nothing changed. */
  readonly rerunEveryMs?: number | undefined;
  readonly nowMs: number;
  /** Set when an operator requests a run of an unchanged source. */
  readonly nonce: string | null;
  /** What triggers the run, if there is one. */
  readonly cause: Cause;
}

/** `notes`: data-quality notes on the source's files; absent when there are none. */
export type Decision =
  | { readonly kind: 'no-change'; readonly notes?: readonly string[] }
  | { readonly kind: 'paused'; readonly reason: string }
  | NoRun
  | {
      readonly kind: 'request';
      readonly request: RunRequest;
      /** An operator requests the run, and accepts the files that it leaves out. */
      readonly isForced: boolean;
      readonly notes?: readonly string[];
    };

export interface NoRun {
  readonly kind: 'no-run';
  readonly outcome: 'waiting-incomplete' | 'waiting-settling' | 'failed';
  readonly code: ErrorCode;
  readonly reason: string;
  readonly notes?: readonly string[];
}

/** What the poll led to: a requested run or an outcome, and the data-quality notes. `code` is null for `no-change`. */
export type Answer = { readonly notes?: readonly string[] } & (
  | { readonly kind: 'requested'; readonly run: string }
  | {
      readonly kind: 'poll';
      readonly outcome: Outcome;
      readonly code: ErrorCode | null;
      readonly reason: string;
    }
);

// Larger than any workbook that a spreadsheet opens; Drive holds files of up to 5 TB.
const LARGEST_FILE_BYTES = 256 * 1024 * 1024;

export function decidePoll(observation: Observation): Decision {
  if (observation.state?.paused)
    return { kind: 'paused', reason: pausedReason(observation.pipeline, observation.state.paused) };
  const cast = castRoles(observation.files, observation.roles);
  const unreadable = cast.kind === 'ambiguous' ? [] : cast.unreadable;
  const notes = [...unreadable, ...nearRoleNotes(observation.files, observation.roles)];
  return { ...decideCast(observation, cast, notes), ...(notes.length === 0 ? {} : { notes }) };
}

function decideCast(
  observation: Observation,
  cast: Cast,
  notes: readonly string[],
): Exclude<Decision, { kind: 'paused' }> {
  if (cast.kind === 'ambiguous')
    return { kind: 'no-run', outcome: 'failed', code: 'ROLE_AMBIGUOUS', reason: cast.problem };
  const isForced = observation.nonce !== null && observation.state?.request?.nonce !== observation.nonce;
  if (cast.kind === 'incomplete') {
    const missing = cast.missing.length === 0 ? [] : [`Missing from the source: ${cast.missing.join(', ')}`];
    const code = missing.length === 0 ? 'FILE_UNREADABLE' : 'SOURCE_INCOMPLETE';
    return waiting(code, [...missing, ...notes, 'The run starts when every role has its files']);
  }
  const tooLarge = cast.snapshot.find((file) => file.sizeBytes > LARGEST_FILE_BYTES);
  if (tooLarge !== undefined) {
    const reason = `"${shownName(tooLarge.name)}" has ${tooLarge.sizeBytes} bytes; expected at most ${LARGEST_FILE_BYTES}.`;
    return { kind: 'no-run', outcome: 'failed', code: 'FILE_TOO_LARGE', reason };
  }
  const revision = revisionOf(cast.snapshot);
  // A file that matches a role and cannot be read waits for an operator, even if nothing else has changed. Only the
  // request of a forced run, or of one after it, has such a note: an operator has accepted the loss.
  const accepted = observation.state?.request?.notes ?? [];
  const isLoss = cast.unreadable.some((note) => !accepted.includes(note));
  if (isLoss && !isForced) return waiting('FILE_UNREADABLE', [...notes, toAccept(observation.pipeline)]);
  if (observation.state?.revision === revision && !isForced && !isRerunDue(observation))
    return { kind: 'no-change' };

  // A time far in the future comes from a wrong clock; the source would never settle.
  const unchangedMs = Math.abs(observation.nowMs - cast.newestChangeMs);
  if (unchangedMs < observation.settleMs) {
    const reason = `A file changed ${Math.round(unchangedMs / 1000)} s ago; the source has to be unchanged for ${observation.settleMs / 1000} s. The next poll checks again.`;
    return { kind: 'no-run', outcome: 'waiting-settling', code: 'SOURCE_SETTLING', reason };
  }
  const sequence = (observation.state?.request?.sequence ?? 0) + 1;
  return {
    kind: 'request',
    isForced,
    request: {
      pipeline: observation.pipeline,
      run: runIdOf(sequence, revision),
      sequence,
      revision,
      snapshot: cast.snapshot,
      requestedAt: new Date(observation.nowMs).toISOString(),
      changedAt: new Date(cast.newestChangeMs).toISOString(),
      nonce: observation.nonce,
      cause: observation.cause,
      ...(notes.length === 0 ? {} : { notes }),
    },
  };
}

/** Counted from the newest request, whatever its outcome: a failed run is retried by an operator, not by the schedule. */
function isRerunDue({ rerunEveryMs, state, nowMs }: Observation): boolean {
  const requestedAt = state?.request?.requestedAt;
  return (
    rerunEveryMs !== undefined && requestedAt !== undefined && nowMs - Date.parse(requestedAt) >= rerunEveryMs
  );
}

/** How an operator starts a run that leaves a file out. */
export const toAccept = (pipeline: string): string =>
  `To run without it: ${commandWithReason(pipeline, 'run --force')}`;

export const waiting = (code: ErrorCode, sentences: readonly string[]): NoRun => ({
  kind: 'no-run',
  outcome: 'waiting-incomplete',
  code,
  reason: sentences.map(sentence).join(' '),
});

const pausedReason = (pipeline: string, { by, reason, at }: Pause): string =>
  `${pipeline} is paused by ${by} since ${at}: ${reason}. To resume: ${commandWithReason(pipeline, 'resume')}`;
