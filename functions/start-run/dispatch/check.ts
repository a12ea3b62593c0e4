// Checks a request that waits: whether it may start, and ends it where a gate did.
import { PermanentError } from '../../../shared/errors.ts';
import { endAtGates } from '../../../shared/requests/ends.ts';
import { passStart, readApproval, readStart } from '../../../shared/requests/gates.ts';
import type { Entry } from '../../../shared/requests/queue.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { endRequested, leaveQueue, type Ending } from './end.ts';
import type { DispatchPorts } from './ports.ts';
import { prepareRequest } from './prepare.ts';

/** `unapproved`: it waits for its approval. `unreadable`: it never starts, until an operator repairs it. */
export type Checked = 'startable' | 'unapproved' | 'ended' | 'unreadable';

export type Checkable = Pick<Entry, 'run' | 'approval' | 'expiresAtMs'>;

/** Copies a new request and checks it. One that cannot be read is logged, and keeps no other from starting. */
export async function checkEntry(pipeline: Ending, entry: Checkable, ports: DispatchPorts): Promise<Checked> {
  const { run } = entry;
  try {
    if (!ports.recall.prepared.has(run)) await prepareRequest(pipeline.name, run, ports);
    return await checkGates(pipeline, entry, ports);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    ports.log.error({ err: error, run }, `The request cannot be read and does not start: ${error.message}`);
    return 'unreadable';
  }
}

async function checkGates(ending: Ending, entry: Checkable, ports: DispatchPorts): Promise<Checked> {
  const { run } = entry;
  const pipeline = ending.name;
  const [outcome, start, approval] = await Promise.all([
    readOutcome(ports.runs, pipeline, run),
    startGate(pipeline, entry, ports),
    entry.approval === 'none' ? undefined : readApproval(ports.runs, pipeline, run),
  ]);
  if (outcome !== undefined) {
    await leaveQueue(outcome, ports);
    return 'ended';
  }
  const end = endAtGates({ start, approval });
  if (end !== undefined) {
    await endRequested(ending, { run, attempt: 0 }, end, ports);
    return 'ended';
  }
  return entry.approval === 'before-start' && approval === undefined ? 'unapproved' : 'startable';
}

/** The gate of a request whose time is over is tried; the one that stands decides. */
function startGate(pipeline: string, { run, expiresAtMs }: Checkable, { runs, now }: DispatchPorts) {
  const nowMs = now();
  if (expiresAtMs > nowMs) return readStart(runs, pipeline, run);
  return passStart(runs, pipeline, run, { kind: 'expire', at: new Date(nowMs).toISOString() });
}
