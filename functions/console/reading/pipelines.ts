// What the screens read of pipelines, and the names under which an unchanged pipeline stays unchanged.
import { listRunsOf, readStatus, type PipelineStatus } from '../../../shared/history/history.ts';
import {
  isRequests,
  isWatch,
  type Pipeline,
  type RequestsPipeline,
  type WatchPipeline,
} from '../../../shared/pipelines/pipeline.ts';
import { newestDecision } from '../../../shared/requests/decisions.ts';
import { dispatchPrefix, queuePrefix } from '../../../shared/requests/names.ts';
import { listQueue } from '../../../shared/requests/queue.ts';
import { leaseObject, stateObject } from '../../../shared/runs/names.ts';
import { PageProblem } from '../problem.ts';
import type { Named, Reads } from './reads.ts';
import { standingOf, type Standing } from './standing.ts';

export const AT_ONCE = 64;

/** The pipeline that the path names; 404 with those that exist. */
export function pipelineIn({ params }: Named, { pipelines }: Pick<Reads, 'pipelines'>): Pipeline {
  const name = params['pipeline'] ?? '';
  const found = pipelines.get(name);
  if (found !== undefined) return found;
  throw new PageProblem(
    'not-found',
    `pipeline ${name}`,
    [...pipelines.keys()].map((each) => ({ name: each, path: `/p/${each}` })),
  );
}

/** The same, where only a watched source has what is asked. */
export function watchIn(asked: Named, ports: Pick<Reads, 'pipelines'>): WatchPipeline {
  const pipeline = pipelineIn(asked, ports);
  if (isWatch(pipeline)) return pipeline;
  throw new PageProblem(
    'not-found',
    `${pipeline.name}: its runs are requested, not started by a source`,
    [...ports.pipelines.values()].filter(isWatch).map(({ name }) => ({ name, path: `/p/${name}` })),
  );
}

/** The same, where only requested runs have what is asked. */
export function requestsIn(asked: Named, ports: Pick<Reads, 'pipelines'>): RequestsPipeline {
  const pipeline = pipelineIn(asked, ports);
  if (isRequests(pipeline)) return pipeline;
  throw new PageProblem('not-found', `${pipeline.name}: its runs are started by a source, not requested`, [
    { name: pipeline.name, path: `/p/${pipeline.name}` },
  ]);
}

export interface Watched {
  readonly status: PipelineStatus;
  readonly standing: Standing;
}

/** Three calls: the state, the lease, and the objects of the newest run. */
export async function readStanding(pipeline: WatchPipeline, { runs, now }: Reads): Promise<Watched> {
  const status = await readStatus(runs, pipeline.name);
  const [newest] = await listRunsOf(runs, pipeline.name, { count: 1, status });
  return { status, standing: standingOf(pipeline, status, newest, now()) };
}

export interface QueueStanding {
  readonly pipeline: string;
  readonly executing: number;
  readonly concurrency: number;
  readonly waiting: number;
  readonly owners: number;
  readonly oldestAt: string | null;
}

export async function readQueue(
  { name, trigger }: RequestsPipeline,
  { requests }: Reads,
): Promise<QueueStanding> {
  const state = await newestDecision(requests, name);
  const { candidates } = await listQueue(requests, name, state?.cursor ?? null);
  const executing = new Set(state?.slots.map(({ run }) => run));
  const waiting = candidates.filter(({ run }) => !executing.has(run));
  const oldestMs = Math.min(...waiting.map(({ acceptedAtMs }) => acceptedAtMs));
  return {
    pipeline: name,
    executing: executing.size,
    concurrency: trigger.concurrency,
    waiting: waiting.length,
    owners: new Set(waiting.map(({ owner }) => owner)).size,
    oldestAt: Number.isFinite(oldestMs) ? new Date(oldestMs).toISOString() : null,
  };
}

const MOST_QUEUED = 1000;

/**
 * `idle`: nothing was running when the page was made, and whatever starts moves the state first; one read, of its
 * generation. `live`: the lease as well, whose end is the end of a run. A request begins with an entry of the queue.
 */
export type Depth = 'idle' | 'live';

export async function versionOf(
  pipeline: Pipeline,
  { runs, requests }: Reads,
  depth: Depth = 'live',
): Promise<string> {
  const { name } = pipeline;
  if (isWatch(pipeline)) {
    const objects = depth === 'idle' ? [stateObject(name)] : [stateObject(name), leaseObject(name)];
    const found = await Promise.all(objects.map((object) => runs.info(object)));
    return found.map((each) => each?.generation ?? 'none').join();
  }
  const queue = await requests.first(queuePrefix(name), depth === 'idle' ? 1 : MOST_QUEUED);
  const dispatch = depth === 'idle' ? [] : await requests.first(dispatchPrefix(name), 1);
  return [...dispatch, ...queue].map((each) => each.name).join();
}
