// Settles the slots of the newest decision: cancels what must not go on, ends runs, and finds what changes.
import { concurrently } from '../../../shared/concurrently.ts';
import { messageOf } from '../../../shared/errors.ts';
import { readJson } from '../../../shared/objects/json.ts';
import type { SlotChange } from '../../../shared/requests/decide.ts';
import type { DispatchState, Slot } from '../../../shared/requests/dispatch.ts';
import { requestRecord } from '../../../shared/requests/entry.ts';
import type { Measured } from '../../../shared/requests/estimate.ts';
import { requestObject } from '../../../shared/runs/names.ts';
import { endByItself, leaveQueue } from './end.ts';
import { judge, type Verdict } from './judge.ts';
import { observeSlots, type Observed } from './observe.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { DispatchPorts } from './ports.ts';

export interface Settled {
  readonly changes: readonly SlotChange[];
  /** Slots whose start is not carried out yet. */
  readonly unstarted: readonly Slot[];
}

const AT_ONCE = 8;

export async function settleSlots(
  pipeline: RequestsPipeline,
  state: DispatchState,
  ports: DispatchPorts,
): Promise<Settled> {
  const observed = await observeSlots(pipeline.name, state, ports);
  const settled = await concurrently(observed, AT_ONCE, (each) => settleSlot(pipeline, each, ports));
  return {
    changes: settled.flatMap(({ change }) => change ?? []),
    unstarted: settled.flatMap(({ verdict, slot }) => (verdict.kind === 'carry-out' ? [slot] : [])),
  };
}

async function settleSlot(pipeline: RequestsPipeline, observed: Observed, ports: DispatchPorts) {
  const { slot } = observed;
  const { timeout, attempts } = pipeline.job;
  const bounds = { nowMs: ports.now(), timeoutMs: timeout, attempts };
  const judged = judge(observed, bounds);
  await cancelAll(judged.cancel, slot, ports);
  const outcome =
    judged.verdict.kind === 'end'
      ? await endByItself(pipeline, slot, judged.verdict.end, ports)
      : observed.outcome;
  if (outcome !== undefined) await leaveQueue(outcome, ports);
  // It may be free at once: a run that never started has nothing to wait for.
  const { verdict } = judged.verdict.kind === 'end' ? judge({ ...observed, ended: true }, bounds) : judged;
  const isPublished = outcome?.outcome === 'published';
  return { slot, verdict, change: await changeOf(pipeline.name, observed, verdict, isPublished, ports) };
}

/** An execution that cannot be cancelled has ended meanwhile, or is cancelled by the next call. */
async function cancelAll(names: readonly string[], { run, attempt }: Slot, { jobs, log }: DispatchPorts) {
  for (const execution of names) {
    log.info({ run, attempt, execution }, `The execution ${execution} is cancelled.`);
    await jobs
      .cancel(execution)
      .catch((error: unknown) =>
        log.warn({ err: error, run, attempt, execution }, `Not cancelled: ${messageOf(error)}`),
      );
  }
}

async function changeOf(
  pipeline: string,
  observed: Observed,
  verdict: Verdict,
  isPublished: boolean,
  ports: DispatchPorts,
): Promise<SlotChange | undefined> {
  const { run } = observed.slot;
  if (verdict.kind === 'next-attempt') {
    ports.log.warn({ run, attempt: verdict.attempt }, `The next attempt follows: ${verdict.why}`);
    return { kind: 'next-attempt', run, attempt: verdict.attempt };
  }
  if (verdict.kind !== 'free') return undefined;
  return { kind: 'free', run, measured: isPublished ? await measure(pipeline, observed, ports) : undefined };
}

/** What the run took, for the history of estimates: the time of the execution that wrote the output. */
async function measure(
  pipeline: string,
  { slot: { run }, executions }: Observed,
  { runs }: DispatchPorts,
): Promise<Measured | undefined> {
  const execution = executions.find(({ state }) => state === 'succeeded');
  const { startedAtMs, completedAtMs } = execution ?? {};
  if (startedAtMs === undefined || completedAtMs === undefined) return undefined;
  const record = await readJson(runs, requestObject(pipeline, run), requestRecord);
  if (record === undefined) return undefined;
  return {
    units: record.value.units,
    seconds: Math.max(0, (completedAtMs - startedAtMs) / 1000),
    endedAt: new Date(completedAtMs).toISOString(),
  };
}
