// The story of a poll: list the source, decide, and request a run if something changed.
import { TransientError } from '../../shared/errors.ts';
import type { Publisher, RunRequested } from '../../shared/events/messages.ts';
import type { Log } from '../../shared/logging.ts';
import { createOnce } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { WatchPipeline } from '../../shared/pipelines/pipeline.ts';
import {
  moveState,
  readState,
  runRequest,
  type PipelineState,
  type RunRequest,
} from '../../shared/runs/state.ts';
import { metadataOfRequest, type Cause } from '../../shared/runs/cause.ts';
import { requestObject } from '../../shared/runs/names.ts';
import type { WatchedSource } from '../../shared/sources/source.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import { decidePoll, type Answer, type Decision } from './decide.ts';
import { withoutLoss } from './disappeared.ts';
import { conclude } from './conclude.ts';
import { stalenessAfter } from './freshness.ts';
import { lastPublished } from './last-published.ts';

export interface Tick {
  readonly pipeline: WatchPipeline;
  /** A Drive folder's id, or a bucket and the prefix in it. */
  readonly place: string;
  readonly settleMs: number;
  readonly nonce: string | null;
  readonly cause: Cause;
}

export interface Ports {
  readonly runs: ObjectStore;
  readonly source: Pick<WatchedSource, 'list'>;
  readonly runRequested: Publisher<RunRequested>;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Log;
}

// Two polls can run at once; each conflict means that the other one wrote the state.
const MOST_CONFLICTS = 5;

export async function detectChanges(tick: Tick, ports: Ports): Promise<Answer> {
  const name = tick.pipeline.name;
  const files = await ports.source.list(tick.place);
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const state = await readState(ports.runs, name);
    const decided = decidePoll({
      pipeline: name,
      roles: tick.pipeline.trigger.source.files,
      files,
      state: state?.value,
      settleMs: tick.settleMs,
      rerunEveryMs: tick.pipeline.trigger.rerunEvery,
      nowMs: ports.now(),
      nonce: tick.nonce,
      cause: tick.cause,
    });
    const decision = await guarded(decided, tick.pipeline, state?.value, ports);
    if (decision.kind === 'request' && state?.value.request) await keep(state.value.request, ports);
    const stale = await stalenessAfter(tick.pipeline, state?.value, decision, ports);
    const poll = { pipeline: tick.pipeline, state: state?.value, decision, stale };
    const next = conclude({ ...poll, nowMs: ports.now(), token: ports.newId() });
    if (next.state !== undefined && !(await moveState(ports.runs, name, state, next.state))) continue;
    if (decision.kind === 'request') {
      const { request } = decision;
      await inRun(request, 'request', () => requestRun(request, ports));
    }
    const { level, fields, text } = next.line;
    ports.log[level](fields, text);
    return next.answer;
  }
  throw new TransientError(
    `the state of ${name} changed ${MOST_CONFLICTS} times during this poll; the next poll tries again`,
    { code: 'CONFLICT' },
  );
}

/** Reads the last publication only before a run is requested: every other poll makes two calls. */
async function guarded(
  decision: Decision,
  { name, trigger }: WatchPipeline,
  state: PipelineState | undefined,
  { runs }: Ports,
): Promise<Decision> {
  if (decision.kind !== 'request') return decision;
  const published = await lastPublished(runs, name, state?.request ?? undefined);
  return withoutLoss(decision, published, trigger.source.files);
}

/** Before the state drops a request, the request's own object must hold it: every accepted request ends with an outcome (law 8). */
const keep = (request: RunRequest, { runs }: Ports): Promise<RunRequest> =>
  createOnce(
    runs,
    requestObject(request.pipeline, request.run),
    runRequest,
    request,
    metadataOfRequest(request),
  );

/** The state holds the whole request, so a crash between these lines loses nothing: the sweep continues from it. */
async function requestRun(request: RunRequest, ports: Ports): Promise<void> {
  await keep(request, ports);
  await ports.runRequested.publish({ pipeline: request.pipeline, run: request.run });
}
