// Finds the newest run that was requested before a moment: numbers rise with time, so a few runs in between tell where.
import type { PipelineStatus } from '../../../shared/history/history.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { requestedIn } from '../../../shared/runs/cause.ts';
import { isWatchRun, requestObject, sequenceOf } from '../../../shared/runs/names.ts';
import type { Range } from './range.ts';

/** With about ten objects a run, so many runs are one listing of at most a thousand objects. */
export const A_LISTING = 90;
/** Beside the state and the lease. */
export const MOST_CALLS = 3;

export interface WantedRuns {
  readonly status: string | null;
  readonly cause: string | null;
  readonly range: Range;
  /** Only runs with a smaller number; undefined: from the newest on. */
  readonly before: number | undefined;
  /** Of a search by time that has not arrived: no run up to this number is later than the range. */
  readonly above: number | undefined;
}

export interface Sought {
  /** Every run from this number on is later; undefined: none is. */
  readonly before: number | undefined;
  /** No run up to this number is later; null where nothing was sought. */
  readonly above: number | null;
  readonly calls: number;
  /** False: a listing from `before` on would not reach the moment, so the search goes on with the next page. */
  readonly isThere: boolean;
}

/** The objects of one run and a part of the next. */
const A_LOOK = 20;

/**
 * The first look is at the oldest run, the second where the moment would be if runs came evenly; after that each halves
 * what is left. One call is kept for the listing.
 */
export async function seek(
  runs: ObjectStore,
  pipeline: string,
  { newest }: PipelineStatus,
  { range: { untilMs }, before, above }: WantedRuns,
): Promise<Sought> {
  const isSought = before === undefined || above !== undefined;
  if (newest === undefined || !isSought || Date.parse(newest.requestedAt) < untilMs)
    return { before, above: null, calls: 0, isThere: true };
  let high = before ?? newest.sequence;
  let calls = 0;
  const look = (from: number) => ((calls += 1), firstFrom(runs, pipeline, from));
  let low = above ?? 0;
  let guess = Math.floor((low + high) / 2);
  if (above === undefined) {
    const oldest = await look(1);
    if (oldest === undefined || oldest.atMs >= untilMs) return { before: 1, above: 0, calls, isThere: true };
    low = oldest.sequence;
    const share = (untilMs - oldest.atMs) / (Date.parse(newest.requestedAt) - oldest.atMs);
    guess = Math.round(low + (high - low) * share + A_LISTING / 2);
  }
  let isNear = high - low <= A_LISTING;
  while (!isNear && calls < MOST_CALLS - 1) {
    const found = await look(Math.min(high - 1, Math.max(low + 1, guess)));
    const isLater = found === undefined || found.atMs >= untilMs;
    // After the look by share the moment is probably just before it; a listing shows whether.
    isNear = isLater && above === undefined;
    if (isLater) high = Math.min(high, found?.sequence ?? guess);
    else low = found.sequence;
    isNear ||= high - low <= A_LISTING;
    guess = Math.floor((low + high) / 2);
  }
  return { before: high, above: low, calls, isThere: isNear };
}

async function firstFrom(
  runs: ObjectStore,
  pipeline: string,
  from: number,
): Promise<{ readonly sequence: number; readonly atMs: number } | undefined> {
  const startAt = `${pipeline}/${String(from).padStart(6, '0')}`;
  const objects = await runs.first(`${pipeline}/`, A_LOOK, startAt);
  for (const object of objects) {
    const { name } = object;
    const run = name.split('/')[1] ?? '';
    if (isWatchRun(run) && name === requestObject(pipeline, run))
      return { sequence: sequenceOf(run), atMs: Date.parse(requestedIn(object).at) };
  }
  return undefined;
}
