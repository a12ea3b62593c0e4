// Decides which run a rollback goes back to: a pure function of the ledger's entries.
import { isObjects } from '../outputs/published.ts';
import type { RunId } from '../runs/names.ts';
import type { LedgerEntry } from './ledger-entries.ts';

type Entry = Pick<LedgerEntry, 'run' | 'outputs'>;

/**
 * The run whose output was current before the current one; undefined: there is none. A run whose models were registered
 * and not promoted has an entry, and readers never saw it. `entries`: oldest first.
 */
export function runBefore(entries: readonly Entry[]): RunId | undefined {
  const newest = entries.at(-1);
  if (newest === undefined) return undefined;
  const current = String(runsShown(newest));
  return entries.findLast(
    (entry) => runsShown(entry).includes(entry.run) && String(runsShown(entry)) !== current,
  )?.run;
}

/** Of which run each output is: tables and files are of the entry's own, a model is its champion's. */
const runsShown = ({ run, outputs }: Entry): readonly RunId[] =>
  outputs.map((output) => (isObjects(output) && output.kind === 'model' ? output.run : run));
