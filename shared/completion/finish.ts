// The end of a run: its outcome is recorded, the lease is given back, and the run that waits is called.
import { isDeepStrictEqual } from 'node:util';
import { TransientError } from '../errors.ts';
import type { Publisher, RunRequested } from '../events/messages.ts';
import type { ObjectStore } from '../objects/store.ts';
import { requestReader, type AskForRequest } from '../runs/request.ts';
import { traceRun } from '../tracing/run-span.ts';
import { logEnd, type EndedPorts } from './ended.ts';
import { freeLease, readLease } from '../runs/lease.ts';
import type { RunId } from '../runs/names.ts';
import { recordOutcome, type RunOutcome } from '../runs/outcome.ts';

export interface ReleasePorts {
  readonly runs: ObjectStore;
  readonly runRequested: Publisher<RunRequested>;
}

export type FinishPorts = ReleasePorts & EndedPorts;

/** What the caller knows of the run already. */
export interface Known {
  /** When the last attempt's job had done its work. */
  readonly jobEndedAt?: string | undefined;
  readonly request?: AskForRequest;
}

const MOST_CONFLICTS = 5;

/** Idempotent: called again after a crash between its steps, it does what was left undone. */
export async function finishRun(
  ports: FinishPorts,
  outcome: RunOutcome,
  { jobEndedAt, request = requestReader(ports.runs, outcome.pipeline, outcome.run) }: Known = {},
): Promise<RunOutcome> {
  const stands = await recordOutcome(ports.runs, outcome);
  await traceRun(stands, request);
  if (isDeepStrictEqual(stands, outcome)) await logEnd(ports, outcome, { jobEndedAt, request });
  await releaseLease(ports, outcome.pipeline, outcome.run);
  return stands;
}

export async function releaseLease(ports: ReleasePorts, pipeline: string, run: string): Promise<void> {
  let queued: RunId | null = null;
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const lease = await readLease(ports.runs, pipeline);
    const held = lease?.value.holder.run === run;
    if (held) queued = lease.value.queued;
    if (held && !(await freeLease(ports.runs, pipeline, lease))) continue;
    // A conflict may have been with oneself (law 3): the run that waited is called all the same.
    if (queued !== null) await ports.runRequested.publish({ pipeline, run: queued });
    return;
  }
  throw new TransientError(
    `the lease of ${pipeline} moved ${MOST_CONFLICTS} times while ${run} gave it back`,
  );
}
