// The versions of a model that were current, from the entries of the ledger: pure functions.
import { isObjects, type PublishedObjects } from '../outputs/published.ts';
import { sequenceOf } from '../runs/names.ts';
import type { LedgerEntry } from '../warehouse/ledger-entries.ts';

type Entry = Pick<LedgerEntry, 'ordinal' | 'kind' | 'publishedAtMs' | 'outputs'>;

export interface Version extends PublishedObjects {
  /** The entry that made it current, and the kind of that entry. */
  readonly ordinal: number;
  readonly madeBy: string;
  readonly sinceMs: number;
}

/** The current model of that name after an entry. */
export const modelIn = (
  { outputs }: Pick<LedgerEntry, 'outputs'>,
  model: string,
): PublishedObjects | undefined =>
  outputs.filter(isObjects).find(({ kind, output }) => kind === 'model' && output === model);

/**
 * Oldest first; the last one is current, with its pin as it is now. A candidate that was only registered is no version.
 */
export function versionsOf(entries: readonly Entry[], model: string): readonly Version[] {
  const versions: Version[] = [];
  for (const entry of entries) {
    const current = modelIn(entry, model);
    const before = versions.at(-1);
    if (current === undefined) continue;
    if (before?.publication === current.publication) {
      versions[versions.length - 1] = { ...before, pinned: current.pinned };
      continue;
    }
    const { ordinal, kind: madeBy, publishedAtMs: sinceMs } = entry;
    versions.push({ ...current, ordinal, madeBy, sinceMs });
  }
  return versions;
}

/**
 * Where a rollback goes by default: the last version that an earlier run trained than the current one. So a second
 * rollback goes further back, and not to the version that the first one took away.
 */
export function versionBefore(versions: readonly Version[]): Version | undefined {
  const current = versions.at(-1);
  if (current === undefined) return undefined;
  return versions.findLast(({ run }) => sequenceOf(run) < sequenceOf(current.run));
}
