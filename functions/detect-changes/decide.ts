// What a poll of the folder leads to: a pure decision.
import type { FileRoles } from '../../shared/pipelines/source.ts';
import type { PipelineState, Pause, RunRequest } from '../../shared/runs/state.ts';
import type { Cause } from '../../shared/runs/cause.ts';
import { runIdOf } from '../../shared/runs/names.ts';
import type { Outcome } from '../../shared/runs/outcome.ts';
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
  /** A run is asked for although nothing changed, so long after the newest one was. */
  readonly rerunEveryMs?: number | undefined;
  readonly nowMs: number;
  /** Set when a person asks for a run of an unchanged folder. */
  readonly nonce: string | null;
  /** What a run would come from. */
  readonly cause: Cause;
}

/** `notes`: what the poll has to say of the folder's files; absent when that is nothing. */
export type Decision =
  | { readonly kind: 'no-change'; readonly notes?: readonly string[] }
  | { readonly kind: 'paused'; readonly reason: string }
  | NoRun
  | {
      readonly kind: 'request';
      readonly request: RunRequest;
      /** A person asks for the run, and accepts what the folder leaves out. */
      readonly isForced: boolean;
      readonly notes?: readonly string[];
    };

export interface NoRun {
  readonly kind: 'no-run';
  readonly outcome: 'waiting-incomplete' | 'waiting-settling' | 'failed';
  readonly reason: string;
  readonly notes?: readonly string[];
}

/** What the tick led to: a run that was asked for, or the outcome of the poll; and what the folder has to be told. */
export type Answer = { readonly notes?: readonly string[] } & (
  | { readonly kind: 'requested'; readonly run: string }
  | { readonly kind: 'poll'; readonly outcome: Outcome; readonly reason: string }
);

// Larger than any workbook that a spreadsheet opens; Drive holds files of up to 5 TB.
const LARGEST_FILE_BYTES = 256 * 1024 * 1024;

export function decidePoll(observation: Observation): Decision {
  if (observation.state?.paused)
    return { kind: 'paused', reason: whoPaused(observation.pipeline, observation.state.paused) };
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
  if (cast.kind === 'ambiguous') return { kind: 'no-run', outcome: 'failed', reason: cast.problem };
  const isForced = observation.nonce !== null && observation.state?.request?.nonce !== observation.nonce;
  if (cast.kind === 'incomplete') {
    const missing = cast.missing.length === 0 ? [] : [`missing from the folder: ${cast.missing.join(', ')}`];
    return waiting([...missing, ...notes, 'The run starts when all are there']);
  }
  const tooLarge = cast.snapshot.find((file) => file.sizeBytes > LARGEST_FILE_BYTES);
  if (tooLarge !== undefined) {
    const reason = `"${shownName(tooLarge.name)}" has ${tooLarge.sizeBytes} bytes; expected at most ${LARGEST_FILE_BYTES}.`;
    return { kind: 'no-run', outcome: 'failed', reason };
  }
  const revision = revisionOf(cast.snapshot);
  // A file that plays a role and cannot be read waits for a person, also where nothing else has changed. Only a
  // forced run, or one after it, has such a note: a person has accepted it.
  const accepted = observation.state?.request?.notes ?? [];
  const isLoss = cast.unreadable.some((note) => !accepted.includes(note));
  if (isLoss && !isForced) return waiting([...notes, TO_ACCEPT]);
  if (observation.state?.revision === revision && !isForced && !isRerunDue(observation))
    return { kind: 'no-change' };

  // A time far in the future comes from a wrong clock somewhere; waiting for it would be waiting for ever.
  const unchangedMs = Math.abs(observation.nowMs - cast.newestChangeMs);
  if (unchangedMs < observation.settleMs) {
    const reason = `a file was changed ${Math.round(unchangedMs / 1000)} s ago; expected ${observation.settleMs / 1000} s of rest.`;
    return { kind: 'no-run', outcome: 'waiting-settling', reason };
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

/** Counted from the newest request, whatever became of it: what waits or failed is a person's, or the next poll's. */
function isRerunDue({ rerunEveryMs, state, nowMs }: Observation): boolean {
  const requestedAt = state?.request?.requestedAt;
  return (
    rerunEveryMs !== undefined && requestedAt !== undefined && nowMs - Date.parse(requestedAt) >= rerunEveryMs
  );
}

/** How a person lets a run begin although a file is left out. */
export const TO_ACCEPT =
  'To run without it all the same: sluice run --force --reason "<why it may be left out>"';

export const waiting = (sentences: readonly string[]): NoRun => ({
  kind: 'no-run',
  outcome: 'waiting-incomplete',
  reason: sentences.map((sentence) => `${sentence}.`).join(' '),
});

const whoPaused = (pipeline: string, { by, reason, at }: Pause): string =>
  `${pipeline} has been paused by ${by} since ${at}: ${reason}. sluice resume lets it look again.`;
