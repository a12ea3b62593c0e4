// Verifies that the published output files are unchanged, by generation and checksum.
import { concurrently } from '../concurrently.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { LedgerEntry } from '../warehouse/ledger-entries.ts';
import { isTable, type PublishedTable } from '../outputs/published.ts';

const READ_AT_ONCE = 16;

/** Names one version of one object. */
export const versionOf = ({ object, generation, crc32c }: PublishedTable): string =>
  `${object}#${generation}#${crc32c}`;

export interface KeptOutputs {
  readonly sound: number;
  /** By `versionOf`: its retention has ended. */
  readonly expired: ReadonlySet<string>;
  /** By `versionOf`: how it differs from what was published. */
  readonly broken: ReadonlyMap<string, string>;
}

/** Checks each version of an object that the ledger names; one that was written before `keptSinceMs` may have expired. */
export async function observeOutputs(
  ledger: readonly LedgerEntry[],
  keptSinceMs: number,
  results: ObjectStore,
): Promise<KeptOutputs> {
  // Replays publish the same object again: it is checked once.
  const named = new Map<string, { entry: LedgerEntry; output: PublishedTable }>();
  for (const entry of ledger) {
    for (const output of entry.outputs.filter(isTable)) {
      named.set(versionOf(output), { entry, output });
    }
  }
  const broken = new Map<string, string>();
  const expired = new Set<string>();
  const all = [...named.values()];
  await concurrently(all, READ_AT_ONCE, async ({ entry, output }) => {
    const { object, generation, crc32c } = output;
    const info = await results.info(object);
    if (info?.generation === generation && info.crc32c === crc32c) return;
    if (info === undefined && (entry.writtenAtMs ?? entry.publishedAtMs) <= keptSinceMs) {
      expired.add(versionOf(output));
      return;
    }
    const found =
      info === undefined ? 'does not exist' : `has generation ${info.generation} and crc32c ${info.crc32c}`;
    broken.set(
      versionOf(output),
      `${object} ${found}; ${entry.id} was published from generation ${generation} and crc32c ${crc32c}`,
    );
  });
  return { sound: all.length - expired.size - broken.size, expired, broken };
}
