// What the commands read of a pipeline that takes requests: its queue, its slots, and its newest runs.
import { endOf, stateOf } from '../../../shared/api/job-view.ts';
import { JobReader, type JobObjects } from '../../../shared/api/job-objects.ts';
import { concurrently } from '../../../shared/concurrently.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { newestDecision } from '../../../shared/requests/decisions.ts';
import type { DispatchState } from '../../../shared/requests/dispatch.ts';
import { JOBS_FOLDER, parseJobId } from '../../../shared/requests/names.ts';
import { listQueue, type Queue } from '../../../shared/requests/queue.ts';
import { spendingOn } from '../../../shared/requests/spending.ts';
import type { Target } from '../../target.ts';
import { requestsOf, runsOf } from '../stores.ts';

export interface Line {
  readonly state: DispatchState | undefined;
  readonly queue: Queue;
  /** Those that have no slot; the first one has waited longest. */
  readonly waiting: Queue['candidates'];
}

export async function readLine(target: Target, { name }: RequestsPipeline): Promise<Line> {
  const requests = requestsOf(target);
  const state = await newestDecision(requests, name);
  const queue = await listQueue(requests, name, state?.cursor ?? null);
  const executing = new Set(state?.slots.map(({ run }) => run));
  const waiting = queue.candidates
    .filter(({ run }) => !executing.has(run))
    .toSorted((one, other) => one.acceptedAtMs - other.acceptedAtMs);
  return { state, queue, waiting };
}

/** Dollars that were started today (UTC). */
export const spentToday = ({ state }: Line): number =>
  Object.values(spendingOn(state?.spending, Date.now()).owners).reduce((sum, each) => sum + each, 0);

/** The status of a run as `runs` and `run` show it: its outcome, or how far it is. */
export const statusOf = (objects: JobObjects): string => endOf(objects)?.outcome ?? stateOf(objects);

export const readerOf = (target: Target): JobReader =>
  new JobReader({ runs: runsOf(target), requests: requestsOf(target) });

export async function requestedStatus(
  target: Target,
  { name }: RequestsPipeline,
  run: string,
): Promise<string | undefined> {
  const objects = await readerOf(target).read(name, run);
  return objects && statusOf(objects);
}

/** The index is by owner, so that the newest of all owners are found by listing all of it, or its first part. */
export const MOST_INDEXED = 50_000;
const AT_ONCE = 16;
const LARGEST_MS = 9_999_999_999_999;

export interface Newest {
  readonly runs: readonly JobObjects[];
  /** The index is longer than what was listed: newer runs of other owners may be missing. */
  readonly isPart: boolean;
}

/** The newest accepted runs, newest first: those of the index, and those that start-run has not taken over yet. */
export async function newestRuns(
  target: Target,
  { name }: RequestsPipeline,
  count: number,
  line: Line,
): Promise<Newest> {
  const indexed = await requestsOf(target).first(JOBS_FOLDER, MOST_INDEXED);
  const accepted = new Map(indexed.flatMap(({ name: object }) => acceptedIn(object, name)));
  for (const { run, acceptedAtMs } of line.queue.candidates) accepted.set(run, acceptedAtMs);
  const newest = [...accepted].toSorted((one, other) => other[1] - one[1]).slice(0, count);
  const reader = readerOf(target);
  const read = await concurrently(newest, AT_ONCE, ([run]) => reader.read(name, run));
  return { runs: read.filter((each) => each !== undefined), isPart: indexed.length === MOST_INDEXED };
}

/** `jobs/<owner>/<countdown>-<job id>`: the run and when it was accepted, if it is of the pipeline. */
function acceptedIn(object: string, pipeline: string): readonly (readonly [string, number])[] {
  const [countdown = '', ...id] = (object.split('/').at(-1) ?? '').split('-');
  const job = parseJobId(id.join('-'));
  return job?.pipeline === pipeline ? [[job.run, LARGEST_MS - Number(countdown)]] : [];
}
