// The story of a tick: look at the folder, decide, and ask for a run if there is something new.
import { isDeepStrictEqual } from 'node:util';
import { TransientError } from '../../shared/errors.ts';
import type { Publisher, RunRequested } from '../../shared/events/messages.ts';
import type { Log } from '../../shared/logging.ts';
import { createOnce } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import {
  emptyHead,
  moveHead,
  readHead,
  runRequest,
  type Head,
  type RunRequest,
} from '../../shared/runs/head.ts';
import type { Cause } from '../../shared/runs/cause.ts';
import { requestObject } from '../../shared/runs/names.ts';
import type { WatchedSource } from '../../shared/sources/source.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import { decideLook, type Answer, type Decision } from './decide.ts';
import { withoutLoss } from './disappeared.ts';
import { behindAfter, type Behind } from './freshness.ts';
import { lastPublished } from './last-published.ts';
import { tellLook } from './tell-look.ts';

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
    const next = headAfter(head?.value, decision, behind, mesh);
    if (next !== undefined && !(await moveHead(mesh.runs, name, head, next))) continue;
    const answer =
      decision.kind === 'request'
        ? await inRun(decision.request, 'request', () => ask(decision, mesh))
        : answerOf(decision);
    tellLook(tick.pipeline, decision, behind, answer, mesh);
    return answer;
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

/** The head to write, or undefined when it already says so: an unchanged tick writes nothing. */
function headAfter(head: Head | undefined, decision: Decision, behind: Behind, mesh: Mesh): Head | undefined {
  const token = mesh.newId();
  const notes = decision.kind === 'paused' ? head?.notes : decision.notes;
  const hasNews = !isDeepStrictEqual(notes ?? [], head?.notes ?? []);
  const before = { ...(head ?? emptyHead(token)), behind, notes };
  switch (decision.kind) {
    case 'request':
      return { ...before, token, request: decision.request, revision: decision.request.revision, look: null };
    case 'paused':
      // The head says so already, and the last look before it stays to be seen.
      return undefined;
    case 'no-change':
      return before.look === null && !hasNews && behind === (head?.behind ?? null)
        ? undefined
        : { ...before, token, look: null };
    case 'no-run': {
      // Seconds tick in the reason of a settling folder; the same outcome is the same news.
      const { outcome, reason } = decision;
      const settling = outcome === 'waiting-settling' && before.look?.outcome === outcome;
      if (!hasNews && (settling || before.look?.reason === reason)) return undefined;
      return { ...before, token, look: { outcome, reason, at: new Date(mesh.now()).toISOString() } };
    }
  }
}

/** Before the head forgets a request, its own object must hold it: what was accepted ends with an outcome (law 8). */
const keep = (request: RunRequest, { runs }: Mesh): Promise<RunRequest> =>
  createOnce(runs, requestObject(request.pipeline, request.run), runRequest, request);

/** The head holds the whole request, so a crash between these lines loses nothing: the sweep goes on from it. */
async function ask(decision: Extract<Decision, { kind: 'request' }>, mesh: Mesh): Promise<Answer> {
  const { request, notes } = decision;
  const { pipeline, run } = request;
  await keep(request, mesh);
  await mesh.runRequested.publish({ pipeline, run });
  return { kind: 'requested', run, ...(notes === undefined ? {} : { notes }) };
}

function answerOf(decision: Exclude<Decision, { kind: 'request' }>): Answer {
  if (decision.kind === 'paused') return { kind: 'look', outcome: 'paused', reason: decision.reason };
  const notes = decision.notes === undefined ? {} : { notes: decision.notes };
  if (decision.kind === 'no-change') {
    return { kind: 'look', outcome: 'no-change', reason: 'the folder is as it was.', ...notes };
  }
  return { kind: 'look', outcome: decision.outcome, reason: decision.reason, ...notes };
}
