// Whether the outputs meet the pipeline's freshness objective; outcomes are read only when that may have changed.
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { WatchPipeline } from '../../shared/pipelines/pipeline.ts';
import type { PipelineState } from '../../shared/runs/state.ts';
import { isPublished } from '../../shared/runs/published.ts';
import type { Decision } from './decide.ts';

export type Staleness = PipelineState['stale'];

/**
 * Since when the outputs may be stale, after this poll.
 *
 *     a change is seen ──▶ stale since now ──▶ the objective has passed ──▶ was it published? ──▶ no: not fresh
 *                                                                               └ yes: no longer stale
 *
 * An unchanged source publishes nothing and makes nothing stale, however old the outputs. Outcomes are read only when
 * a change is seen, or when the objective has passed: every other poll makes two calls.
 */
export async function stalenessAfter(
  { name, trigger: { freshness } }: WatchPipeline,
  state: PipelineState | undefined,
  decision: Decision,
  { runs, now }: { readonly runs: ObjectStore; readonly now: () => number },
): Promise<Staleness> {
  const stale = state?.stale ?? null;
  if (decision.kind === 'paused') return stale;
  const newest = state?.request?.run;
  const settled = async (): Promise<Staleness> =>
    newest !== undefined && (await isPublished(runs, name, newest)) ? null : stale;
  const afterNoRun = state !== undefined && state.poll !== null;
  if (decision.kind === 'no-change') {
    const isDue = stale !== null && (afterNoRun || ageMs(stale, now()) > freshness);
    return isDue ? settled() : stale;
  }
  // While a source stays unusable, its outputs are stale since the first poll that found it so.
  const before = stale === null || (decision.kind === 'no-run' && afterNoRun) ? stale : await settled();
  return before ?? { since: new Date(now()).toISOString() };
}

/** True while no change waits longer than the objective. A paused pipeline has no objective to meet. */
export const isFresh = (
  pipeline: WatchPipeline,
  stale: Staleness,
  decision: Decision,
  nowMs: number,
): boolean =>
  decision.kind === 'paused' || stale === null || ageMs(stale, nowMs) <= pipeline.trigger.freshness;

const ageMs = (stale: NonNullable<Staleness>, nowMs: number): number => nowMs - Date.parse(stale.since);
