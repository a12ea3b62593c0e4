// Carries out a decision: passes the start gate of each run that it starts, writes its input and submits its attempt.
import { concurrently } from '../../../shared/concurrently.ts';
import { codeOf, messageOf, PermanentError, TransientError } from '../../../shared/errors.ts';
import { readJson } from '../../../shared/objects/json.ts';
import type { DispatchState, Slot } from '../../../shared/requests/dispatch.ts';
import { endAtGates } from '../../../shared/requests/ends.ts';
import type { RequestRecord } from '../../../shared/requests/entry.ts';
import { passStart } from '../../../shared/requests/gates.ts';
import { decision } from '../../../shared/runs/decision.ts';
import { decisionObject } from '../../../shared/runs/names.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { AttemptUnwanted, submitAttempt } from '../submit.ts';
import { endByItself, endRequested } from './end.ts';
import { writeInput } from './input.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { DispatchPorts } from './ports.ts';
import { prepareRequest } from './prepare.ts';

/** `ended`: a gate was lost, so the slot can be freed. */
type Carried = 'started' | 'ended';

const AT_ONCE = 8;
const MOST_PROBLEMS = 5;

/**
 * Returns whether a slot can be freed already. A run that cannot be started does not hold up the others: all are tried,
 * and what failed is thrown afterwards, for the next delivery.
 */
export async function carryOut(
  pipeline: RequestsPipeline,
  { n }: Pick<DispatchState, 'n'>,
  slots: readonly Slot[],
  ports: DispatchPorts,
): Promise<boolean> {
  const problems: string[] = [];
  const carried = await concurrently(slots, AT_ONCE, async (slot) => {
    try {
      return await carryOutSlot(pipeline, n, slot, ports);
    } catch (error) {
      const { run, attempt } = slot;
      // Another delivery submits it; if that one died, its own message comes again.
      const isPending = codeOf(error) === 'EXECUTION_PENDING';
      ports.log[isPending ? 'info' : 'error'](
        { err: error, run, attempt },
        `Not started: ${messageOf(error)}`,
      );
      if (!isPending) problems.push(`${run}: ${messageOf(error)}`);
      return undefined;
    }
  });
  if (problems.length > 0)
    throw new TransientError(
      `${problems.length} of ${slots.length} runs were not started: ${problems.slice(0, MOST_PROBLEMS).join('; ')}`,
    );
  return carried.includes('ended');
}

async function carryOutSlot(
  pipeline: RequestsPipeline,
  n: number,
  slot: Slot,
  ports: DispatchPorts,
): Promise<Carried> {
  const { name } = pipeline;
  const { run } = slot;
  const record = await prepareRequest(name, run, ports);
  if (record === undefined) {
    if ((await readOutcome(ports.runs, name, run)) !== undefined) return 'ended';
    throw new TransientError(`there is neither an entry nor a request of ${name} ${run}`, {
      code: 'RUN_NOT_FOUND',
    });
  }
  const at = new Date(ports.now()).toISOString();
  const start = await passStart(ports.runs, name, run, { kind: 'start', dispatch: n, at });
  const atGate = endAtGates({ start, approval: undefined });
  if (atGate !== undefined) {
    await endRequested(pipeline, { run, attempt: 0 }, atGate, ports);
    return 'ended';
  }
  const end = await inputOrEnd(pipeline, record, ports);
  if (end !== undefined) {
    await endByItself(pipeline, slot, end, ports);
    return 'ended';
  }
  return submit(name, slot, ports);
}

async function inputOrEnd(pipeline: RequestsPipeline, record: RequestRecord, ports: DispatchPorts) {
  try {
    await writeInput(pipeline, record, ports);
    return undefined;
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { outcome: 'failed', code: error.code, reason: error.message } as const;
  }
}

async function submit(pipeline: string, { run, attempt }: Slot, ports: DispatchPorts): Promise<Carried> {
  const isWanted = async () => {
    const [outcome, decided] = await Promise.all([
      readOutcome(ports.runs, pipeline, run),
      readJson(ports.runs, decisionObject(pipeline, run), decision),
    ]);
    const isDecided = decided?.value.kind === 'cancel' || decided?.value.kind === 'end';
    return outcome === undefined && !isDecided;
  };
  try {
    const { execution } = await submitAttempt({ pipeline, run, attempt }, ports, { isWanted });
    ports.log.info(
      { event: 'request-started', run, attempt, execution },
      `Attempt ${attempt} of run ${run} started.`,
    );
    return 'started';
  } catch (error) {
    if (!(error instanceof AttemptUnwanted)) throw error;
    return 'ended';
  }
}
