// Reconciles the ledger with the buckets: pure functions that return one sentence for each difference.
import { counted } from '../counted.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import type { Accepted, ObservedRuns } from '../runs/accepted.ts';
import { sequenceOf } from '../runs/names.ts';
import type { LedgerEntry } from '../warehouse/ledger-entries.ts';
import { publicationId } from '../warehouse/tables.ts';

/**
 * Entries are numbered without a gap, from 1 or, after the ledger was rebuilt, from above what the pointers show; no id
 * occurs twice, and no run replaced a newer one (law 5).
 */
export function unsoundEntries(ledger: readonly LedgerEntry[]): readonly string[] {
  const found: string[] = [];
  const ids = new Map<string, number>();
  let newest = 0;
  const first = ledger[0]?.ordinal ?? 1;
  for (const [index, { id, ordinal, kind, run }] of ledger.entries()) {
    ids.set(id, (ids.get(id) ?? 0) + 1);
    if (ordinal !== first + index) {
      found.push(
        `${id} has the number ${ordinal} in the ledger; expected ${first + index}: an entry is missing or doubled`,
      );
    }
    if (kind === 'run' && sequenceOf(run) < newest) {
      found.push(`${id} replaced a newer run, which only a replay may do`);
    }
    newest = Math.max(newest, sequenceOf(run));
  }
  const twice = [...ids].filter(([, times]) => times > 1);
  return [
    ...found,
    ...twice.map(([id, times]) => `${id} occurs ${times} times in the ledger; expected once`),
  ];
}

/** Every accepted output is in exactly one publication. */
export function missingEntries(
  pipeline: Pipeline,
  accepted: readonly Accepted[],
  ledger: readonly LedgerEntry[],
): readonly string[] {
  const entries = new Map(ledger.map((entry) => [entry.id, entry]));
  return accepted.flatMap(({ run, replay, rows }) => {
    const id = publicationId(pipeline, run, replay);
    const entry = entries.get(id);
    const of = replay === undefined ? `run ${run}` : `the replay ${replay} of run ${run}`;
    if (entry === undefined) return [`${of} ended as published, but ${id} is not in the ledger`];
    if (entry.rows === (rows ?? 0)) return [];
    return [`${of} recorded ${counted(rows ?? 0, 'row')}, and the ledger ${entry.rows}`];
  });
}

/** Every entry has its run and a recorded outcome; those that may have expired by `keptSinceMs` are not required. */
export function unexplainedEntries(
  pipeline: Pipeline,
  { runs, accepted }: ObservedRuns,
  ledger: readonly LedgerEntry[],
  keptSinceMs: number,
): readonly string[] {
  const explained = new Set(accepted.map(({ run, replay }) => publicationId(pipeline, run, replay)));
  return ledger.flatMap(({ id, run, requestedAtMs, publishedAtMs }) => {
    const lost: string[] = [];
    if (publishedAtMs > keptSinceMs && !explained.has(id)) {
      lost.push(
        `${id} is in the ledger, but its run's folder has no such outcome (if it was published a moment ago, verify again)`,
      );
    }
    if ((requestedAtMs ?? publishedAtMs) > keptSinceMs && !runs.has(run)) {
      lost.push(`${id} is in the ledger, but run ${run} has no request`);
    }
    return lost;
  });
}
