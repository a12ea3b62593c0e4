// The end of a run: its outcome is recorded, the lease is given back, and the run that waits is called.
import { TransientError } from '../errors.ts';
import type { Publisher, RunRequested } from '../events/messages.ts';
import type { ObjectStore } from '../objects/store.ts';
import { afterRelease, readLease, swapLease } from './lease.ts';
import { recordOutcome, type RunOutcome } from './outcome.ts';

export interface FinishPorts {
  readonly runs: ObjectStore;
  readonly runRequested: Publisher<RunRequested>;
  readonly newId: () => string;
}

const MOST_CONFLICTS = 5;

/** Idempotent: called again after a crash between its steps, it does what was left undone. */
export async function finishRun(ports: FinishPorts, outcome: RunOutcome): Promise<RunOutcome> {
  const stands = await recordOutcome(ports.runs, outcome);
  await releaseLease(ports, outcome.pipeline, outcome.run);
  return stands;
}

export async function releaseLease(ports: FinishPorts, pipeline: string, run: string): Promise<void> {
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const lease = await readLease(ports.runs, pipeline);
    const released = lease && afterRelease(lease.value, run);
    if (released === undefined) return;
    if (!(await swapLease(ports.runs, pipeline, lease, { token: ports.newId(), ...released.next }))) continue;
    if (released.queued !== null) await ports.runRequested.publish({ pipeline, run: released.queued });
    return;
  }
  throw new TransientError(
    `the lease of ${pipeline} moved ${MOST_CONFLICTS} times while ${run} gave it back`,
  );
}
