// Whether the table shows what the folder holds, as the pipeline promises; asked as seldom as the promise allows.
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { PipelineState } from '../../shared/runs/state.ts';
import { isPublished } from '../../shared/runs/published.ts';
import type { Decision } from './decide.ts';

export type Staleness = PipelineState['stale'];

/**
 * Since when the table may be behind the folder, after this look.
 *
 *     a change is seen ──▶ behind since now ──▶ the promise is past ──▶ was it published? ──▶ no: not fresh
 *                                                                           └ yes: behind no more
 *
 * An unchanged folder publishes nothing and is behind nothing, however old the table. Outcomes are read only
 * when a change is seen, or when the promise is past: every other look stays at its two calls.
 */
export async function stalenessAfter(
  { name, trigger: { freshness } }: Pipeline,
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
  // A folder that goes on being unusable is behind since the first look that found it so.
  const before = stale === null || (decision.kind === 'no-run' && afterNoRun) ? stale : await settled();
  return before ?? { since: new Date(now()).toISOString() };
}

/** Kept while nothing waits longer than was promised. Whoever paused the pipeline knows that it waits. */
export const isFresh = (pipeline: Pipeline, stale: Staleness, decision: Decision, nowMs: number): boolean =>
  decision.kind === 'paused' || stale === null || ageMs(stale, nowMs) <= pipeline.trigger.freshness;

const ageMs = (stale: NonNullable<Staleness>, nowMs: number): number => nowMs - Date.parse(stale.since);
