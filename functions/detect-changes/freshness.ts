// Whether the table shows what the folder holds, as the pipeline promises; asked as seldom as the promise allows.
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Head } from '../../shared/runs/head.ts';
import { isPublished } from '../../shared/runs/published.ts';
import type { Decision } from './decide.ts';

export type Behind = Head['behind'];

/**
 * Since when the table may be behind the folder, after this look.
 *
 *     a change is seen ──▶ behind since now ──▶ the promise is past ──▶ was it published? ──▶ no: not fresh
 *                                                                           └ yes: behind no more
 *
 * An unchanged folder publishes nothing and is behind nothing, however old the table. Outcomes are read only
 * when a change is seen, or when the promise is past: every other look stays at its two calls.
 */
export async function behindAfter(
  { name, trigger: { freshness } }: Pipeline,
  head: Head | undefined,
  decision: Decision,
  { runs, now }: { readonly runs: ObjectStore; readonly now: () => number },
): Promise<Behind> {
  const behind = head?.behind ?? null;
  if (decision.kind === 'paused') return behind;
  const newest = head?.request?.run;
  const settled = async (): Promise<Behind> =>
    newest !== undefined && (await isPublished(runs, name, newest)) ? null : behind;
  const afterNoRun = head !== undefined && head.look !== null;
  if (decision.kind === 'no-change') {
    const isDue = behind !== null && (afterNoRun || ageMs(behind, now()) > freshness);
    return isDue ? settled() : behind;
  }
  // A folder that goes on being unusable is behind since the first look that found it so.
  const before = behind === null || (decision.kind === 'no-run' && afterNoRun) ? behind : await settled();
  return before ?? { since: new Date(now()).toISOString() };
}

/** Kept while nothing waits longer than was promised. Whoever paused the pipeline knows that it waits. */
export const isFresh = (pipeline: Pipeline, behind: Behind, decision: Decision, nowMs: number): boolean =>
  decision.kind === 'paused' || behind === null || ageMs(behind, nowMs) <= pipeline.trigger.freshness;

const ageMs = (behind: NonNullable<Behind>, nowMs: number): number => nowMs - Date.parse(behind.since);
