// Checks a request that waits: whether it may start, and ends it where a gate did.
import { endAtGates } from '../../../shared/requests/ends.ts';
import { passStart, readApproval, readStart } from '../../../shared/requests/gates.ts';
import type { Entry } from '../../../shared/requests/queue.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { endRequested, leaveQueue } from './end.ts';
import type { DispatchPorts } from './ports.ts';

/** `unapproved`: it waits for its approval. */
export type Checked = 'startable' | 'unapproved' | 'ended';

export type Checkable = Pick<Entry, 'run' | 'approval' | 'expiresAtMs'>;

export async function checkEntry(pipeline: string, entry: Checkable, ports: DispatchPorts): Promise<Checked> {
  const { run } = entry;
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
    await endRequested(pipeline, { run, attempt: 0 }, end, ports);
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
