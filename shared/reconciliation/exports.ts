// Compares the export bucket with the ledger: its pointers show the newest entry, and its files are those that were published.
import { concurrently } from '../concurrently.ts';
import { EXPORT_DAYS_KEPT } from '../deployment.ts';
import type { ObjectStore } from '../objects/store.ts';
import { isObjects, type PublishedFile, type PublishedObjects } from '../outputs/published.ts';
import { objectOutputsOf, type ObjectOutput } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { readPointer } from '../publications/pointer.ts';
import type { LedgerEntry } from '../warehouse/ledger-entries.ts';

const AT_ONCE = 16;
const MS_PER_DAY = 86_400_000;

export interface ObservedExports {
  /** Files that are unchanged since they were published. */
  readonly sound: number;
  /** Files of superseded publications whose retention has ended. */
  readonly expired: number;
  readonly differences: readonly string[];
}

export async function observeExports(
  pipeline: Pipeline,
  ledger: readonly LedgerEntry[],
  exports: ObjectStore,
  nowMs: number,
): Promise<ObservedExports> {
  const pointers = await Promise.all(
    objectOutputsOf(pipeline).map((output) => wrongPointer(pipeline.name, output, ledger.at(-1), exports)),
  );
  const found = await concurrently(filesNamed(ledger), AT_ONCE, async (named) => ({
    named,
    wrong: wrongFile(named, await exports.info(named.file.object), nowMs),
  }));
  const wrong = found.flatMap((each) => (typeof each.wrong === 'string' ? [each.wrong] : []));
  const expired = found.filter((each) => each.wrong === null).length;
  return {
    sound: found.length - wrong.length - expired,
    expired,
    differences: [...pointers.filter((each) => each !== undefined), ...wrong],
  };
}

async function wrongPointer(
  pipeline: string,
  { name }: ObjectOutput,
  newest: LedgerEntry | undefined,
  exports: ObjectStore,
): Promise<string | undefined> {
  const shown = (await readPointer(exports, pipeline, name))?.value;
  const current = newest?.outputs.filter(isObjects).find(({ output }) => output === name);
  const what = `the pointer of ${pipeline} ${name}`;
  if (newest === undefined || current === undefined)
    return shown && `${what} shows ${shown.publication}, but the ledger has no publication of it`;
  if (shown === undefined) return `${what} does not exist; expected it to show ${current.publication}`;
  if (shown.publication === current.publication && shown.ordinal === newest.ordinal) return undefined;
  return (
    `${what} shows ${shown.publication}, entry ${shown.ordinal}; expected ${current.publication}, ` +
    `entry ${newest.ordinal}`
  );
}

interface NamedFile {
  readonly file: PublishedFile;
  readonly by: PublishedObjects;
  /** When the first entry that no longer names it was published; undefined while it is current. */
  readonly supersededAtMs: number | undefined;
}

/** Each file once, with the time from which its retention counts. */
function filesNamed(ledger: readonly LedgerEntry[]): readonly NamedFile[] {
  const named = new Map<string, NamedFile>();
  for (const [index, entry] of ledger.entries()) {
    const supersededAtMs = ledger[index + 1]?.publishedAtMs;
    for (const by of entry.outputs.filter(isObjects))
      for (const file of by.files) named.set(file.object, { file, by, supersededAtMs });
  }
  return [...named.values()];
}

/** Null: it does not exist, and its retention has ended. */
function wrongFile(
  { file, by, supersededAtMs }: NamedFile,
  found: { readonly generation: string; readonly crc32c: string } | undefined,
  nowMs: number,
): string | null | undefined {
  const { object, generation, crc32c } = file;
  if (found?.generation === generation && found.crc32c === crc32c) return undefined;
  // Cloud Storage deletes objects within a day of their time.
  const keptMs = (EXPORT_DAYS_KEPT - 1) * MS_PER_DAY;
  if (found === undefined && supersededAtMs !== undefined && nowMs - supersededAtMs > keptMs) return null;
  const is =
    found === undefined ? 'does not exist' : `has generation ${found.generation} and crc32c ${found.crc32c}`;
  return `${object} ${is}; ${by.publication} was published with generation ${generation} and crc32c ${crc32c}`;
}
