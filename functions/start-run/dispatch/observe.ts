// Observes the slots of the newest decision: the outcome, gates and executions of each run that executes.
import { concurrently } from '../../../shared/concurrently.ts';
import { executionStarted, MOST_SUBMISSIONS, executionIntent } from '../../../shared/executions/records.ts';
import type { KeyedExecution, Recent } from '../../../shared/executions/runner.ts';
import { readJson } from '../../../shared/objects/json.ts';
import type { DispatchState, Slot } from '../../../shared/requests/dispatch.ts';
import { readStart } from '../../../shared/requests/gates.ts';
import { decision } from '../../../shared/runs/decision.ts';
import {
  decisionObject,
  againPrefix,
  executionObject,
  manifestObject,
  startedObject,
} from '../../../shared/runs/names.ts';
import { readOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import type { SlotObservation } from './judge.ts';
import type { DispatchPorts } from './ports.ts';

const AT_ONCE = 16;
// Between this process's clock and Cloud Run's.
const SKEW_MS = 5 * 60 * 1000;

export interface Observed extends SlotObservation {
  readonly outcome: RunOutcome | undefined;
}

/** One listing of executions serves all slots. */
export async function observeSlots(
  pipeline: string,
  state: DispatchState,
  ports: DispatchPorts,
): Promise<readonly Observed[]> {
  if (state.slots.length === 0) return [];
  const oldest = Math.min(...state.slots.map(({ since }) => Date.parse(since)));
  const recent = await ports.jobs.recent(oldest - SKEW_MS);
  return concurrently(state.slots, AT_ONCE, (slot) => observeSlot(pipeline, slot, recent, ports));
}

async function observeSlot(
  pipeline: string,
  slot: Slot,
  recent: Recent,
  ports: DispatchPorts,
): Promise<Observed> {
  const { run, attempt } = slot;
  const { runs } = ports;
  const [started, intents, start, decided] = await Promise.all([
    readJson(runs, startedObject(pipeline, run, attempt), executionStarted),
    intentsOf(pipeline, slot, ports),
    readStart(runs, pipeline, run),
    readJson(runs, decisionObject(pipeline, run), decision),
  ]);
  const executions = await executionsOf(pipeline, slot, started?.value.execution, recent, ports);
  const isRunning = executions.some(({ state }) => state === 'running');
  // In this order: what has ended wrote its manifest before, and what has a manifest may have been published since.
  const manifest =
    started !== undefined &&
    !isRunning &&
    (await ports.results.info(manifestObject(pipeline, run, attempt))) !== undefined;
  const outcome = await readOutcome(runs, pipeline, run);
  // A run in a slot has passed its approval.
  return {
    ...{ slot, outcome, ended: outcome !== undefined, started: started !== undefined, intents },
    answered: started?.value.submission,
    ...{ executions, manifest, gates: { approval: undefined, start, decision: decided?.value } },
  };
}

/** Most attempts have one intent. Where there are more, a listing counts them, and the newest is read. */
async function intentsOf(pipeline: string, { run, attempt }: Slot, { runs }: DispatchPorts) {
  const read = async (submission: number) => {
    const name = executionObject(pipeline, run, attempt, submission);
    const intent = await readJson(runs, name, executionIntent);
    return intent && { count: submission, newestAtMs: Date.parse(intent.value.at) };
  };
  const [first, second] = await Promise.all([read(1), read(2)]);
  const newest = second ?? first;
  if (newest === undefined) return { count: 0, newestAtMs: undefined };
  if (newest === first) return first;
  const listed = await runs.list(againPrefix(pipeline, run, attempt), MOST_SUBMISSIONS);
  return (await read(1 + listed.length)) ?? newest;
}

/** The recorded execution first. A slot that is older than the listing has the recorded one alone. */
async function executionsOf(
  pipeline: string,
  slot: Slot,
  started: string | undefined,
  recent: Recent,
  { jobs }: DispatchPorts,
): Promise<readonly KeyedExecution[]> {
  const key = { pipeline, run: slot.run, attempt: slot.attempt };
  const own = recent.executions.filter(
    ({ key: found }) =>
      found?.pipeline === pipeline && found.run === slot.run && found.attempt === slot.attempt,
  );
  if (started === undefined) return own;
  const listed = own.find(({ name }) => name === started);
  if (listed !== undefined) return [listed, ...own.filter((each) => each !== listed)];
  const read = await jobs.get(started);
  return read === undefined ? own : [{ ...read, key }, ...own];
}
