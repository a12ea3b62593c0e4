// The console's own check of a publication: its stored outputs, its run's outcome, and the numbering of the ledger.
import { concurrently } from '../../../shared/concurrently.ts';
import { DAYS_KEPT } from '../../../shared/deployment.ts';
import type { RunHistory } from '../../../shared/history/history.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { isTable, type PublishedTable } from '../../../shared/outputs/published.ts';
import type { PublicationShown } from './ledger.ts';

/** `expired`: deleted when its time was over; `missing`: too early. */
export type Stored = 'same' | 'changed' | 'expired' | 'missing';

export interface Check {
  /** When it was made: now. */
  readonly at: string;
  readonly outputs: readonly {
    readonly object: string;
    readonly generation: string;
    readonly stored: Stored;
  }[];
  /** Files and models, which lie where the console may not read; `sluice verify` checks them. */
  readonly unchecked: number;
  /** Whether the run's folder records the publication with as many rows; null: the folder is not kept any more. */
  readonly isRecorded: boolean | null;
  /** The publications that are shown follow each other without a gap. */
  readonly isNumbered: boolean;
  readonly isRight: boolean;
}

const MOST_CHECKED = 20;
const READ_AT_ONCE = 8;
const DAY_MS = 86_400_000;

export async function checkOf(
  publication: PublicationShown,
  history: RunHistory | undefined,
  publications: readonly PublicationShown[],
  { results, now }: { readonly results: ObjectStore; readonly now: () => number },
): Promise<Check> {
  const tables = publication.outputs.filter(isTable).slice(0, MOST_CHECKED);
  const nowMs = now();
  // Cloud Storage deletes objects within a day of their time.
  const mayHaveExpired = Date.parse(publication.publishedAt) <= nowMs - (DAYS_KEPT - 1) * DAY_MS;
  const outputs = await concurrently(tables, READ_AT_ONCE, async (output) => ({
    object: output.object,
    generation: output.generation,
    stored: await storedAs(output, results, mayHaveExpired),
  }));
  const isRecorded = history === undefined ? null : isRecordedIn(history, publication);
  const isNumbered = publications.every(
    ({ ordinal }, index) => index === 0 || ordinal === (publications[index - 1]?.ordinal ?? 0) - 1,
  );
  const isStored = outputs.every(({ stored }) => stored === 'same' || stored === 'expired');
  return {
    at: new Date(nowMs).toISOString(),
    ...{ outputs, isRecorded, isNumbered, unchecked: publication.outputs.length - tables.length },
    isRight: isStored && isRecorded !== false && isNumbered,
  };
}

async function storedAs(
  { object, generation, crc32c }: PublishedTable,
  results: ObjectStore,
  mayHaveExpired: boolean,
): Promise<Stored> {
  const found = await results.info(object);
  if (found === undefined) return mayHaveExpired ? 'expired' : 'missing';
  return found.generation === generation && found.crc32c === crc32c ? 'same' : 'changed';
}

const isRecordedIn = ({ outcome, replays }: RunHistory, { rows }: PublicationShown): boolean =>
  [outcome, ...replays.map((each) => each.outcome)].some(
    (each) => each?.outcome === 'published' && (each.rows ?? 0) === rows,
  );
