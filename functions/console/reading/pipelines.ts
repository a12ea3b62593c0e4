// What the screens read of pipelines, and the names under which an unchanged pipeline stays unchanged.
import { concurrently } from '../../../shared/concurrently.ts';
import { listRunsOf, readStatus, type PipelineStatus } from '../../../shared/history/history.ts';
import {
  isWatch,
  type Pipeline,
  type RequestsPipeline,
  type WatchPipeline,
} from '../../../shared/pipelines/pipeline.ts';
import { newestDecision } from '../../../shared/requests/decisions.ts';
import { dispatchPrefix, queuePrefix } from '../../../shared/requests/names.ts';
import { listQueue } from '../../../shared/requests/queue.ts';
import { leaseObject } from '../../../shared/runs/names.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { standingOf, type Standing } from './standing.ts';

export const AT_ONCE = 64;

/** The pipeline that the path names; 404 with those that exist. */
export function pipelineIn(
  { params }: Pick<Asked, 'params'>,
  { pipelines }: Pick<Ports, 'pipelines'>,
): Pipeline {
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
export function watchIn(asked: Pick<Asked, 'params'>, ports: Pick<Ports, 'pipelines'>): WatchPipeline {
  const pipeline = pipelineIn(asked, ports);
  if (isWatch(pipeline)) return pipeline;
  throw new PageProblem(
    'not-found',
    `${pipeline.name}: its runs are requested, not started by a source`,
    [...ports.pipelines.values()].filter(isWatch).map(({ name }) => ({ name, path: `/p/${name}` })),
  );
}

export interface Watched {
  readonly status: PipelineStatus;
  readonly standing: Standing;
}

/** Three calls: the state, the lease, and the objects of the newest run. */
export async function readStanding(pipeline: WatchPipeline, { runs, now }: Ports): Promise<Watched> {
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
  { requests }: Ports,
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
 * Changes when the pipeline's state or lease does: one listing has both, since the folders of watched runs sort before.
 * The end of a run frees the lease. Of a pipeline of requests, when its dispatch or its queue does.
 */
export async function versionOf(pipeline: Pipeline, { runs, requests }: Ports): Promise<string> {
  const { name } = pipeline;
  if (isWatch(pipeline)) {
    const listed = await runs.first(`${name}/`, 10, leaseObject(name));
    return listed.map((each) => `${each.name} ${each.generation}`).join();
  }
  const [dispatch, queue] = await Promise.all([
    requests.first(dispatchPrefix(name), 1),
    requests.first(queuePrefix(name), MOST_QUEUED),
  ]);
  return [...dispatch, ...queue].map((each) => each.name).join();
}

export const versionsOf = async (pipelines: Iterable<Pipeline>, ports: Ports): Promise<string> =>
  (await concurrently([...pipelines], AT_ONCE, (pipeline) => versionOf(pipeline, ports))).join();
