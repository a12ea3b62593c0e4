// Searches the runs of a pipeline by status, cause and time, with at most five calls a page, however many runs there are.
import {
  listRunsOf,
  readStatus,
  type PipelineStatus,
  type RunSummary,
} from '../../../shared/history/history.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { sequenceOf } from '../../../shared/runs/names.ts';
import type { Range } from './range.ts';
import { A_LISTING, MOST_CALLS, seek, type WantedRuns } from './seek-run.ts';

const A_PAGE = 50;

export interface FoundRuns {
  readonly runs: readonly RunSummary[];
  /** How many were read, of which `runs` are those that were wanted. */
  readonly read: number;
  /** Where the next page begins; null: every run was read. */
  readonly before: number | null;
  readonly above: number | null;
  readonly status: PipelineStatus;
}

export async function searchRuns(
  runs: ObjectStore,
  { name }: WatchPipeline,
  wanted: WantedRuns,
): Promise<FoundRuns> {
  const status = await readStatus(runs, name);
  const { before, above, calls, isThere } = await seek(runs, name, status, wanted);
  if (!isThere) return { runs: [], read: 0, before: before ?? null, above, status };
  const isFiltered = wanted.status !== null || wanted.cause !== null || wanted.range.from !== null;
  const most = isFiltered ? MOST_CALLS - calls : 1;
  const found: RunSummary[] = [];
  let [read, next, isOver] = [0, before, status.newest === undefined];
  for (let call = 0; call < most && found.length < A_PAGE && !isOver; call++) {
    const count = isFiltered || wanted.range.to !== null ? A_LISTING : A_PAGE;
    const listed = await listRunsOf(runs, name, { count, status, before: next });
    const end = next ?? (status.newest?.sequence ?? 0) + 1;
    read += listed.length;
    found.push(...listed.filter((each) => fits(each, wanted)));
    next = Math.max(1, end - count);
    isOver = next === 1 || listed.some((each) => isBefore(each, wanted.range));
  }
  const shown = found.slice(0, A_PAGE);
  const last = shown.at(-1);
  const isCut = found.length > shown.length && last !== undefined;
  const further = isCut ? sequenceOf(last.run) : isOver ? null : (next ?? null);
  // Runs between were left out because they are later than the range; the next page still seeks its end.
  const isSeeking = above !== null && found.length === 0 && further !== null && further > above;
  return { runs: shown, read, before: further, above: isSeeking ? above : null, status };
}

const timeOf = ({ requested }: RunSummary): number =>
  requested === undefined ? Number.NaN : Date.parse(requested.at);

const isBefore = (run: RunSummary, { fromMs }: Range): boolean => timeOf(run) < fromMs;

function fits(run: RunSummary, { status, cause, range }: WantedRuns): boolean {
  if (status !== null && run.status !== status) return false;
  if (cause !== null && run.requested?.cause?.kind !== cause) return false;
  const atMs = timeOf(run);
  // A run whose request is not kept has no time, and is in no range.
  if (Number.isNaN(atMs)) return range.from === null && range.to === null;
  return atMs >= range.fromMs && atMs < range.untilMs;
}
