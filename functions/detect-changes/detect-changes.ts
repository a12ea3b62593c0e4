// The story of a tick: look at the folder, decide, and ask for a run if there is something new.
import { TransientError } from '../../shared/errors.ts';
import type { Publisher, RunRequested } from '../../shared/events/messages.ts';
import type { Log } from '../../shared/logging.ts';
import { createOnce } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { moveHead, readHead, runRequest, type Head, type RunRequest } from '../../shared/runs/head.ts';
import type { Cause } from '../../shared/runs/cause.ts';
import { requestObject } from '../../shared/runs/names.ts';
import type { WatchedSource } from '../../shared/sources/source.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import { decideLook, type Answer, type Decision } from './decide.ts';
import { withoutLoss } from './disappeared.ts';
import { conclude } from './conclude.ts';
import { behindAfter } from './freshness.ts';
import { lastPublished } from './last-published.ts';

export interface Tick {
  readonly pipeline: Pipeline;
  /** A Drive folder's id, or a bucket and the prefix in it. */
  readonly place: string;
  readonly settleMs: number;
  readonly nonce: string | null;
  readonly cause: Cause;
}

export interface Mesh {
  readonly runs: ObjectStore;
  readonly source: Pick<WatchedSource, 'list'>;
  readonly runRequested: Publisher<RunRequested>;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Log;
}

// Two ticks at once can cross; each conflict means that the other one got through.
const MOST_CONFLICTS = 5;

export async function detectChanges(tick: Tick, mesh: Mesh): Promise<Answer> {
  const name = tick.pipeline.name;
  const files = await mesh.source.list(tick.place);
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const head = await readHead(mesh.runs, name);
    const decided = decideLook({
      pipeline: name,
      roles: tick.pipeline.trigger.source.files,
      files,
      head: head?.value,
      settleMs: tick.settleMs,
      rerunEveryMs: tick.pipeline.trigger.rerunEvery,
      nowMs: mesh.now(),
      nonce: tick.nonce,
      cause: tick.cause,
    });
    const decision = await guarded(decided, tick.pipeline, head?.value, mesh);
    if (decision.kind === 'request' && head?.value.request) await keep(head.value.request, mesh);
    const behind = await behindAfter(tick.pipeline, head?.value, decision, mesh);
    const poll = { pipeline: tick.pipeline, head: head?.value, decision, behind };
    const next = conclude({ ...poll, nowMs: mesh.now(), token: mesh.newId() });
    if (next.head !== undefined && !(await moveHead(mesh.runs, name, head, next.head))) continue;
    if (decision.kind === 'request') {
      const { request } = decision;
      await inRun(request, 'request', () => ask(request, mesh));
    }
    const { level, fields, text } = next.line;
    mesh.log[level](fields, text);
    return next.answer;
  }
  throw new TransientError(`the head of ${name} moved ${MOST_CONFLICTS} times under this tick`);
}

/** Asks for the last publication only where a run would begin: every other tick stays at its two calls. */
async function guarded(
  decision: Decision,
  { name, trigger }: Pipeline,
  head: Head | undefined,
  { runs }: Mesh,
): Promise<Decision> {
  if (decision.kind !== 'request') return decision;
  const published = await lastPublished(runs, name, head?.request ?? undefined);
  return withoutLoss(decision, published, trigger.source.files);
}

/** Before the head forgets a request, its own object must hold it: what was accepted ends with an outcome (law 8). */
const keep = (request: RunRequest, { runs }: Mesh): Promise<RunRequest> =>
  createOnce(runs, requestObject(request.pipeline, request.run), runRequest, request);

/** The head holds the whole request, so a crash between these lines loses nothing: the sweep goes on from it. */
async function ask(request: RunRequest, mesh: Mesh): Promise<void> {
  await keep(request, mesh);
  await mesh.runRequested.publish({ pipeline: request.pipeline, run: request.run });
}
