// Reads exports of counters into observations, or says by name which files cannot be used.
import type { Hour, Observations } from '../../../models/bikes/observations.ts';
import type { InputProblem } from '../../../shared/outputs/manifest.ts';
import type { Bounds } from './bytes.ts';
import { dataNotesOf } from './data-notes.ts';
import { fileNotesOf } from './file-notes.ts';
import { readFile, type ExportFile, type ReadFile } from './file.ts';
import { boundedNotes, type DataNote } from './notes.ts';
import { problemsOf, problemsOfUnusable, refusalOf, type FileProblems } from './problems.ts';
import { droppedOf, type Dropped, type DropReason } from './reasons.ts';
import { SeriesSet } from './series.ts';
import { UnusableFile } from './unusable.ts';

/** What happened to the rows of one file. */
export interface FileNotes {
  readonly file: string;
  /** Without blank lines, repeated headers and totals. */
  readonly rows: number;
  /** Rows that gave an hour that no earlier row gave. */
  readonly used: number;
  /** A row that repeats or replaces an earlier one is counted with the later row's file. */
  readonly dropped: Dropped;
  readonly encoding: string;
  readonly separator: string;
  /** ISO 8601 in UTC; null: no row was used. */
  readonly firstHour: string | null;
  readonly lastHour: string | null;
}

export type Reading =
  | {
      readonly kind: 'read';
      readonly observations: Observations;
      readonly files: readonly FileNotes[];
      readonly dropped: Dropped;
      readonly notes: readonly DataNote[];
    }
  | { readonly kind: 'refused'; readonly problems: readonly InputProblem[]; readonly problemCount: number };

export interface ReadingOptions {
  /** The hour in which the files were frozen: what is later is not true yet. */
  readonly newest: Hour;
  readonly bounds?: Bounds;
}

/** 2000-01-01: the oldest counter of the city is of 2011. */
const OLDEST_HOUR = Date.UTC(2000, 0, 1) / 3_600_000;

/**
 * Reads the files one after the other, in the order of their names: of two rows of one hour at one counter the later one
 * counts. One file that cannot be used refuses them all, and every such file is named.
 */
export async function readExports(
  files: readonly ExportFile[],
  { newest, bounds }: ReadingOptions,
): Promise<Reading> {
  const series = new SeriesSet();
  const read: ReadFile[] = [];
  const refused: FileProblems[] = [];
  for (const file of files.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) {
    try {
      const one = await readFile(file, series, { oldest: OLDEST_HOUR, newest }, bounds);
      const problems = problemsOf(one);
      if (problems === undefined) read.push(one);
      else refused.push(problems);
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      refused.push(problemsOfUnusable(file.name, error));
    }
  }
  if (refused.length > 0) return { kind: 'refused', ...refusalOf(refused) };
  const observations = series.observations();
  return {
    kind: 'read',
    observations,
    files: read.map(notesOf),
    dropped: totalOf(read),
    notes: boundedNotes([...read.flatMap(fileNotesOf), ...dataNotesOf(observations, series)]),
  };
}

const isoOf = (hour: Hour): string | null =>
  Number.isFinite(hour) ? new Date(hour * 3_600_000).toISOString() : null;

const notesOf = ({ name, tally, encoding, separator }: ReadFile): FileNotes => ({
  file: name,
  rows: tally.rows,
  used: tally.used,
  dropped: tally.dropped,
  encoding: encoding.latin1Lines > 0 ? `${encoding.name}, and Latin-1` : encoding.name,
  separator,
  firstHour: isoOf(tally.first),
  lastHour: isoOf(tally.last),
});

function totalOf(files: readonly ReadFile[]): Dropped {
  const total = new Map<DropReason, number>();
  for (const { tally } of files) {
    for (const [reason, count] of Object.entries(tally.dropped) as [DropReason, number][])
      total.set(reason, (total.get(reason) ?? 0) + count);
  }
  return droppedOf(total);
}
