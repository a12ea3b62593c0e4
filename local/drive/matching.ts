// Decides which known file each thing in the folder is: the file system has names and inodes, Drive has ids.
import type { KnownFile } from './catalog.ts';
import type { Observed } from './scan.ts';

export interface Match {
  readonly observed: Observed;
  /** Undefined for a file that is new. */
  readonly known: KnownFile | undefined;
}

export interface Matching {
  readonly matches: readonly Match[];
  /** Known files that are nowhere in the folder. */
  readonly missing: readonly KnownFile[];
}

/**
 * In this order, each known file at most once:
 * 1. the same file where it was;
 * 2. another file under a name that is in use: many editors save by writing a new file and renaming it over
 *    the old one, and a Drive that is synchronised from a disk takes that for a new content of the same file;
 * 3. the same file elsewhere: it was renamed, moved to or from the trash, or taken out and brought back;
 * 4. a new file.
 * In the trash, names mean nothing, so step 2 is left out.
 */
export function matchFiles(known: readonly KnownFile[], observed: readonly Observed[]): Matching {
  const byPath = new Map(known.flatMap((file) => (file.path === undefined ? [] : [[file.path, file]])));
  const byInode = new Map(known.map((file) => [file.inode, file]));
  const matched = new Map<Observed, KnownFile>();
  const taken = new Set<KnownFile>();
  const pass = (candidateOf: (one: Observed) => KnownFile | undefined) => {
    for (const one of observed) {
      if (matched.has(one)) continue;
      const candidate = candidateOf(one);
      if (candidate === undefined || taken.has(candidate) || !sameSort(candidate, one)) continue;
      matched.set(one, candidate);
      taken.add(candidate);
    }
  };
  pass((one) => (byPath.get(one.path)?.inode === one.inode ? byPath.get(one.path) : undefined));
  pass((one) => (one.trashed ? undefined : byPath.get(one.path)));
  pass((one) => byInode.get(one.inode));
  return {
    matches: observed.map((one) => ({ observed: one, known: matched.get(one) })),
    missing: known.filter((file) => !taken.has(file)),
  };
}

/** A folder never becomes a file, nor a Google Sheet a workbook: those are other files with other ids. */
function sameSort(known: KnownFile, observed: Observed): boolean {
  return known.kind === observed.kind;
}
