// The story of a sweep of a pipeline that takes requests: publish what was not published, and request a dispatch.
import { concurrently } from '../../shared/concurrently.ts';
import { messageOf } from '../../shared/errors.ts';
import type { LoadRequested, Publisher, RunRequested } from '../../shared/events/messages.ts';
import type { Log } from '../../shared/logging.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { RequestsPipeline } from '../../shared/pipelines/pipeline.ts';
import { newestDecision } from '../../shared/requests/decisions.ts';
import type { Slot } from '../../shared/requests/dispatch.ts';
import { queuePrefix } from '../../shared/requests/names.ts';
import { manifestObject, outcomeObject } from '../../shared/runs/names.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import type { Action } from './diagnose.ts';
import type { Sweep } from './sweep-runs.ts';

export interface RequestPorts {
  readonly runs: ObjectStore;
  readonly results: ObjectStore;
  readonly requests: ObjectStore;
  readonly runRequested: Publisher<RunRequested>;
  readonly loadRequested: Publisher<LoadRequested>;
  readonly overdueMs: number;
  readonly now: () => number;
  readonly log: Log;
}

const AT_ONCE = 16;

/**
 * The dispatch does the rest: it judges the slots, starts what waits, ends what its gates ended. An idle pipeline costs
 * three calls: a listing of decisions, the newest one, and a listing of the queue.
 */
export async function sweepRequests(pipeline: RequestsPipeline, ports: RequestPorts): Promise<Sweep> {
  const { name } = pipeline;
  const slots = (await newestDecision(ports.requests, name))?.slots ?? [];
  const overdue = await concurrently(slots, AT_ONCE, (slot) => overdueOutput(name, slot, ports));
  const actions: Action[] = overdue.filter((action) => action !== undefined);
  const [first] = await ports.requests.first(queuePrefix(name), 1);
  const run = first?.name.split('/').at(-1) ?? slots[0]?.run;
  // After the outputs: the dispatch frees the slots of the runs that ended by them.
  if (run !== undefined) actions.push({ kind: 'request', run, why: REQUESTED });
  const problems: string[] = [];
  for (const action of actions) {
    try {
      await inRun({ pipeline: name, run: action.run }, action.kind, () => recover(name, action, ports));
    } catch (error) {
      ports.log.error({ pipeline: name, ...action, err: error }, messageOf(error));
      problems.push(`${action.kind}: ${messageOf(error)}`);
    }
  }
  return { pipeline: name, actions: actions.filter(({ kind }) => kind === 'load'), problems };
}

const REQUESTED = 'requests wait or run';

/** An output that is complete and older than a message takes, of a run without an outcome. */
async function overdueOutput(
  pipeline: string,
  { run, attempt }: Slot,
  { runs, results, overdueMs, now }: RequestPorts,
): Promise<Action | undefined> {
  const manifest = await results.info(manifestObject(pipeline, run, attempt));
  if (manifest === undefined || now() - manifest.createdAtMs < overdueMs) return undefined;
  if ((await runs.info(outcomeObject(pipeline, run))) !== undefined) return undefined;
  return { kind: 'load', run, attempt, why: 'its output is complete and has not been published' };
}

async function recover(pipeline: string, action: Action, ports: RequestPorts): Promise<void> {
  if (action.kind === 'load') {
    const { run, attempt, why } = action;
    ports.log.warn({ pipeline, run, attempt }, `Overdue run ${run}: load, because ${why}.`);
    await ports.loadRequested.publish({ pipeline, run, attempt });
  } else await ports.runRequested.publish({ pipeline, run: action.run });
}
