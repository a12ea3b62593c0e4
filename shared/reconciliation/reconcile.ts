// The ledger reckoned against the buckets: pure, from what was read to the sentences that say what disagrees.
import type { Pipeline } from '../pipelines/pipeline.ts';
import type { Accepted, ObservedRuns } from '../runs/accepted.ts';
import { sequenceOf } from '../runs/names.ts';
import type { LedgerEntry } from '../warehouse/ledger-entries.ts';
import { publicationId } from '../warehouse/tables.ts';

/**
 * Entries are numbered without a hole, from 1 or, after the ledger was lost, from above what the pointers show; no
 * id stands twice, and no run went over a newer one (law 5).
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
        `${id} has the number ${ordinal} in the ledger; expected ${first + index}, for none is missing or doubled`,
      );
    }
    if (kind === 'run' && sequenceOf(run) < newest) {
      found.push(`${id} was published over a newer run, which only a person's replay may do`);
    }
    newest = Math.max(newest, sequenceOf(run));
  }
  const twice = [...ids].filter(([, times]) => times > 1);
  return [
    ...found,
    ...twice.map(([id, times]) => `${id} stands ${times} times in the ledger; expected once`),
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
    if (entry === undefined) return [`${of} ended as published, and ${id} is not in the ledger`];
    if (entry.rows === (rows ?? 0)) return [];
    return [`${of} says ${rows} rows, and the ledger ${entry.rows}`];
  });
}

/** Every entry has its run, and an outcome that says so; what may have expired by `keptSinceMs` is not asked for. */
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
        `${id} is in the ledger, and no outcome in its run's folder says so (if it was published a moment ago, prove again)`,
      );
    }
    if ((requestedAtMs ?? publishedAtMs) > keptSinceMs && !runs.has(run)) {
      lost.push(`${id} is in the ledger, and run ${run} has no request`);
    }
    return lost;
  });
}
