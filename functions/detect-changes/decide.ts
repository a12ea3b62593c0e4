// What a look at the folder leads to: a pure decision.
import type { FileRoles } from '../../shared/pipelines/source.ts';
import type { Head, Pause, RunRequest } from '../../shared/runs/head.ts';
import type { Cause } from '../../shared/runs/cause.ts';
import { runIdOf } from '../../shared/runs/names.ts';
import { castRoles } from '../../shared/sources/roles.ts';
import { revisionOf, type SourceFile } from '../../shared/sources/snapshot.ts';

export interface Sight {
  readonly pipeline: string;
  readonly roles: FileRoles;
  readonly files: readonly SourceFile[];
  readonly head: Head | undefined;
  readonly settleMs: number;
  readonly nowMs: number;
  /** Set when a person asks for a run of an unchanged folder. */
  readonly nonce: string | null;
  /** What a run would come from. */
  readonly cause: Cause;
}

export type Decision =
  | { readonly kind: 'no-change' }
  | { readonly kind: 'paused'; readonly reason: string }
  | {
      readonly kind: 'no-run';
      readonly outcome: 'waiting-incomplete' | 'waiting-settling' | 'failed';
      readonly reason: string;
    }
  | { readonly kind: 'request'; readonly request: RunRequest };

// Larger than any workbook that a spreadsheet opens; Drive holds files of up to 5 TB.
const LARGEST_FILE_BYTES = 256 * 1024 * 1024;

export function decideLook(sight: Sight): Decision {
  if (sight.head?.paused) return { kind: 'paused', reason: whoPaused(sight.pipeline, sight.head.paused) };
  const cast = castRoles(sight.files, sight.roles);
  if (cast.kind === 'ambiguous') return { kind: 'no-run', outcome: 'failed', reason: cast.problem };
  if (cast.kind === 'incomplete') {
    const reason = `missing from the folder: ${cast.missing.join(', ')}. The run starts when all are there.`;
    return { kind: 'no-run', outcome: 'waiting-incomplete', reason };
  }
  const tooLarge = cast.snapshot.find((file) => file.sizeBytes > LARGEST_FILE_BYTES);
  if (tooLarge !== undefined) {
    const reason = `"${tooLarge.name}" has ${tooLarge.sizeBytes} bytes; expected at most ${LARGEST_FILE_BYTES}.`;
    return { kind: 'no-run', outcome: 'failed', reason };
  }
  const revision = revisionOf(cast.snapshot);
  const asked = sight.nonce !== null && sight.head?.request?.nonce !== sight.nonce;
  if (sight.head?.revision === revision && !asked) return { kind: 'no-change' };

  // A time far in the future comes from a wrong clock somewhere; waiting for it would be waiting for ever.
  const unchangedMs = Math.abs(sight.nowMs - cast.newestChangeMs);
  if (unchangedMs < sight.settleMs) {
    const reason = `a file was changed ${Math.round(unchangedMs / 1000)} s ago; expected ${sight.settleMs / 1000} s of rest.`;
    return { kind: 'no-run', outcome: 'waiting-settling', reason };
  }
  const sequence = (sight.head?.request?.sequence ?? 0) + 1;
  return {
    kind: 'request',
    request: {
      pipeline: sight.pipeline,
      run: runIdOf(sequence, revision),
      sequence,
      revision,
      snapshot: cast.snapshot,
      requestedAt: new Date(sight.nowMs).toISOString(),
      changedAt: new Date(cast.newestChangeMs).toISOString(),
      nonce: sight.nonce,
      cause: sight.cause,
    },
  };
}

const whoPaused = (pipeline: string, { by, reason, at }: Pause): string =>
  `${pipeline} has been paused by ${by} since ${at}: ${reason}. sluice resume lets it look again.`;
