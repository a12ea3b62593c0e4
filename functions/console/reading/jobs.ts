// What the screens read of requested runs: the jobs that were accepted on a day, and one job whole; never what was sent.
import { JobReader, type JobObjects } from '../../../shared/api/job-objects.ts';
import { endOf, jobView, stateOf } from '../../../shared/api/job-view.ts';
import { dayFolder, listAccepted, newestDay } from '../../../shared/api/audit.ts';
import { concurrently } from '../../../shared/concurrently.ts';
import { attemptsOf, type RecordedAttempt } from '../../../shared/history/history.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { isErased } from '../../../shared/requests/erase.ts';
import type { Requester } from '../../../shared/requests/entry.ts';
import type { Estimate } from '../../../shared/requests/estimate.ts';
import { isRequestedRun, ownerOf } from '../../../shared/requests/names.ts';
import { paged, type Paged } from '../pages.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import type { Line } from './line.ts';

/** Of the index of one day; a busier day is shown as far as this. */
const MOST_OF_A_DAY = 5_000;
/** Each row lists the folder of its run, and reads what this instance has not read yet. */
const A_PAGE = 20;
const AT_ONCE = 16;

export interface JobRow {
  readonly run: string;
  readonly owner: string;
  readonly state: ReturnType<typeof stateOf>;
  readonly code: string | null;
  readonly acceptedAt: string;
  readonly endedAt: string | null;
  readonly preset: string | null;
  readonly estimate: Pick<Estimate, 'low' | 'expected' | 'high'>;
  /** Dollars, so far or in the end; null before the first execution. */
  readonly cost: number | null;
}

export interface JobsOfDay extends Paged<JobRow> {
  /** UTC. */
  readonly day: string;
  readonly isPart: boolean;
  /** The folder of the audit record that was listed. */
  readonly origin: string;
}

export interface Wanted {
  readonly day: string | null;
  readonly owner: string | null;
  readonly page: number;
}

/** By the audit record, which names each accepted request under its day; what only waits in the queue is added. */
export async function readJobs(
  pipeline: RequestsPipeline,
  { day: wanted, owner, page }: Wanted,
  line: Line,
  ports: Ports,
): Promise<JobsOfDay> {
  const { name } = pipeline;
  const today = new Date(ports.now()).toISOString().slice(0, 10);
  const waitsToday = line.waiting.some(({ acceptedAtMs }) => dayOf(acceptedAtMs) === today);
  const day =
    wanted ??
    (waitsToday ? today : ((await newestDay(ports.audit, name, ports.now(), MOST_OF_A_DAY)) ?? today));
  const { accepted, isPart } = await listAccepted(ports.audit, name, day, MOST_OF_A_DAY);
  const times = new Map(accepted.map(({ run, recordedAtMs }) => [run, recordedAtMs]));
  for (const { run, acceptedAtMs } of line.waiting)
    if (dayOf(acceptedAtMs) === day) times.set(run, acceptedAtMs);
  const newestFirst = [...times]
    .filter(([run]) => owner === null || ownerOf(run) === owner)
    .toSorted((one, other) => other[1] - one[1])
    .map(([run]) => run);
  const { items, ...pages } = paged(newestFirst, page, A_PAGE);
  const read = await concurrently(items, AT_ONCE, (run) => ports.jobs.read(name, run));
  const rows = read.filter((each) => each !== undefined).map((each) => rowOf(each, pipeline, ports.now()));
  const byTime = rows.toSorted((one, other) => (one.acceptedAt < other.acceptedAt ? 1 : -1));
  const origin = `gs://${ports.audit.bucket}/${dayFolder(name, day)}`;
  return { ...pages, items: byTime, day, isPart, origin };
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

export function rowOf(objects: JobObjects, { job: size }: RequestsPipeline, nowMs: number): JobRow {
  const { run, record } = objects;
  const end = endOf(objects);
  const { low, expected, high } = record.estimate;
  return {
    run,
    owner: ownerOf(run) ?? '',
    state: stateOf(objects),
    code: end?.code ?? null,
    acceptedAt: record.acceptedAt,
    endedAt: end?.at ?? null,
    preset: record.preset,
    estimate: { low, expected, high },
    cost: jobView(objects, { size, nowMs, position: null }).cost,
  };
}

export interface Gate {
  readonly gate: 'approval' | 'start' | 'decision';
  readonly kind: string;
  readonly at: string | null;
  readonly by: string | null;
  readonly reason: string | null;
}

export interface JobRead extends JobRow {
  readonly requester: Requester;
  readonly expiresAt: string;
  readonly priority: number;
  readonly maxCost: number | null;
  /** How many finished runs the estimate is made of. */
  readonly estimatedFrom: number;
  readonly reason: string | null;
  readonly history: ReturnType<typeof jobView>['history'];
  readonly gates: readonly Gate[];
  readonly attempts: readonly RecordedAttempt[];
  readonly result: ReturnType<typeof jobView>['result'];
  /** The requester has erased what was sent and what came of it. */
  readonly isErased: boolean;
}

/** The job that the path names; 404 with where the jobs are. */
export async function jobIn(asked: Asked, pipeline: RequestsPipeline, ports: Ports): Promise<JobRead> {
  const { name } = pipeline;
  const run = asked.params['run'] ?? '';
  const objects = isRequestedRun(run) ? await ports.jobs.read(name, run) : undefined;
  if (objects === undefined)
    throw new PageProblem('not-found', `run ${run} of ${name}`, [
      { name: `the requests of ${name}`, path: `/p/${name}` },
    ]);
  const [attempts, erased] = await Promise.all([
    attemptsOf(ports.runs, name, run),
    isErased(ports.requests, name, run),
  ]);
  const { requester, expiresAt, priority, maxCost } = objects.record;
  const view = jobView(objects, { size: pipeline.job, nowMs: ports.now(), position: null });
  return {
    ...rowOf(objects, pipeline, ports.now()),
    ...{ requester, expiresAt, priority, maxCost, attempts, isErased: erased },
    estimatedFrom: objects.record.estimate.basis.runs,
    reason: view.reason,
    history: view.history,
    result: view.result,
    gates: gatesOf(objects),
  };
}

/** Those that were passed. */
function gatesOf({ approval, start, decision }: JobObjects): readonly Gate[] {
  const passed = { approval, start, decision };
  return Object.entries(passed).flatMap(([gate, made]): Gate[] => {
    if (made === undefined) return [];
    const { kind } = made;
    const by = 'by' in made ? made.by : null;
    const reason = 'reason' in made ? made.reason : null;
    return [{ gate: gate as Gate['gate'], kind, at: 'at' in made ? made.at : null, by, reason }];
  });
}

/** Without the results: what a job writes of parameters that it refuses quotes them. */
export const openJobs = ({ runs, requests }: Pick<Ports, 'runs' | 'requests'>): JobReader =>
  new JobReader({ runs, requests });
