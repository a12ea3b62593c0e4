// Where a pipeline stands, decided in one place for every screen: what runs, waits, is held or is overdue.
import type { PipelineStatus, RunSummary } from '../../../shared/history/history.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { nextPollMs } from './next-poll.ts';

/** In the order in which they need a person. */
export const CONDITIONS = [
  ...([
    'failed',
    'held',
    'overdue',
    'paused',
    'waiting',
    'stale',
    'running',
    'queued',
    'never',
    'fresh',
  ] as const),
] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface Standing {
  readonly pipeline: string;
  readonly condition: Condition;
  /** The newest run. */
  readonly run: string | null;
  readonly status: RunSummary['status'] | null;
  readonly code: RunSummary['code'];
  /** Why it stands so, in the words of the mesh; null where the condition says it all. */
  readonly reason: string | null;
  /** Since when. */
  readonly since: string | null;
  /** By whom and why no new run starts, whatever else holds. */
  readonly paused: { readonly by: string; readonly reason: string; readonly at: string } | null;
  readonly staleSince: string | null;
  readonly isOverdue: boolean;
  readonly executing: { readonly run: string; readonly attempt: number | null } | null;
  readonly queued: string | null;
  readonly nextPollAt: string | null;
  readonly notes: readonly string[];
}

const FAILED: readonly string[] = ['failed', 'quarantined', 'dead-lettered', 'cancelled'];

export function standingOf(
  { name, trigger }: WatchPipeline,
  status: PipelineStatus,
  newest: RunSummary | undefined,
  nowMs: number,
): Standing {
  const end = newest?.republished ?? newest?.outcome;
  const staleSince = stillStale(status, newest, end);
  const isOverdue = staleSince !== undefined && nowMs - Date.parse(staleSince) > trigger.freshness;
  const condition = conditionOf({ ...status, staleSince }, newest, isOverdue);
  const nextPoll = status.paused === undefined ? nextPollMs(trigger.schedule, nowMs) : undefined;
  return {
    pipeline: name,
    condition,
    run: newest?.run ?? null,
    status: newest?.status ?? null,
    code: condition === 'waiting' ? (status.poll?.code ?? null) : (newest?.code ?? null),
    ...reasonOf(condition, { ...status, staleSince }, end),
    paused: pauseOf(status),
    staleSince: staleSince ?? null,
    isOverdue,
    executing: status.holder === undefined ? null : { run: status.holder, attempt: status.attempt ?? null },
    queued: status.queued ?? null,
    nextPollAt: nextPoll === undefined ? null : new Date(nextPoll).toISOString(),
    notes: status.notes,
  };
}

const pauseOf = ({ paused }: PipelineStatus): Standing['paused'] =>
  paused === undefined ? null : { by: paused.by, reason: paused.reason, at: paused.at };

/** The next poll takes the mark away; until then the publication of the newest run does, if the source can be used. */
function stillStale(
  { staleSince, poll }: PipelineStatus,
  newest: RunSummary | undefined,
  end: RunSummary['outcome'],
): string | undefined {
  if (staleSince === undefined || poll !== undefined || newest?.status !== 'published') return staleSince;
  return end !== undefined && end.at >= staleSince ? undefined : staleSince;
}

function conditionOf(status: PipelineStatus, newest: RunSummary | undefined, isOverdue: boolean): Condition {
  if (status.holder !== undefined) return 'running';
  if (newest?.status === 'held') return 'held';
  if (newest !== undefined && FAILED.includes(newest.status)) return 'failed';
  if (isOverdue) return 'overdue';
  if (status.paused !== undefined) return 'paused';
  if (newest?.status === 'requested' || newest?.status === 'queued') return 'queued';
  if (status.poll !== undefined) return 'waiting';
  if (status.staleSince !== undefined) return 'stale';
  return newest === undefined ? 'never' : 'fresh';
}

function reasonOf(
  condition: Condition,
  { paused, poll, staleSince, newest }: PipelineStatus,
  end: RunSummary['outcome'],
): Pick<Standing, 'reason' | 'since'> {
  switch (condition) {
    case 'paused':
      return {
        reason: paused === undefined ? null : `${paused.by}: ${paused.reason}`,
        since: paused?.at ?? null,
      };
    case 'waiting':
      return { reason: poll?.reason ?? null, since: poll?.at ?? null };
    case 'overdue':
    case 'stale':
      return { reason: poll?.reason ?? end?.reason ?? null, since: staleSince ?? null };
    case 'running':
    case 'queued':
      return { reason: null, since: newest?.requestedAt ?? null };
    case 'failed':
    case 'held':
    case 'fresh':
    case 'never':
      return { reason: end?.reason ?? null, since: end?.at ?? null };
  }
}
